using System.Globalization;
using System.Diagnostics;
using Hrms.Domain.Ports;
using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>
/// Everything at once, from a seed: a node that misbehaves, steps that fail, writers that are replaced, nonces that are taken, blocks that are halted or
/// forgotten. First safety under the faults, then quiet within a bound. <c>HRMS_FAULT_MINUTES</c> makes it longer than its 20 s.
/// </summary>
public sealed class RandomFaultTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private static readonly TimeSpan Run =
        double.TryParse(Environment.GetEnvironmentVariable("HRMS_FAULT_MINUTES"), CultureInfo.InvariantCulture, out var minutes)
            ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(20);

    // What the node says when ours waits at the nonce, or was mined while we looked: one that the proxy held back may arrive at any time.
    private static readonly string[] HeldAlready = ["underpriced", "imported", "nonce too low"];
    private int _failed;

    [Fact]
    [Trait("Feature", "89")]
    public async Task AMixOfFaults_EndsWithEveryChangeOnTheChainOnce()
    {
        var random = Seed.Random(output);
        await using var it = await LaneBench.StartAsync(postgres, node, options => options.CallTimeout = TimeSpan.FromSeconds(1));
        await it.ChangeAsync();
        await it.QuietAsync();
        var (began, rounds, acts) = (Stopwatch.GetTimestamp(), 0, new SortedDictionary<string, int>());
        var chance = new Random(random.Next());
        Fault.Handle(point =>
        {
            lock (chance)
                if (chance.Next(150) == 0)
                {
                    _failed++;
                    throw new IOException($"planned at {point}");
                }
            return default;
        });
        try
        {
            while (Stopwatch.GetElapsedTime(began) < Run)
            {
                it.Node.Mix(new Random(random.Next()), random.Next(3) == 0 ? 0 : random.NextDouble() * 0.3, Misbehaviour.Passing);
                var act = await ActAsync(it, random);
                acts[act] = acts.GetValueOrDefault(act) + 1;
                for (var steps = random.Next(1, 12); steps > 0 && it.Pump.State != LaneState.Stopped; steps--)
                    await it.Pump.StepAsync(LaneBench.Cancellation);
                if (++rounds % 40 == 0)
                    await CalmAsync(it);
            }
        }
        finally
        {
            Fault.Handle(null);
        }
        await CalmAsync(it);
        var quiet = Stopwatch.GetTimestamp();
        var audit = await it.HoldsAsync();
        output.WriteLine(
            $"{Run.TotalSeconds:0} s, {rounds} rounds ({string.Join(", ", acts.Select(act => $"{act.Value} {act.Key}"))}), {it.Node.Misbehaved} answers of the node and {_failed} steps spoiled; "
            + $"{audit.Rows} events in {audit.Batches} batches, {await it.ScalarAsync<long>("select count(*) from ledger_attempt")} signed again; "
            + $"quiet {Stopwatch.GetElapsedTime(quiet).TotalSeconds:0.0} s after the last fault");
    }

    private static async Task<string> ActAsync(LaneBench it, Random random)
    {
        switch (random.Next(20))
        {
            case 0 or 1:
                it.NewPump();
                return "new writers";
            case 2:
                try
                {
                    await it.UseNonceAsync(await it.MinedAsync());
                    return "nonces taken";
                }
                catch (InvalidOperationException later) when (HeldAlready.Any(words => later.Message.Contains(words, StringComparison.Ordinal)))
                {
                    return "nonces that ours held already";
                }
            case 3:
                await it.RpcAsync("evm_setAutomine", false);
                return "halts";
            case 4 or 5:
                await it.RpcAsync("evm_setAutomine", true);
                await it.RpcAsync("anvil_mine", "0x1");
                return "resumptions";
            case 6 when it.Pump.Last is { Receipt: null } open:
                await it.RpcAsync("anvil_dropTransaction", Hrms.Domain.Proofs.Hex.Of(open.TransactionHash));
                return "drops";
            default:
                await it.ChangeAsync(random.Next(1, 6), revoke: random.Next(4) == 0);
                return "changes";
        }
    }

    /// <summary>The faults end for a moment, so that a run does not only look at a lane that waits.</summary>
    private static async Task CalmAsync(LaneBench it)
    {
        it.Node.Behave();
        await it.RpcAsync("evm_setAutomine", true);
        await it.RpcAsync("anvil_mine", "0x1");
        await it.QuietAsync();
    }
}

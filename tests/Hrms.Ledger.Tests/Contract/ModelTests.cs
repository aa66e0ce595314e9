using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>
/// Random calls by random accounts, 100 to a block, each held against a model in the order in which the block has them: taken or refused, and with how many
/// events. After each block all that ever was is still so: a sequence only grows, a root never changes, a nullifier never comes back, only who has the
/// role writes, a repeat changes nothing.
/// </summary>
[Trait("Feature", "90")]
public sealed class ModelTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private const int CallsInABlock = 100;
    private static readonly Address Zero = new(new byte[Address.SizeBytes]);
    private readonly Dictionary<(int Lane, int Number), byte[]> _seenRoots = [];

    /// <summary>How many batches of a lane the block under way may have already.</summary>
    private readonly int[] _ahead = new int[LedgerModel.Lanes];

    /// <summary>One random call: who sends what to which contract, and what the model says to it at the block's time.</summary>
    private sealed record Step(AnyCall Call, Func<long, int?> Model, string What);

    [Fact]
    public async Task TheLedger_DoesWhatTheModelDoes_InSevenThousandCalls()
    {
        using var chain = await StartAsync();
        var seed = Seed();
        var chance = new SeededEntropy(seed);
        var governor = AnyAccountChain.Account("governor");
        var made = (await chain.SendAsync(governor, null, [.. CompiledContract.HealthLedger.Bytecode, .. AbiCall.AddressWord(governor)])).Created!.Value;
        var model = new LedgerModel(governor);
        var accounts = Accounts("key", 300);
        await RunAsync(chain, made, model, chance, 70, () => chance.Below(100) switch
        {
            < 93 => Commit(made, model, chance, SomeWriter(model, chance, accounts, governor)),
            < 96 => SetWriter(made, model, chance, accounts, chance.Below(4) == 0 ? accounts[chance.Below(300)] : governor),
            _ => SetPaused(made, model, chance, chance.Below(3) == 0 ? accounts[chance.Below(300)] : governor),
        });
    }

    [Fact, Trait("Feature", "88")]
    public async Task TheConsortium_DoesWhatTheModelDoes_InFiveThousandCalls()
    {
        using var chain = await StartAsync();
        var seed = Seed();
        var chance = new SeededEntropy(seed);
        var founders = Accounts("founder", 3);
        var bench = await ConsortiumBench.StartAsync(chain, founders);
        var model = new ConsortiumModel(bench.Consortium, founders);
        Address[] accounts = [.. founders, .. Accounts("account", 400)];
        await RunAsync(chain, bench.Ledger, model.Ledger, chance, 50, () => chance.Below(100) switch
        {
            < 50 => Commit(bench.Ledger, model.Ledger, chance, SomeWriter(model.Ledger, chance, accounts, bench.Consortium)),
            < 55 => Rotate(bench, model, chance, accounts),
            _ => Vote(bench, model, chance, accounts),
        });
        var members = (await chain.CallAsync(Zero, bench.Consortium, new AbiCall("members()").Encode())).Answer[64..];
        Assert.Equal(model.Members.Select(member => member.ToString()).Order(), members.Chunk(32).Select(word => Hex.Of(word[12..])).Order());
        foreach (var account in accounts)
            Assert.False(model.WasMember(account) && model.Ledger.WasWriter(account), "An account both administered and wrote.");
        output.WriteLine($"{model.Proposals} proposals, {model.Members.Count} members at the end");
    }

    private async Task RunAsync(AnyAccountChain chain, Address ledger, LedgerModel model, SeededEntropy chance, int blocks, Func<Step> next)
    {
        var (taken, refused, quiet) = (0, 0, 0);
        await chain.AskAsync("evm_setAutomine", false);
        await chain.AskAsync("evm_setBlockGasLimit", "0x3b9aca00");      // room for 100 votes
        for (var block = 0; block < blocks; block++)
        {
            await chain.AskAsync("evm_increaseTime", chance.Below(4) == 0 ? 24 * 3600 : 60);
            Array.Clear(_ahead);
            Dictionary<AnyCall, Step> steps = new(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < CallsInABlock; i++)
            {
                var step = next();
                steps.Add(step.Call, step);
            }
            foreach (var (call, result) in await chain.MineAsync([.. steps.Keys]))
            {
                var events = steps[call].Model(result.Time);
                Assert.True(
                    result.Succeeded == events is not null && result.Events == (events ?? 0),
                    $"block {block}: {steps[call].What} by {call.From} was {(result.Succeeded ? "taken" : "refused")} with {result.Events} events; the model says {events?.ToString() ?? "refused"}");
                (taken, refused, quiet) = (taken + (events > 0 ? 1 : 0), refused + (events is null ? 1 : 0), quiet + (events == 0 ? 1 : 0));
            }
            await AgreeAsync(chain, ledger, model);
        }
        await chain.AskAsync("evm_setAutomine", true);
        output.WriteLine($"{blocks * CallsInABlock} calls: {taken} taken, {quiet} repeats, {refused} refused; {_seenRoots.Count} batches, {model.Nullifiers.Count} nullifiers");
        Assert.All(new[] { taken, refused, quiet }, count => Assert.InRange(count, 1, blocks * CallsInABlock));
    }

    /// <summary>Asks the contract for all that it ever said, and for what the model has.</summary>
    private async Task AgreeAsync(AnyAccountChain chain, Address ledger, LedgerModel model)
    {
        List<(byte[] Question, byte[] Expected)> asked = [];
        for (var lane = 0; lane < LedgerModel.Lanes; lane++)
        {
            var roots = model.All[lane].Roots;
            asked.Add((HealthLedgerCalls.Last(lane), AbiCall.Word((ulong)roots.Count)));
            asked.Add((HealthLedgerCalls.IsPaused(lane), AbiCall.Word(model.All[lane].Paused ? 1UL : 0)));
            asked.Add((HealthLedgerCalls.RootOf(lane, roots.Count + 1), new byte[32]));
            for (var number = 1; number <= roots.Count; number++)
                _seenRoots.TryAdd((lane, number), roots[number - 1]);
        }
        asked.AddRange(_seenRoots.Select(seen => (HealthLedgerCalls.RootOf(seen.Key.Lane, seen.Key.Number), seen.Value)));
        asked.AddRange(Enumerable.Range(0, 400).Select(Nullifier).Select(nullifier =>
            (HealthLedgerCalls.IsRevoked(nullifier), AbiCall.Word(model.Nullifiers.Contains(Hex.Of(nullifier)) ? 1UL : 0))));
        foreach (var some in asked.Chunk(500))
        {
            var answers = await chain.CallAsync([.. some.Select(one => new AnyCall(Zero, ledger, one.Question))]);
            foreach (var ((_, expected), (answer, _)) in some.Zip(answers))
                Assert.Equal(expected, answer);
        }
    }

    private Step Commit(Address ledger, LedgerModel model, SeededEntropy chance, Address by)
    {
        var lane = Enumerable.Range(0, LedgerModel.Lanes).FirstOrDefault(lane => model.All[lane].Writer == by, chance.Below(LedgerModel.Lanes));
        var number = model.All[lane].Roots.Count + (model.All[lane] is { Paused: false } free && free.Writer == by && chance.Below(10) < 8 ? ++_ahead[lane] : chance.Below(_ahead[lane] + 3) - 1);
        var root = Root(chance.Below(12) == 0 ? chance.Below(9) : 1_000 * (lane + 1) + number);
        byte[][] nullifiers = [.. Enumerable.Range(0, chance.Below(3)).Select(_ => Nullifier(chance.Below(400)))];
        return new Step(
            new AnyCall(by, ledger, HealthLedgerCalls.Commit(lane, Math.Max(0, number), root, nullifiers.SelectMany(one => one).ToArray())),
            time => model.Commit(by, lane, number, root, nullifiers, time), $"commit {number} to lane {lane}");
    }

    private static Step SetWriter(Address ledger, LedgerModel model, SeededEntropy chance, Address[] accounts, Address by)
    {
        var (lane, overlap) = (chance.Below(LedgerModel.Lanes), (uint)chance.Below(3) * 3600);
        Address? writer = chance.Below(25) == 0 ? null : accounts[chance.Below(accounts.Length)];
        var call = new AbiCall("setWriter(uint32,address,uint32)").Number((uint)lane).Address(writer ?? Zero).Number(overlap).Encode();
        return new Step(new AnyCall(by, ledger, call), time => model.SetWriter(by, lane, writer, overlap, time), $"set writer {writer} of lane {lane}");
    }

    private static Step SetPaused(Address ledger, LedgerModel model, SeededEntropy chance, Address by)
    {
        var (lane, paused) = (chance.Below(LedgerModel.Lanes), chance.Below(5) == 0);
        var call = new AbiCall("setPaused(uint32,bool)").Number((uint)lane).Number(paused ? 1UL : 0).Encode();
        return new Step(new AnyCall(by, ledger, call), _ => model.SetPaused(by, lane, paused), $"set paused {paused} of lane {lane}");
    }

    private static Step Rotate(ConsortiumBench bench, ConsortiumModel model, SeededEntropy chance, Address[] accounts)
    {
        var (lane, overlap, writer) = (chance.Below(LedgerModel.Lanes), (ulong)chance.Below(3) * 3600, accounts[chance.Below(accounts.Length)]);
        var by = chance.Below(4) > 0 && model.OwnerOf(lane) is { } owner ? owner : accounts[chance.Below(accounts.Length)];
        return new Step(
            new AnyCall(by, bench.Consortium, ConsortiumBench.Rotate(lane, writer, overlap)),
            time => model.Rotate(by, lane, writer, (long)overlap, time), $"rotate lane {lane} to {writer}");
    }

    private static Step Vote(ConsortiumBench bench, ConsortiumModel model, SeededEntropy chance, Address[] accounts)
    {
        var by = chance.Below(10) == 0 ? accounts[chance.Below(accounts.Length)] : model.Members.ElementAt(chance.Below(model.Members.Count));
        var number = Math.Max(0, model.Proposals - chance.Below(12) + 2);
        switch (chance.Below(10))
        {
            case 0:
                return Step(ConsortiumBench.Withdraw((ulong)number), time => model.Withdraw(by, number, time), $"withdraw {number}");
            case 1:
                return Step(ConsortiumBench.Execute((ulong)number), time => model.Execute(by, number, time), $"execute {number}");
            case < 6:
                return Step(ConsortiumBench.Approve((ulong)number), time => model.Approve(by, number, time), $"approve {number}");
            default:
                var (action, done, what) = Action(model, chance, accounts);
                return Step(ConsortiumCalls.Propose(action), time => model.Propose(by, done, time), $"propose to {what}");
        }

        Step Step(byte[] data, Func<long, int?> done, string what) => new(new AnyCall(by, bench.Consortium, data), done, what);
    }

    private static (byte[] Action, ModelAction Done, string What) Action(ConsortiumModel model, SeededEntropy chance, Address[] accounts)
    {
        var (lane, account) = (chance.Below(LedgerModel.Lanes), accounts[chance.Below(accounts.Length)]);
        var member = model.Members.ElementAt(chance.Below(model.Members.Count));
        return chance.Below(10) switch
        {
            < 2 => (ConsortiumBench.Admit(account), model.Admit(account), $"admit {account}"),
            2 => (ConsortiumBench.Remove(member), model.Remove(member), $"remove {member}"),
            < 7 => (ConsortiumCalls.AssignLane(lane, member, account), model.Assign(lane, member, account), $"assign lane {lane} to {member} with {account}"),
            7 => (ConsortiumBench.Pause(lane), model.SetPaused(lane, true), $"pause lane {lane}"),
            _ => (ConsortiumBench.Resume(lane), model.SetPaused(lane, false), $"resume lane {lane}"),
        };
    }

    /// <summary>Mostly a lane's writer or the one before, sometimes anyone, sometimes who governs.</summary>
    private static Address SomeWriter(LedgerModel model, SeededEntropy chance, Address[] accounts, Address governor)
    {
        var lane = model.All[chance.Below(LedgerModel.Lanes)];
        return chance.Below(10) switch
        {
            0 => accounts[chance.Below(accounts.Length)],
            1 => governor,
            2 => lane.Previous?.Account ?? accounts[0],
            _ => lane.Writer ?? accounts[chance.Below(accounts.Length)],
        };
    }

    private static byte[] Nullifier(int i) => Root(1_000_000 + i);

    private static Address[] Accounts(string name, int count) => [.. Enumerable.Range(0, count).Select(i => AnyAccountChain.Account($"{name} {i}"))];

    private Task<AnyAccountChain> StartAsync() => AnyAccountChain.StartAsync(node.Node.RpcUrl);

    /// <summary>HRMS_SEED repeats a run.</summary>
    private int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HRMS_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        return seed;
    }
}

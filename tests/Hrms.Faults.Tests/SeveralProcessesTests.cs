using System.Diagnostics;

namespace Hrms.Faults.Tests;

/// <summary>Silos come and go under load, each a process of its own.</summary>
public sealed class SeveralProcessesTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    private const int Clients = 32;

    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F01")]
    public async Task OneOfThreeSilosKilledUnderLoad_LosesNothing_AndTheOthersServeOn()
    {
        var database = await postgres.CreateDatabaseAsync("several");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 3);
        var random = Seed.Random(output);
        var work = await Workload.PrepareAsync(all.Client, patients: 20, changesEach: 30, random);

        var reached = work.ReachesAsync(random.Next(100, 300));
        var running = work.RunAsync(all.Client, Clients);
        await reached;
        var killed = Stopwatch.GetTimestamp();
        await all.KillSiloAsync();
        await running;
        await WorkUntilDoneAsync(work, all.Client);

        output.WriteLine($"{work.Acknowledged} of {work.Count} acknowledged; not acknowledged at first: {Told(work)}, " +
            $"the last {(work.LastFaultAt > killed ? Stopwatch.GetElapsedTime(killed, work.LastFaultAt).TotalSeconds : 0):0.0} s after the kill");
        Assert.Equal((0, 0, 0), await work.CheckAsync(all.Client));
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F06")]
    public async Task ASiloThatStoodStill_UntilTheOthersTookItsPlace_EndsItself_AndOpensNothing()
    {
        var database = await postgres.CreateDatabaseAsync("frozen");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 3);
        var work = await Workload.PrepareAsync(all.Client, patients: 20, changesEach: 30, Seed.Random(output));
        var reached = work.ReachesAsync(100);
        var running = WorkUntilDoneAsync(work, all.Client);
        await reached;
        await using var frozen = await all.FreezeSiloAsync();
        await running;

        // All patients live elsewhere by now. It goes on where it stood, and learns that it is dead.
        await frozen.SignalAsync("CONT");
        var thawed = Stopwatch.GetTimestamp();
        await frozen.EndedAsync();
        output.WriteLine($"It ended {Stopwatch.GetElapsedTime(thawed).TotalSeconds:0.0} s after it went on; not acknowledged at first: {Told(work)}");
        Assert.Equal((0, 0, 0), await work.CheckAsync(all.Client));
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    [Fact]
    [Trait("Feature", "107")]
    public async Task EverySiloReplacedUnderLoad_OneAfterTheOther_LosesNothing()
    {
        var database = await postgres.CreateDatabaseAsync("rolling");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 2);
        var work = await Workload.PrepareAsync(all.Client, patients: 20, changesEach: 40, Seed.Random(output));

        await all.AddSiloAsync();
        await all.AddSiloAsync();
        var reached = work.ReachesAsync(100);
        var running = WorkUntilDoneAsync(work, all.Client);
        await reached;
        Assert.Equal((0, 0), (await all.StopSiloAsync(), await all.StopSiloAsync()));
        var replaced = work.Acknowledged;
        await running;

        output.WriteLine($"{replaced} of {work.Count} acknowledged when both were replaced; not acknowledged at first: {Told(work)}");
        Assert.Equal((0, 0, 0), await work.CheckAsync(all.Client));
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    private static string Told(Workload work) => string.Join(", ", work.Faults.Select(fault => $"{fault.Value} {fault.Key}"));

    /// <summary>Clients repeat what was not answered, as clients do, until each command is.</summary>
    private static async Task WorkUntilDoneAsync(Workload work, ApiClient client)
    {
        for (var began = Stopwatch.GetTimestamp(); work.Acknowledged < work.Count && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3);)
            await work.RunAsync(client, Clients);
        Assert.Equal(work.Count, work.Acknowledged);
    }
}

using System.Diagnostics;
using Hrms.Faults.Tests.Histories;

namespace Hrms.Faults.Tests;

/// <summary>Silos come and go under load, each a process of its own.</summary>
public sealed class SeveralProcessesTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    private const int Clients = 32;
    private const string Changes = "subscription($p:ID!){consentChanged(patient:$p){id}}";

    // A machine that is so busy that a silo stands still for seconds loses nothing; a call that is lost waits for so long, and shows.
    private static readonly IReadOnlyList<(string, string?)> Patient = [("Hrms__DrainMilliseconds", "2000"), ("Hrms__AnswerWithinMilliseconds", "20000"), ("Hrms__ProbeTimeoutMilliseconds", "5000")];
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

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
    public async Task EveryProcessReplacedUnderLoad_OneAfterTheOther_AndNoClientHearsOfIt()
    {
        var database = await postgres.CreateDatabaseAsync("rolling");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 3, apis: 2, more: Patient);
        var clients = await RecordedClients.PrepareAsync(all.Client, patients: 6);
        await using var balancer = new LoadBalancer(all);
        using var enough = new CancellationTokenSource();
        var running = clients.RunAsync(balancer.Next, RecordedClients.Steady, enough.Token);

        for (var silo = 0; silo < 3; silo++)
        {
            var stopped = all.StopSiloAsync();
            await all.AddSiloAsync();
            Assert.Equal(0, await stopped);
            output.WriteLine($"Silo {silo + 1} of 3 replaced: {clients}");
        }
        for (var api = 0; api < 2; api++)
        {
            var closed = await StreamAsync(all.Client);
            var stopped = all.StopApiAsync();
            await all.AddApiAsync();
            Assert.Equal((0, 1001), (await stopped, await closed));
            output.WriteLine($"API process {api + 1} of 2 replaced: {clients}");
        }
        await enough.CancelAsync();
        await running;

        Assert.Empty(all.Faults());
        Assert.Empty(clients.Heard);
        Assert.InRange(clients.Slowest, TimeSpan.Zero, LongestAnswer);
        await clients.HoldsAsync(all.Client, database, node.RpcUrl);
    }

    /// <summary>A patient's app that listens to its API process.</summary>
    /// <returns>With what code the process closes the stream.</returns>
    private static async Task<Task<int>> StreamAsync(ApiClient client)
    {
        var (patient, listening) = (await client.PatientAsync(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var closed = client.SubscribedUntilClosedAsync(Party.Patient(patient), Changes, new { p = patient }, listening);
        await await Task.WhenAny(listening.Task, closed);
        return closed;
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

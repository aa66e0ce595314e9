using System.Diagnostics;

namespace Hrms.Faults.Tests;

/// <summary>PostgreSQL dies under load and comes back.</summary>
public sealed class PostgresOutageTests(SharedHost shared, ITestOutputHelper output)
{
    private const int Clients = 32;

    [Fact]
    [Trait("Feature", "37")]
    [Trait("Fault", "F26")]
    public async Task KilledUnderLoad_CallersHearOfIt_AndNothingIsLostOrDoubled()
    {
        var host = await shared.RunningAsync();
        var random = Seed.Random(output);
        var work = await Workload.PrepareAsync(host.Client, patients: 10, changesEach: 50, random);

        var reached = work.ReachesAsync(random.Next(50, 300));
        var running = work.RunAsync(host.Client, Clients);
        await reached;
        await host.Postgres.KillAsync();
        // Long enough down that waiting callers must be told.
        await running;
        output.WriteLine($"Down: {work.Acknowledged} of {work.Count} were acknowledged; the others heard {string.Join(", ", work.Faults)}");
        Assert.Equal(["UNAVAILABLE"], work.Faults.Keys);

        var began = Stopwatch.GetTimestamp();
        await host.Postgres.RestartAsync();
        var restarted = Stopwatch.GetElapsedTime(began);
        for (var rounds = 0; work.Acknowledged < work.Count; rounds++)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(5), $"{work.Acknowledged} of {work.Count} after five minutes, {rounds} rounds.");
            await work.RunAsync(host.Client, Clients);
        }
        output.WriteLine($"PostgreSQL back after {restarted.TotalSeconds:0.0} s, all acknowledged after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");

        Assert.Equal((0, 0, 0), await work.CheckAsync(host.Client));
        output.WriteLine($"Ledger quiet after {(await host.Client.LedgerQuietAsync()).TotalSeconds:0.0} s");
        var audit = await host.AuditAsync();
        output.WriteLine($"{audit.Rows} events in {audit.Batches} batches");
    }
}

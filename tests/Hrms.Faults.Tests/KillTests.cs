namespace Hrms.Faults.Tests;

/// <summary>The API's process, killed in the middle of its work.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 64;

    [Fact]
    [Trait("Feature", "37")]
    [Trait("Feature", "89")]
    [Trait("Fault", "F01")]
    [Trait("Fault", "F05")]
    public async Task AThousandChanges_WithThreeKills_AreEachThereOnce_AndOnTheLedgerOnce()
    {
        using var folder = new TemporaryFolder();
        var random = Seed.Random(output);
        await using var api = await ApiProcess.StartAsync(folder["data"], folder["api.log"]);
        var work = await Workload.PrepareAsync(api.Client, patients: 20, changesEach: 50, random);
        int[] killAt = [random.Next(50, 350), random.Next(350, 650), random.Next(650, 950)];

        foreach (var (index, acknowledged) in killAt.Index())
        {
            var reached = work.ReachesAsync(acknowledged);
            var running = work.RunAsync(api.Client, Clients);
            await reached;
            // The last time everything goes at once, and the chain comes back older than the database.
            await (index == 2 ? api.KillAllAsync() : api.KillAsync());
            await running;
            await api.StartAsync();
            var (lost, doubled, unansweredButThere) = await work.CheckAsync(api.Client);
            output.WriteLine(
                $"Kill {index + 1} after {work.Acknowledged} acknowledged: ready again in {api.StartTook.TotalSeconds:0.0} s; lost {lost}, doubled {doubled}, " +
                $"unanswered but there {unansweredButThere}");
            Invariants.Ready(api.StartTook);
            Assert.Equal((0, 0), (lost, doubled));
        }

        await work.RunAsync(api.Client, Clients);
        Assert.Equal(work.Count, work.Acknowledged);
        Assert.Equal((0, 0, 0), await work.CheckAsync(api.Client));
        output.WriteLine($"Ledger quiet after {(await api.Client.LedgerQuietAsync()).TotalSeconds:0.0} s");
        var audit = await Invariants.LedgerAsync(api.Postgres, api.Node);
        output.WriteLine($"{audit.Rows} events, each in one of {audit.Batches} batches, all on the chain");
        Assert.Equal(0, await api.StopAsync());
    }
}

using System.Diagnostics;
using Hrms.Faults.Tests.Histories;

namespace Hrms.Faults.Tests;

/// <summary>Silos stand still and die while clients are at work, each a process of its own.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class SilosThatDieTests(ThreeSilos silos, ITestOutputHelper output)
{
    /// <summary>Answers after which much of what can happen has happened.</summary>
    private const int Some = 150;

    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F06")]
    public async Task ASiloThatStoodStill_UntilTheOthersTookItsPlace_EndsItself_AndOpensNothing()
    {
        var all = await silos.RunningAsync();
        // So many that some of them live with the lane, and are on each.
        using var clients = await RecordedClients.PrepareAsync(all.Client, patients: 12);
        clients.Begin(() => all.Client);
        await clients.AnswersAsync(Some);

        // It stands still with the lane and patients in its memory, with questions on their way, as if its machine had lost its time. Others take all of it over, and all of it changes there.
        await using var frozen = all.LetGo(await all.HolderOfLaneAsync(0));
        await frozen.SignalAsync("STOP");
        var heir = await all.HolderOfLaneAsync(0);
        await clients.AnswersAsync(Some);
        Assert.True(await heir.HoldsLaneAsync(0));

        // It goes on where it stood, while everybody asks on, and learns that it is dead.
        await frozen.SignalAsync("CONT");
        var thawed = Stopwatch.GetTimestamp();
        await frozen.EndedAsync();
        output.WriteLine($"It ended {Stopwatch.GetElapsedTime(thawed).TotalSeconds:0.0} s after it went on: {clients}");
        await clients.AnswersAsync(Some);
        await clients.GoHomeAsync();
        Assert.All(clients.Heard.Keys, code => Assert.Equal("UNAVAILABLE", code));
        Assert.True(await heir.HoldsLaneAsync(0));
        await clients.HoldsAsync(all.Client, silos.Database, silos.Node.RpcUrl, ThreeSilos.Lanes);
    }

    /// <summary>What is left of the dead in the membership table of a cluster keeps nobody out of it.</summary>
    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F05")]
    public async Task AllSilosKilledAtOnce_WithNodeAndPostgres_AreReadyInTheSameClusterWithinTwoMinutes_AndTwoLanesAreWhole()
    {
        var all = await silos.RunningAsync();
        using var clients = await RecordedClients.PrepareAsync(all.Client, patients: 12);
        clients.Begin(() => all.Client);
        await clients.AnswersAsync(Some);

        await Task.WhenAll(all.KillSilosAsync(), silos.Node.Node.KillAsync(), silos.Postgres.Server.KillAsync());
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(silos.Node.Node.RestartAsync(TestContext.Current.CancellationToken), silos.Postgres.Server.RestartAsync());
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => all.AddSiloAsync()));
        foreach (var process in all.Silos.Concat(all.Apis.Select(api => api.Process)))
            await process.SaysAsync(200);
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"All ready again after {took.TotalSeconds:0.0} s: {clients}");
        Invariants.Ready(took);
        await clients.AnswersAsync(Some);
        await clients.GoHomeAsync();

        Assert.All(clients.Heard.Keys, code => Assert.Equal("UNAVAILABLE", code));
        await clients.HoldsAsync(all.Client, silos.Database, silos.Node.RpcUrl, ThreeSilos.Lanes);
    }
}

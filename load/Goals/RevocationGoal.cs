using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P14: from the moment at which a patient's app hears that a consent is revoked to the last moment at which anybody still gets anything by it: readers at two API processes, in front of three silos, and a
/// listener, while others change consents as fast as they are answered.
/// </summary>
internal static class RevocationGoal
{
    private static readonly Goal Gone = new("P14", "p99 from a revocation's acknowledgement to no access anywhere, under load, 3 silos", 1_000, 100, MoreIsBetter: false, Unit: "ms");
    private const int Watched = 16, BusyClients = 64;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext outer, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos: 3, apis: 2, outer.Line.Say, stop);
        using var busy = new ConsentChanges(cluster.System, BusyClients, outer.Plan.Patients);
        await busy.PrepareAsync(outer.Line.Say, stop);
        using var watch = new RevocationWatch(cluster, Watched);
        await watch.PrepareAsync(outer.Line.Say, stop);
        var runner = new ScenarioRunner(cluster.System.Cpu, outer.Line);
        await runner.RunAsync(busy, new KeepConstant(BusyClients, outer.Plan.Warmup), "P14: warm-up", stop);
        List<double> p99 = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= outer.Plan.Repeats; repeat++)
        {
            var (reads, told) = (watch.Reads, watch.Told);
            var load = runner.RunAsync(busy, new KeepConstant(BusyClients, outer.Plan.Duration), $"P14 {repeat}: load", stop);
            var after = await watch.RunAsync(load, stop);
            var round = await load;
            p99.Add(after[(int)Math.Ceiling(after.Count * 0.99) - 1]);
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"{after.Count} revocations beside {round.PerSecond:0} changes/s: after {after.Count(late => late > 0)} of them something came that had been let go before, the last after {after[^1]:0.0} ms; {watch.Reads - reads} reads, {watch.Told - told} events"));
            outer.Line.Say($"P14 {repeat}: {raw[^1]}");
        }
        return [new GoalResult(Gone, p99, raw, "goals --only P14")];
    }
}

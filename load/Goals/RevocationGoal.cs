using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P14: from the moment at which a patient's app hears that a consent is revoked to the last moment at which anybody still gets anything by it: readers at two API processes, in front of three silos, and a
/// listener, whose stream has to end; while others change consents as fast as they are answered.
/// </summary>
internal static class RevocationGoal
{
    private static readonly Goal Gone = new("P14", "p99 from a revocation's acknowledgement to no access anywhere, under load, 3 silos", 1_000, 100, MoreIsBetter: false, Unit: "ms");
    private const int Watched = 16, BusyClients = 64;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalPlan plan, ProgressLine line, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos: 3, apis: 2, line.Say, stop);
        using var busy = new ConsentChanges(cluster.System, BusyClients, plan.Patients);
        await busy.PrepareAsync(line.Say, stop);
        using var watch = new RevocationWatch(cluster.System, cluster.Urls, Watched);
        await watch.PrepareAsync(line.Say, stop);
        var runner = new ScenarioRunner(cluster.System.Cpu, line);
        await runner.RunAsync(busy, new KeepConstant(BusyClients, plan.Warmup), "P14: warm-up", stop);
        List<double> p99 = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= plan.Repeats; repeat++)
        {
            var (reads, told) = (watch.Reads, watch.Told);
            var load = runner.RunAsync(busy, new KeepConstant(BusyClients, plan.Duration), $"P14 {repeat}: load", stop);
            var seen = await watch.RunAsync(load, stop);
            var round = await load;
            if (watch.Told == told)
                throw new LoadFaultException("P14: no listener heard of anything: nothing is known of events.");
            p99.Add(P99(seen, one => one.Last));
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"{seen.Count} revocations beside {round.PerSecond:0} changes/s: after {seen.Count(one => one.Came > 0)} of them something came that had been let go before, the last after {seen.Max(one => one.Came):0.0} ms; the streams ended within {P99(seen, one => one.Ended):0.0} ms (p99), the last after {seen.Max(one => one.Ended):0.0} ms; {watch.Reads - reads} reads, {watch.Told - told} events"));
            line.Say($"P14 {repeat}: {raw[^1]}");
        }
        return [new GoalResult(Gone, p99, raw, "goals --only P14")];
    }

    private static double P99(IReadOnlyList<RevocationSeen> seen, Func<RevocationSeen, double> of)
    {
        var ordered = seen.Select(of).Order().ToList();
        return ordered[(int)Math.Ceiling(ordered.Count * 0.99) - 1];
    }
}

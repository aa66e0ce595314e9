using System.Globalization;
using HdrHistogram;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P13: a long run of open arrivals over three silos, in whose middle third a silo, PostgreSQL and the ledger's node are killed; what its last third is like next to its first. Clients repeat what was
/// not answered, and at the end nothing may be lost or doubled.
/// </summary>
internal static class EnduranceGoal
{
    private const double Rate = 1_000;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext outer, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos: 3, apis: 1, outer.Line.Say, stop);
        using var changes = new ConsentChanges(cluster.System, outer.Plan.Clients, outer.Plan.Patients);
        await changes.PrepareAsync(outer.Line.Say, stop);
        var context = outer with { System = cluster.System, Changes = changes, Runner = new ScenarioRunner(cluster.System.Cpu, outer.Line) };
        await context.RoundAsync(Inject.At(Rate, context.Plan.Clients, context.Plan.Warmup), "P13: warm-up", stop);
        var (third, minutes) = (outer.Plan.Minutes / 3, new List<Measurement>());
        List<string> raw = [];
        for (var minute = 0; minute < third * 3; minute++)
        {
            var running = context.RoundAsync(Inject.At(Rate, context.Plan.Clients, TimeSpan.FromMinutes(1)), $"P13: minute {minute + 1} of {third * 3}", stop);
            var kill = minute == third ? ("a silo", cluster.KillSiloAsync) : minute == third + (third / 3) ? ("PostgreSQL", cluster.KillPostgresAsync)
                : minute == third + (2 * third / 3) ? ("the node", cluster.KillNodeAsync) : default((string What, Func<CancellationToken, Task> Act)?);
            if (kill is { } now)
                await now.Act(stop);
            minutes.Add(await running);
            if (kill is not null || minutes[^1].Failed > 0)
                raw.Add(string.Create(CultureInfo.InvariantCulture, $"minute {minute + 1}{(kill is { } done ? $" ({done.What} was killed)" : "")}: {minutes[^1].Count} answered, {minutes[^1].Failed} errors; {minutes[^1].Latency}"));
        }
        var (first, last) = (minutes[..third], minutes[^third..]);
        raw.Insert(0, $"first third: {Of(first)}");
        raw.Insert(1, $"last third: {Of(last)}");
        raw.AddRange((await changes.CheckAsync(context.Line.Say, stop)).Select(check => $"{(check.Holds ? "ok" : "FAILED")}: {check.Name} ({check.Found})"));
        var (ratioOfP99, ratioOfCpu) = (P99(last) / P99(first), Cpu(last) / Cpu(first));
        return
        [
            new(new("P13 p99", $"last third ÷ first third of {third * 3} minutes at {Rate}/s with three kills between: p99", 1.10, 1.03, MoreIsBetter: false), [ratioOfP99], raw, "goals --only P13"),
            new(new("P13 CPU", "the same: CPU of a change, all processes", 1.10, 1.03, MoreIsBetter: false), [ratioOfCpu], [], "goals --only P13"),
        ];
    }

    private static string Of(IReadOnlyList<Measurement> minutes) => string.Create(CultureInfo.InvariantCulture,
        $"{minutes.Sum(minute => minute.Count)} changes, {minutes.Sum(minute => minute.Failed)} errors; {Latency.Of(All(minutes))}; CPU of one {Cpu(minutes):0} µs");

    private static double P99(IReadOnlyList<Measurement> minutes) => Latency.Of(All(minutes)).P99;

    private static LongHistogram All(IReadOnlyList<Measurement> minutes) => CopyFigures.Sum(minutes.Select(minute => minute.Micros!));

    private static double Cpu(IReadOnlyList<Measurement> minutes) => minutes.Average(minute => minute.CpuMicros.Values.Sum());
}

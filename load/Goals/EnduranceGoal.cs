using System.Globalization;
using HdrHistogram;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P13: a long run of open arrivals over three silos, in whose middle third a silo, PostgreSQL and the ledger's node are killed; what its last third is like next to its first. One queue of arrivals from the first minute
/// to the last, so that what a kill leaves behind is in the minutes after it. Clients repeat what was not answered, and at the end nothing may be lost or doubled.
/// </summary>
internal static class EnduranceGoal
{
    private const double Rate = 1_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // P12's marks, three times.
    private static readonly Goal ErrorSeconds = new("P13 error seconds", "seconds of the run in which something failed or came too late, three kills", 3 * 3.6, 3, MoreIsBetter: false, Unit: "s");

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalPlan plan, ProgressLine line, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos: 3, apis: 1, line.Say, stop);
        using var changes = new ConsentChanges(cluster.System, plan.Clients, plan.Patients);
        await changes.PrepareAsync(line.Say, stop);
        var runner = new ScenarioRunner(cluster.System.Cpu, line);
        await runner.RunAsync(changes, Inject.At(Rate, plan.Clients, plan.Warmup), "P13: warm-up", stop);
        var third = plan.Minutes / 3;
        (int Minute, string What, Func<CancellationToken, Task> Act)[] kills =
            [(third, "a silo", cluster.KillSiloAsync), (third + (third / 3), "PostgreSQL", cluster.KillPostgresAsync), (third + (2 * third / 3), "the node", cluster.KillNodeAsync)];
        var running = runner.RunAsync(changes, Inject.At(Rate, plan.Clients, third * 3 * Minute), $"P13: {third * 3} minutes", stop, slice: Minute);
        await Task.WhenAll(running, KillAsync());
        return Results(await running, third, [.. kills.Select(kill => (kill.Minute, kill.What))], await changes.CheckAsync(line.Say, stop));

        async Task KillAsync()
        {
            var began = TimeProvider.System.GetTimestamp();
            foreach (var (minute, what, act) in kills)
            {
                var due = (minute * Minute) - TimeProvider.System.GetElapsedTime(began);
                await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, stop);
                line.Say($"P13: kill -9 of {what}");
                await act(stop);
            }
        }
    }

    /// <param name="run">In slices of a minute.</param>
    /// <param name="third">Minutes.</param>
    public static IReadOnlyList<GoalResult> Results(Measurement run, int third, IReadOnlyList<(int Minute, string What)> kills, IReadOnlyList<Threshold> checks)
    {
        var minutes = run.Slices;
        if (minutes.Count < third * 3 || minutes.Any(minute => minute.Count == 0))
            throw new LoadFaultException($"P13: there are minutes in which nothing that was due was answered: {run.Failures.FirstOrDefault() ?? "no failure was heard"}");
        var (first, last) = (minutes.Take(third).ToList(), minutes.Skip(third * 2).Take(third).ToList());
        List<string> raw =
        [
            $"first third: {Of(first)}", $"last third: {Of(last)}",
            string.Create(CultureInfo.InvariantCulture, $"the whole run: {run.Count} answered, {run.Failed} failed, each sent again; {run.ErrorSeconds} seconds with errors; the longest wait {run.LongestWaitMillis / 1000:0.00} s"),
            .. minutes.Select((minute, i) => string.Create(CultureInfo.InvariantCulture,
                $"minute {i + 1}{string.Concat(kills.Where(kill => kill.Minute == i).Select(kill => $" ({kill.What} was killed)"))}: p50 {minute.Latency.P50:0.0}  p99 {minute.Latency.P99:0.0}  max {minute.Latency.Max:0.0} ms, {minute.Count} answered, {minute.Failed} failed; CPU of one {string.Join(", ", minute.CpuMicros.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0}")))} µs")),
        ];
        const string Command = "goals --only P13";
        return
        [
            new(new("P13 p99", $"last third ÷ first third of {third * 3} minutes at {Rate}/s with three kills between: p99", 1.10, 1.03, MoreIsBetter: false), [P99(last) / P99(first)], raw, Command),
            new(new("P13 CPU", "the same: CPU of a change, all processes", 1.10, 1.03, MoreIsBetter: false), [Cpu(last) / Cpu(first)], [], Command),
            new(ErrorSeconds, [run.ErrorSeconds], [], Command), KillGoal.Kept("P13", checks),
        ];
    }

    private static string Of(IReadOnlyList<Measurement> minutes) => string.Create(CultureInfo.InvariantCulture,
        $"{minutes.Sum(minute => minute.Count)} changes, {minutes.Sum(minute => minute.Failed)} failed; {Latency.Of(All(minutes))}; CPU of one {Cpu(minutes):0} µs");

    private static double P99(IReadOnlyList<Measurement> minutes) => Latency.Of(All(minutes)).P99;

    private static LongHistogram All(IReadOnlyList<Measurement> minutes) => CopyFigures.Sum(minutes.Select(minute => minute.Micros!));

    /// <summary>Of one change; minutes in which more was done weigh more.</summary>
    private static double Cpu(IReadOnlyList<Measurement> minutes) => minutes.Sum(minute => minute.CpuMicros.Values.Sum() * minute.Count) / minutes.Sum(minute => minute.Count);
}

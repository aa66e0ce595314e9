using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>What the goals of one run share: the system, patients who grant and revoke, and how long to measure.</summary>
internal sealed record GoalContext(RunningSystem System, ConsentChanges Changes, ScenarioRunner Runner, ProgressLine Line, GoalPlan Plan)
{
    /// <summary>A round of consent changes by so many clients, each as fast as it is answered.</summary>
    public Task<Measurement> RoundAsync(int clients, string label, CancellationToken stop) => RoundAsync(new KeepConstant(clients, Plan.Duration), label, stop);

    public async Task<Measurement> RoundAsync(LoadSimulation simulation, string label, CancellationToken stop)
    {
        var round = await Runner.RunAsync(Changes, simulation, label, stop);
        Line.Say($"{label}: {ConsoleReport.Line(round)}");
        return round;
    }
}

/// <param name="Only">Which goals; empty: all.</param>
internal sealed record GoalPlan(int Clients, int Patients, int Repeats, int Minutes, TimeSpan Duration, TimeSpan Warmup, IReadOnlyList<string> Only, FileInfo? Json, FileInfo? Markdown);

/// <summary><c>goals</c>: measures the design's numbers one after the other, prints them next to their marks and checks that nothing was lost meanwhile.</summary>
internal static class GoalRun
{
    private static readonly IReadOnlyList<(string Id, Func<GoalContext, CancellationToken, Task<IReadOnlyList<GoalResult>>> Measure)> All =
    [
        ("P1", ThroughputGoal.MeasureAsync), ("P2", FlushGoal.MeasureAsync), ("P3", OpenRateGoal.MeasureAsync), ("P4", AnchoringGoal.MeasureAsync),
        ("P5", LedgerCostGoal.MeasureAsync), ("P6", ReceiptGoal.MeasureAsync), ("P7", WalGoal.MeasureAsync), ("P8", DecisionGoal.MeasureAsync), ("P9", QueryLanguageGoal.MeasureAsync), ("P10", WearableGoal.MeasureAsync),
        ("P11", OverloadGoal.MeasureAsync), ("P12", KillGoal.MeasureAsync), ("P13", EnduranceGoal.MeasureAsync), ("P14", RevocationGoal.MeasureAsync),
    ];

    /// <returns>The exit code: 0 when every goal is reached and nothing was lost, 1 when not, 2 when the run could not be made.</returns>
    public static async Task<int> RunAsync(GoalPlan plan, CancellationToken stop)
    {
        var (line, commit) = (new ProgressLine(), await GoalReport.CommitAsync(stop));
        if (!Machine.IsRelease)
            line.Say("This is a Debug build: its figures say nothing. Run with -c Release.");
        try
        {
            // With a block each second, as a consortium's chain has; what goes on the ledger is then counted in its periods.
            await using var node = await BlockNode.StartAsync(stop);
            await using var system = await RunningSystem.OpenAsync(null, null, line.Say, stop, node.Environment, withRest: true);
            using var changes = new ConsentChanges(system, plan.Clients, plan.Patients);
            await changes.PrepareAsync(line.Say, stop);
            var context = new GoalContext(system, changes, new ScenarioRunner(system.Cpu, line), line, plan);
            await context.RoundAsync(new KeepConstant(plan.Clients, plan.Warmup), "warm-up", stop);
            List<GoalResult> results = [];
            List<Threshold> faults = [];
            // P6 before all others: for each block the development node computes the root of its whole state anew, so what they write there would be in its figures (README, Profiles).
            foreach (var (id, measure) in All.Where(goal => plan.Only.Count == 0 || plan.Only.Contains(goal.Id)).OrderBy(goal => goal.Id != "P6"))
                try
                {
                    results.AddRange(await measure(context, stop));
                }
                catch (Exception fault) when (fault is LoadFaultException or RequestFailedException)
                {
                    // The others' figures took an hour and are worth keeping.
                    line.Say($"{id}: {fault.Message}");
                    faults.Add(new Threshold($"{id} is measured", false, fault.Message));
                }
            results = [.. results.OrderBy(result => All.TakeWhile(goal => goal.Id != result.Goal.Id.Split(' ')[0]).Count())];
            var report = await GoalReport.MakeAsync(plan, commit, system, results, [.. faults, .. await changes.CheckAsync(line.Say, stop)], stop);
            report.Write(Console.Out);
            if (plan.Markdown is { } markdown)
                await File.WriteAllTextAsync(markdown.FullName, report.Markdown(), stop);
            if (plan.Json is { } json)
                await report.WriteJsonAsync(json, stop);
            return report.Passed ? 0 : 1;
        }
        catch (Exception fault) when (fault is LoadFaultException or RequestFailedException)
        {
            line.Say(fault.Message);
            return 2;
        }
    }
}

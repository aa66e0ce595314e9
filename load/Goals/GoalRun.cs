using System.Globalization;
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
        return round.Count > 0 ? round : throw new LoadFaultException($"{label}: nothing was answered: {round.Failures.FirstOrDefault() ?? "nothing was asked"}");
    }
}

/// <param name="Only">Which goals; empty: all.</param>
internal sealed record GoalPlan(int Clients, int Patients, int Repeats, int Minutes, TimeSpan Duration, TimeSpan Warmup, IReadOnlyList<string> Only, FileInfo? Json, FileInfo? Markdown);

/// <summary><c>goals</c>: measures the design's numbers one after the other, prints them next to their marks and checks that nothing was lost meanwhile.</summary>
internal sealed class GoalRun(GoalPlan plan, ProgressLine line)
{
    // P6 before all others: for each block the development node computes the root of its whole state anew, so what they write there would be in its figures (README, Profiles).
    private static readonly IReadOnlyList<(string Id, Func<GoalContext, CancellationToken, Task<IReadOnlyList<GoalResult>>> Measure)> OnOneSystem =
    [
        ("P6", ReceiptGoal.MeasureAsync), ("P1", ThroughputGoal.MeasureAsync), ("P2", FlushGoal.MeasureAsync), ("P3", OpenRateGoal.MeasureAsync), ("P5", LedgerCostGoal.MeasureAsync), ("P7", WalGoal.MeasureAsync),
        ("P8", DecisionGoal.MeasureAsync), ("P9", QueryLanguageGoal.MeasureAsync), ("P10", WearableGoal.MeasureAsync), ("P11", OverloadGoal.MeasureAsync),
    ];

    // Each starts what it needs, when the one system is gone: its node alone, with all that was written to it, would take from the cores for each block.
    private static readonly IReadOnlyList<(string Id, Func<GoalPlan, ProgressLine, CancellationToken, Task<IReadOnlyList<GoalResult>>> Measure)> OnTheirOwn =
    [
        ("P4", AnchoringGoal.MeasureAsync), ("P12", KillGoal.MeasureAsync), ("P13", EnduranceGoal.MeasureAsync), ("P14", RevocationGoal.MeasureAsync),
    ];

    private readonly List<GoalResult> _results = [];
    private readonly List<Threshold> _checks = [];

    public static IReadOnlyList<string> Ids { get; } = [.. OnOneSystem.Select(goal => goal.Id).Concat(OnTheirOwn.Select(goal => goal.Id)).OrderBy(Number)];

    public IReadOnlyList<GoalResult> Results => [.. _results.OrderBy(result => Number(result.Goal.Id.Split(' ')[0]))];

    /// <summary>What must hold besides: a goal that could not be measured is one that does not.</summary>
    public IReadOnlyList<Threshold> Checks => _checks;

    /// <returns>The exit code: 0 when every goal is reached and nothing was lost, 1 when not, 2 when the run could not be made.</returns>
    public static Task<int> RunAsync(GoalPlan plan, CancellationToken stop)
    {
        var line = new ProgressLine();
        if (!Machine.IsRelease)
            line.Say("This is a Debug build: its figures say nothing. Run with -c Release.");
        return RunGuard.RunAsync(line, stop, async () =>
        {
            var (commit, run) = (await GoalReport.CommitAsync(stop), new GoalRun(plan, line));
            var postgres = await run.OnOneSystemAsync(stop) ?? await GoalReport.EmbeddedPostgresAsync(stop);
            foreach (var (id, measure) in OnTheirOwn.Where(goal => run.Wants(goal.Id)))
                await run.MeasureAsync(id, () => measure(plan, line, stop), stop);
            var report = GoalReport.Make(plan, commit, postgres, run.Results, run.Checks);
            report.Write(Console.Out);
            if (plan.Markdown is { } markdown)
                await File.WriteAllTextAsync(markdown.FullName, report.Markdown(), stop);
            if (plan.Json is { } json)
                await report.WriteJsonAsync(json, stop);
            return report.ExitCode;
        });
    }

    /// <summary>Keeps what a goal found. A fault costs that goal alone: the others' figures took an hour and are worth keeping.</summary>
    public async Task MeasureAsync(string id, Func<Task<IReadOnlyList<GoalResult>>> measure, CancellationToken stop)
    {
        try
        {
            _results.AddRange(await measure());
        }
        catch (Exception fault) when (RunGuard.IsFault(fault, stop))
        {
            line.Say($"{id}: {RunGuard.Describe(fault)}");
            _checks.Add(new Threshold($"{id} is measured", false, RunGuard.Describe(fault)));
        }
    }

    /// <returns>Which PostgreSQL it was; null when no goal needs the system.</returns>
    private async Task<string?> OnOneSystemAsync(CancellationToken stop)
    {
        var wanted = OnOneSystem.Where(goal => Wants(goal.Id)).ToList();
        if (wanted.Count == 0)
            return null;
        // With a block each second, as a consortium's chain has; what goes on the ledger is then counted in its periods.
        await using var node = await BlockNode.StartAsync(stop);
        await using var system = await RunningSystem.OpenAsync(null, null, line.Say, stop, node, withRest: true);
        using var changes = new ConsentChanges(system, plan.Clients, plan.Patients);
        await changes.PrepareAsync(line.Say, stop);
        var context = new GoalContext(system, changes, new ScenarioRunner(system.Cpu, line), line, plan);
        await context.RoundAsync(new KeepConstant(plan.Clients, plan.Warmup), "warm-up", stop);
        var postgres = await GoalReport.PostgresAsync(system, stop);
        foreach (var (id, measure) in wanted)
            await MeasureAsync(id, () => measure(context, stop), stop);
        await MeasureAsync("what was kept", async () =>
        {
            _checks.AddRange(await changes.CheckAsync(line.Say, stop));
            return [];
        }, stop);
        return postgres;
    }

    private bool Wants(string id) => plan.Only.Count == 0 || plan.Only.Contains(id);

    private static int Number(string id) => int.Parse(id.AsSpan(1), CultureInfo.InvariantCulture);
}

using System.Globalization;
using Hrms.Load.Baselines;
using Hrms.Load.Reports;

namespace Hrms.Load.Goals;

/// <summary>P1: what a durable change through all layers costs next to a bare commit of one row.</summary>
internal static class ThroughputGoal
{
    private static readonly Goal Rate = new("P1", "durable consent changes/s through GraphQL over HTTP ÷ one-row commits/s of the same PostgreSQL", 0.5, 1.5);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        await using var commits = await OneRowCommits.CreateAsync(context.System.Database, context.Plan.Clients);
        List<double> ratios = [];
        List<string> raw = [$"commits by {commits.Description}"];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var changes = await context.RoundAsync(context.Plan.Clients, $"P1 {repeat}: changes", stop);
            var baseline = await LoadRun.BaselineRoundAsync(commits, context.System.Cpu, context.Plan.Duration, context.Line, stop);
            context.Line.Say($"P1 {repeat}: commits: {ConsoleReport.Line(baseline)}");
            ratios.Add(changes.PerSecond / baseline.PerSecond);
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"{changes.PerSecond:0} ÷ {baseline.PerSecond:0} per second; CPU of one, all processes: {changes.CpuMicros.Values.Sum():0} µs and {baseline.CpuMicros.Values.Sum():0} µs ({string.Join(", ", changes.CpuMicros.Select(part => $"{part.Key} {part.Value:0}"))}); machine's load {changes.LoadAverage:0.0}"));
        }
        return [new GoalResult(Rate, ratios, raw, "goals --only P1")];
    }
}

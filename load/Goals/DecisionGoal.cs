using System.Globalization;
using Hrms.Load.Baselines;
using Hrms.Load.Measuring;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>P8: deciding in the grain's memory, next to asking the database for one row each time.</summary>
internal static class DecisionGoal
{
    private static readonly Goal Decided = new("P8", "consent decisions/s in the grain ÷ prepared SELECTs/s", 10, 30);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        using var decisions = new Decisions();
        await decisions.PrepareAsync(context.Line.Say, stop);
        await using var selects = await PreparedSelects.CreateAsync(context.System.Database, context.Plan.Clients, Decisions.Consents);
        await context.Runner.RunAsync(decisions, new KeepConstant(context.Plan.Clients, context.Plan.Duration), "P8: warm-up", stop);
        List<double> ratios = [];
        List<string> raw = [$"selects by {selects.Description}"];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var decided = await context.Runner.RunAsync(decisions, new KeepConstant(context.Plan.Clients, context.Plan.Duration), $"P8 {repeat}: decisions", stop);
            var selected = await LoadRun.BaselineRoundAsync(selects, context.System.Cpu, context.Plan.Duration, context.Line, stop);
            ratios.Add(decided.PerSecond / selected.PerSecond);
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{decided.PerSecond:0} ÷ {selected.PerSecond:0} per second"));
        }
        return [new GoalResult(Decided, ratios, raw, "goals --only P8")];
    }
}

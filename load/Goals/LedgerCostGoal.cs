using System.Globalization;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>P5: what committing to the ledger takes from the throughput. Off means that the lanes are paused as an operator pauses them; the backlog is made up before the next round.</summary>
internal static class LedgerCostGoal
{
    private static readonly Goal Kept = new("P5", "throughput with the ledger on ÷ off", 0.85, 0.95);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        List<double> ratios = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            await LedgerCheck.DrainAsync(context.System, context.System.TokenOfOperator(), stop);
            var on = await context.RoundAsync(context.Plan.Clients, $"P5 {repeat}: ledger on", stop);
            await LaneSwitch.PauseAsync(context.System, stop);
            var off = await context.RoundAsync(context.Plan.Clients, $"P5 {repeat}: ledger off", stop);
            await LaneSwitch.ResumeAsync(context.System, stop);
            ratios.Add(on.PerSecond / off.PerSecond);
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{on.PerSecond:0} ÷ {off.PerSecond:0} per second; CPU of one: {on.CpuMicros.Values.Sum():0} µs and {off.CpuMicros.Values.Sum():0} µs"));
        }
        return [new GoalResult(Kept, ratios, raw, "goals --only P5")];
    }
}

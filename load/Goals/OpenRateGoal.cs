using System.Globalization;
using Hrms.Load.Measuring;

namespace Hrms.Load.Goals;

/// <summary>P3: the highest rate of open arrivals that is held. Doubled until it is not, then halved in between, then held once more for longer.</summary>
internal static class OpenRateGoal
{
    private static readonly Goal Rate = new("P3", "highest open arrival rate held with p99 of the acknowledgement < 250 ms", 1_000, 3_000, Unit: "/s");
    private const double First = 125, P99MillisMax = 250, Most = 32_000;
    private const int Halvings = 3;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        List<string> raw = [];
        var (held, broken) = (0.0, First);
        while (broken < Most && await IsHeldAsync(broken, context.Plan.Duration))
            (held, broken) = (broken, broken * 2);
        for (var halving = 0; halving < Halvings && held > 0; halving++)
        {
            var between = (held + broken) / 2;
            (held, broken) = await IsHeldAsync(between, context.Plan.Duration) ? (between, broken) : (held, between);
        }
        // The longer run may show what a short one did not.
        while (held > 1 && !await IsHeldAsync(held, context.Plan.Duration * 3))
            held *= 0.8;
        return [new GoalResult(Rate, [Math.Floor(held)], raw, "goals --only P3")];

        async Task<bool> IsHeldAsync(double rate, TimeSpan during)
        {
            var round = await context.RoundAsync(Inject.At(rate, context.Plan.Clients, during), $"P3: {rate:0}/s", stop);
            var holds = round.Failed == 0 && round.Latency.P99 < P99MillisMax;
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{rate:0}/s for {during.TotalSeconds:0} s: {(holds ? "held" : "not held")}; {round.Count} answered, {round.Failed} failed; {round.Latency}"));
            return holds;
        }
    }
}

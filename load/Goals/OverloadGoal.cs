using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P11: what is left when half as much again is asked for as the system can do: how much is still done in time, and how long what is not turned away takes. The knee is what as many clients as usual get done when each
/// asks again as soon as it is answered, before and after, since a machine does not do the same all the time; the crowd that then comes has connections enough to bring the server more than it can hold.
/// </summary>
internal static class OverloadGoal
{
    private const int Crowd = 1_024;
    private static readonly Goal
        Goodput = new("P11 goodput", "changes/s done when 150 % of the knee's rate are asked for ÷ done at the knee", 0.9, 0.97),
        Wait = new("P11 p99", "p99 of what is accepted then ÷ p99 at 80 % of the knee's rate", 3, 2, MoreIsBetter: false);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext outer, CancellationToken stop)
    {
        using var crowd = new ConsentChanges(outer.System, Crowd, Math.Max(Crowd, outer.Plan.Patients));
        await crowd.PrepareAsync(outer.Line.Say, stop);
        var context = outer with { Changes = crowd };
        List<double> goodput = [], wait = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var knee = await KneeAsync("before");
            var below = await OpenAsync(0.8);
            var above = await OpenAsync(1.5);
            var after = await KneeAsync("after");
            // Over the time of the arrivals: what a queue still answers after them is not done in time.
            var inTime = above.PerSecondWithin(context.Plan.Duration);
            goodput.Add(inTime / ((knee.PerSecond + after.PerSecond) / 2));
            wait.Add(above.Latency.P99 / below.Latency.P99);
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"knee {knee.PerSecond:0}/s and, after, {after.PerSecond:0}/s; at 80 %: {below.PerSecond:0}/s, {below.Failed} not done, {below.Latency}; at 150 %: {inTime:0}/s, {above.Failed} not done, {above.Latency}; CPU of one that is turned away: {Refused(knee, above)}; machine's load {above.LoadAverage:0.0}"));

            Task<Measurement> KneeAsync(string when) => context.RoundAsync(context.Plan.Clients, $"P11 {repeat}: knee {when}", stop);

            Task<Measurement> OpenAsync(double share) =>
                context.RoundAsync(Inject.At(knee.PerSecond * share, Crowd, context.Plan.Duration), $"P11 {repeat}: {share:P0} of the knee", stop);
        }
        return [new GoalResult(Goodput, goodput, raw, "goals --only P11"), new GoalResult(Wait, wait, [], "goals --only P11")];
    }

    /// <summary>What is left of an overload's CPU when what was done is taken to have cost what it does at the knee.</summary>
    private static string Refused(Measurement knee, Measurement above) => above.Failed == 0 ? "none was" : string.Join(", ", above.CpuMicros.Select(part => string.Create(
        CultureInfo.InvariantCulture, $"{part.Key} {(part.Value - knee.CpuMicros.GetValueOrDefault(part.Key)) * above.Count / above.Failed:0} µs")));
}

using System.Diagnostics;
using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>
/// P12: kill -9 of a silo, of PostgreSQL and of the ledger's node under open arrivals, each started again at once as a service manager does. Clients repeat what was not answered
/// under the same command id; so afterwards every change is there once, or it is found. Whoever waits for too long counts as an error, too (<see cref="CopyFigures.Overdue"/>).
/// </summary>
internal static class KillGoal
{
    private const double Rate = 200;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3), After = TimeSpan.FromSeconds(12);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalPlan plan, ProgressLine line, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos: 3, apis: 1, line.Say, stop);
        using var changes = new ConsentChanges(cluster.System, plan.Clients, plan.Patients);
        await changes.PrepareAsync(line.Say, stop);
        var context = new GoalContext(cluster.System, changes, new ScenarioRunner(cluster.System.Cpu, line), line, plan);
        await context.RoundAsync(Inject.At(Rate, context.Plan.Clients, context.Plan.Warmup), "P12: warm-up", stop);
        List<GoalResult> results = [];
        foreach (var (what, kill) in new (string, Func<CancellationToken, Task>)[] { ("silo", cluster.KillSiloAsync), ("PostgreSQL", cluster.KillPostgresAsync), ("node", cluster.KillNodeAsync) })
        {
            List<double> seconds = [];
            List<string> raw = [];
            for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
            {
                var (error, round) = await RoundAsync(context, $"P12 {repeat}: {what}", kill, stop);
                seconds.Add(error.TotalSeconds);
                raw.Add(string.Create(CultureInfo.InvariantCulture, $"the last error {error.TotalSeconds:0.00} s after the kill; the longest wait {round.LongestWaitMillis / 1000:0.00} s; {round.ErrorSeconds} seconds with errors; {round.Count} answered, {round.Failed} failed, each sent again; {round.Latency}"));
            }
            results.Add(new GoalResult(
                new Goal($"P12 {what}", $"kill -9 of {(what == "PostgreSQL" ? what : $"a {what}")} at {Rate}/s: seconds until the last error, or answer that came too late", 3.6, 1, MoreIsBetter: false, Unit: "s"), seconds, raw, "goals --only P12"));
        }
        results.Add(Kept("P12", await changes.CheckAsync(context.Line.Say, stop)));
        return results;
    }

    /// <summary>What must hold after kills, as a goal of its own: a change that is lost turns the run red, however good the other figures are.</summary>
    public static GoalResult Kept(string id, IReadOnlyList<Threshold> checks) => new(
        new Goal($"{id} kept", "of what must hold after all kills (nothing lost, nothing doubled, all on the ledger), how much does not", 0, 0, MoreIsBetter: false),
        [checks.Count(check => !check.Holds)], [.. checks.Select(check => $"{(check.Holds ? "ok" : "FAILED")}: {check.Name} ({check.Found})")], $"goals --only {id}");

    private static async Task<(TimeSpan Error, Measurement Round)> RoundAsync(GoalContext context, string label, Func<CancellationToken, Task> kill, CancellationToken stop)
    {
        var running = context.Runner.RunAsync(context.Changes, Inject.At(Rate, context.Plan.Clients, Before + After), label, stop);
        var killing = KillAsync();
        await Task.WhenAll(running, killing);
        var (round, killed) = (await running, await killing);
        var error = round.LastErrorAt > killed ? Stopwatch.GetElapsedTime(killed, round.LastErrorAt) : TimeSpan.Zero;
        context.Line.Say(string.Create(CultureInfo.InvariantCulture, $"{label}: {ConsoleReport.Line(round)}; last error {error.TotalSeconds:0.00} s after the kill"));
        return (error, round);

        async Task<long> KillAsync()
        {
            await Task.Delay(Before, stop);
            var at = Stopwatch.GetTimestamp();
            await kill(stop);
            return at;
        }
    }
}

using System.Net.Sockets;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load.Tests;

/// <summary>What the goals' report and exit code say of what was found.</summary>
[Trait("Feature", "110")]
public sealed class GoalReportTests
{
    private static readonly Goal Most = new("P7", "the less the better", 1.5, 1.1, MoreIsBetter: false), Least = new("P8", "the more the better", 10, 30);
    private static readonly GoalPlan Plan = new(1, 1, 1, 3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), [], null, null);
    private static readonly Threshold Kept = new("nothing is lost", true, "0 lost"), Lost = new("nothing is lost", false, "1 lost");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { 1.2, 9, 1.0 }, 1.2, "reached")]
    [InlineData(new[] { 1.0, 1.2 }, 1.1, "topped")]
    [InlineData(new[] { 1.51 }, 1.51, "missed")]
    public void TheMedianOfTheRepeats_IsWhatCounts(double[] values, double median, string verdict)
    {
        var result = new GoalResult(Most, values, [], "goals --only P7");
        Assert.Equal(median, result.Median, 1e-9);
        Assert.Equal(verdict, result.Verdict);
    }

    [Fact]
    public void TheExitCode_IsZeroOnlyWhenAllGoalsAreReachedAndAllHolds()
    {
        var (reached, missed) = (new GoalResult(Least, [12], [], ""), new GoalResult(Least, [9.9], [], ""));
        Assert.Equal(0, Report([reached], [Kept]).ExitCode);
        Assert.Equal(1, Report([reached, missed], [Kept]).ExitCode);
        Assert.Equal(1, Report([reached], [Kept, Lost]).ExitCode);
    }

    [Fact]
    public async Task AFault_CostsItsGoalAlone_AndIsAFailedCheck()
    {
        var run = new GoalRun(Plan, new ProgressLine());
        await run.MeasureAsync("P8", () => Task.FromResult<IReadOnlyList<GoalResult>>([new(Least, [40], [], "")]), Cancellation);
        foreach (var fault in new Exception[] { new SocketException((int)SocketError.ConnectionRefused), new TimeoutException("late"), new LoadFaultException("start it"), new OperationCanceledException("a time-out within") })
            await run.MeasureAsync("P9", () => throw fault, Cancellation);
        await run.MeasureAsync("P7", () => Task.FromResult<IReadOnlyList<GoalResult>>([new(Most, [1], [], "")]), Cancellation);

        Assert.Equal(["P7", "P8"], run.Results.Select(result => result.Goal.Id));
        Assert.All(run.Checks, check => Assert.Equal(("P9 is measured", false), (check.Name, check.Holds)));
        Assert.Equal(4, run.Checks.Count);
        Assert.StartsWith("SocketException: ", run.Checks[0].Found, StringComparison.Ordinal);
        Assert.Equal("start it", run.Checks[2].Found);
        Assert.Equal(1, Report(run.Results, run.Checks).ExitCode);
    }

    [Fact]
    public async Task WhoeverInterrupts_IsNotAFault()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new GoalRun(Plan, new ProgressLine()).MeasureAsync("P9", () => throw new OperationCanceledException(), interrupted.Token));
    }

    [Fact]
    public void TheDocument_HasEveryGoal_ItsMarksAndFigures_AndWhatFailed()
    {
        var text = Report([new GoalResult(Least, [12, 14], ["12 by a loop"], "goals --only P8")], [Lost]).Markdown();
        Assert.Contains("| P8 | the more the better | 13 | 12 – 14 | ≥ 10 | ≥ 30 | reached |", text, StringComparison.Ordinal);
        Assert.Contains("- FAILED: nothing is lost (1 lost)", text, StringComparison.Ordinal);
        Assert.Contains("- 12 by a loop", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongRunThatLosesAChange_IsMissed_HoweverSteadyItIs()
    {
        var steady = Long([10, 10, 10], errorSeconds: 2);
        Assert.All(EnduranceGoal.Results(steady, 1, [(1, "a silo")], [Kept]), result => Assert.Equal("topped", result.Verdict));
        var lost = EnduranceGoal.Results(steady, 1, [(1, "a silo")], [Kept, Lost]);
        Assert.Equal(["P13 kept"], lost.Where(result => !result.Reached).Select(result => result.Goal.Id));
        Assert.Equal(1, Report(lost, []).ExitCode);
    }

    [Fact]
    public void ALongRun_SaysOfEachMinuteWhatItWasLike_AndIsMissedWhenItSlowsDownOrFailsForLong()
    {
        var results = EnduranceGoal.Results(Long([10, 40, 20], errorSeconds: 11), 1, [(1, "PostgreSQL")], [Kept]).ToDictionary(result => result.Goal.Id);
        Assert.Equal(2, results["P13 p99"].Median, 0.01);
        Assert.Equal(("missed", "missed", "topped"), (results["P13 p99"].Verdict, results["P13 error seconds"].Verdict, results["P13 CPU"].Verdict));
        Assert.Contains(results["P13 p99"].Raw, line => line.StartsWith("minute 2 (PostgreSQL was killed): p50 40", StringComparison.Ordinal) && line.Contains("silo 70, api 30 µs", StringComparison.Ordinal));
        Assert.Throws<LoadFaultException>(() => EnduranceGoal.Results(Long([10, 0, 10], 0), 1, [], [Kept]));
    }

    /// <param name="millis">Of each minute how long everything took in it; 0: nothing was answered.</param>
    private static Measurement Long(int[] millis, int errorSeconds)
    {
        var minutes = millis.Select(each =>
        {
            var micros = CopyFigures.NewHistogram();
            if (each > 0)
                micros.RecordValueWithCount(each * 1_000, 100);
            return new Measurement("changes", micros.TotalCount, 0, 60, Latency.Of(micros), new Dictionary<string, double> { ["silo"] = 70, ["api"] = 30 }, null, []) { Micros = micros };
        }).ToList();
        var all = CopyFigures.Sum(minutes.Select(minute => minute.Micros!));
        return new Measurement("changes", all.TotalCount, 0, 60.0 * millis.Length, Latency.Of(all), new Dictionary<string, double>(), null, []) { Micros = all, Slices = minutes, ErrorSeconds = errorSeconds };
    }

    private static GoalReport Report(IReadOnlyList<GoalResult> results, IReadOnlyList<Threshold> checks) => GoalReport.Make(Plan, "abc", "PostgreSQL", results, checks);
}

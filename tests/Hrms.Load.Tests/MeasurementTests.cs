using System.Diagnostics;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load.Tests;

/// <summary>What a round says of a system that fails, or only lets people wait.</summary>
[Trait("Feature", "110")]
public sealed class MeasurementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void ASystemThatOnlyHangs_HasErrorSeconds_ThoughEveryAnswerComes()
    {
        var began = Ago(8);
        var figures = new CopyFigures();
        figures.Answered("grant", began, Ago(0.2));
        Assert.Equal((0, 0), (figures.LastErrorAt, CopyFigures.ErrorSeconds([figures])));

        // Due in the third second and answered now, in the ninth: from a second after it was due.
        figures.Answered("grant", began, Ago(5.5));
        Assert.InRange(Stopwatch.GetElapsedTime(figures.LastErrorAt).TotalSeconds, 0, 60);
        Assert.InRange(CopyFigures.ErrorSeconds([figures, new CopyFigures()]), 6, 60);
        Assert.InRange(figures.LongestWait.TotalSeconds, 5.5, 60);
        Assert.Equal(0, figures.Failed);
    }

    [Fact]
    public void AFailure_IsAnErrorInTheSecondInWhichItWasHeard()
    {
        var figures = new CopyFigures();
        figures.Refused(Ago(3), Stopwatch.GetTimestamp());
        Assert.InRange(CopyFigures.ErrorSeconds([figures]), 1, 2);
        Assert.True(figures.LastErrorAt > 0);
    }

    [Fact]
    public void WhatAQueueAnswersAfterTheArrivals_IsNotDoneInTime()
    {
        var round = new Measurement("it", 90, 0, 3, new Latency(1, 1, 1, 1, 1), new Dictionary<string, double>(), null, []) { BySecond = [new(20, 1), new(30, 1), new(40, 1)] };
        Assert.Equal(25, round.PerSecondWithin(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task ALongRound_IsCutByWhenStepsWereDue()
    {
        var runner = new ScenarioRunner(new CpuMeter(() => []), new ProgressLine());
        using var steps = new Numbered();
        var round = await runner.RunAsync(steps, Inject.At(50, 4, TimeSpan.FromSeconds(1)), "slices", Cancellation, slice: TimeSpan.FromMilliseconds(200));
        Assert.Equal([10, 10, 10, 10, 10], round.Slices.Select(slice => slice.Count + slice.Failed));
        Assert.Equal((round.Count, round.Failed), (round.Slices.Sum(slice => slice.Count), round.Slices.Sum(slice => slice.Failed)));
        Assert.Equal(5, round.Failed);
        Assert.Equal(["step"], round.Steps.Keys);
        Assert.Contains(IScenario.TurnedAway, round.Failures);
        if (OperatingSystem.IsLinux())
            Assert.All(round.Slices, slice => Assert.Contains(CpuMeter.Generator, slice.CpuMicros.Keys));
    }

    [Fact]
    public async Task ARoundThatIsNotCut_CountsEachStep_AndWhatIsTurnedAwayAsFailed()
    {
        var runner = new ScenarioRunner(new CpuMeter(() => []), new ProgressLine());
        using var steps = new Numbered();
        var round = await runner.RunAsync(steps, Inject.At(50, 4, TimeSpan.FromSeconds(1)), "whole", Cancellation);
        Assert.Equal((45, 5), (round.Count, round.Failed));
    }

    private static long Ago(double seconds) => Stopwatch.GetTimestamp() - (long)(seconds * Stopwatch.Frequency);

    /// <summary>Every tenth step fails, every other one of them by being turned away.</summary>
    private sealed class Numbered : IScenario
    {
        private int _steps;

        public string Name => "numbered";

        public string Unit => "steps";

        public Task PrepareAsync(Action<string> progress, CancellationToken stop) => Task.CompletedTask;

        public Task<string> StepAsync(int copy, CancellationToken stop) =>
            (Interlocked.Increment(ref _steps) % 20) switch
            {
                0 => Task.FromResult(IScenario.TurnedAway),
                10 => throw new RequestFailedException("the tenth"),
                _ => Task.FromResult("step"),
            };

        public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) => Task.FromResult<IReadOnlyList<Threshold>>([]);

        public void Dispose()
        {
        }
    }
}

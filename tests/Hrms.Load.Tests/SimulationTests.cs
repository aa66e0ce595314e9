using System.Diagnostics;
using Hrms.Load.Measuring;

namespace Hrms.Load.Tests;

/// <summary>How load is let loose: what a tester writes, and when steps become due by it.</summary>
[Trait("Feature", "110")]
public sealed class SimulationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void OpenArrivals_BecomeDueAtTheirRate_WhateverIsAnswered()
    {
        var steady = Inject.At(200, 4, TimeSpan.FromSeconds(5));
        Assert.Equal(1_000, steady.Steps);
        Assert.Equal(TimeSpan.FromSeconds(2.5), steady.DueAt(500));

        // From nothing to 100 a second in ten seconds: half of all in the last three.
        var ramp = new RampingInject(0, 100, 4, TimeSpan.FromSeconds(10));
        Assert.Equal(500, ramp.Steps);
        Assert.Equal(7.071, ramp.DueAt(250).TotalSeconds, 0.001);
        Assert.True(ramp.DueAt(499) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AStepThatFindsNoClientFree_IsTimedFromWhenItWasDue()
    {
        // Ten steps due at once, as it were, and one client: the wait is in the latency of the last.
        var simulation = Inject.At(10_000, 1, TimeSpan.FromMilliseconds(1));
        var began = Stopwatch.GetTimestamp();
        var due = new List<long>();
        while (await simulation.NextAsync(0, began, Cancellation) is { } at)
            due.Add(at);
        Assert.Equal(10, due.Count);
        Assert.All(due, at => Assert.InRange(Stopwatch.GetElapsedTime(began, at).TotalMilliseconds, 0, 1));
    }

    [Fact]
    public async Task StepsThatNobodyCouldSend_CountAsUnsent()
    {
        var simulation = Inject.At(50, 2, TimeSpan.FromSeconds(2));
        // A clock that is far on: the clients have hung for longer than anybody waits.
        var began = Stopwatch.GetTimestamp() - (60 * Stopwatch.Frequency);
        Assert.Null(await simulation.NextAsync(0, began, Cancellation));
        Assert.Null(await simulation.NextAsync(1, began, Cancellation));
        Assert.Equal(100, simulation.Unsent);
    }

    [Fact]
    public async Task WhatWasSent_IsNotUnsent_HoweverManyClientsAskLate()
    {
        var simulation = Inject.At(5, 8, TimeSpan.FromSeconds(1));
        for (var sent = 0; sent < 4; sent++)
            Assert.NotNull(await simulation.NextAsync(0, Stopwatch.GetTimestamp() - Stopwatch.Frequency, Cancellation));
        Assert.Equal(0, simulation.Unsent);
        // All eight come back when it is too late for the fifth.
        for (var copy = 0; copy < 8; copy++)
            Assert.Null(await simulation.NextAsync(copy, Stopwatch.GetTimestamp() - (60 * Stopwatch.Frequency), Cancellation));
        Assert.Equal(1, simulation.Unsent);
    }

    [Fact]
    public async Task ClientsOfAClosedModel_ComeOneAfterTheOther_AndNoMoreThanThere()
    {
        var ramp = new RampingConstant(0, 4, TimeSpan.FromSeconds(8));
        // Four seconds in: the first two have come, the third has not long to wait, a fifth never does.
        var began = Stopwatch.GetTimestamp() - (6 * Stopwatch.Frequency);
        Assert.NotNull(await ramp.NextAsync(0, began, Cancellation));
        Assert.NotNull(await ramp.NextAsync(2, began, Cancellation));
        Assert.Null(await ramp.NextAsync(4, began, Cancellation));
        Assert.Null(await new KeepConstant(2, TimeSpan.FromMinutes(1)).NextAsync(2, Stopwatch.GetTimestamp(), Cancellation));
    }

    [Fact]
    public void WhatATesterWrites_IsUnderstood_InTheWordsOfNBomber()
    {
        var sequence = Assert.IsType<Sequence>(SimulationText.Parse("ramping_inject 1000 30s, inject 1000/s 5m, pause 10s, keep_constant 64 1m, ramping_constant 8 10s", 128));
        Assert.Equal(
            [
                new RampingInject(0, 1000, 128, TimeSpan.FromSeconds(30)), new RampingInject(1000, 1000, 128, TimeSpan.FromMinutes(5)), new Pause(TimeSpan.FromSeconds(10)),
                new KeepConstant(64, TimeSpan.FromMinutes(1)), new RampingConstant(64, 8, TimeSpan.FromSeconds(10)),
            ],
            sequence.Parts);
        Assert.Equal((128, TimeSpan.FromSeconds(410)), (sequence.Copies, sequence.During));
    }

    [Theory]
    [InlineData("inject", "Part 1")]
    [InlineData("inject 10 5s, injekt 20 5s", "Part 2 of the simulation, 'injekt 20 5s'")]
    [InlineData("inject -5 5s", "Part 1")]
    [InlineData("keep_constant 1.5 5s", "Part 1")]
    [InlineData("pause 5", "A time is such as 30s")]
    [InlineData("", "Part 1")]
    public void WhatIsMistyped_IsNamedWithItsPlace(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => SimulationText.Parse(text, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task PartsFollowEachOther_EachFromItsOwnBeginning()
    {
        var sequence = new Sequence([Inject.At(100, 1, TimeSpan.FromSeconds(1)), new Pause(TimeSpan.FromSeconds(5)), Inject.At(2, 1, TimeSpan.FromSeconds(1))]);
        var began = Stopwatch.GetTimestamp() - (7 * Stopwatch.Frequency);
        var due = new List<double>();
        while (await sequence.NextAsync(0, began, Cancellation) is { } at)
            due.Add(Math.Round(Stopwatch.GetElapsedTime(began, at).TotalSeconds, 2));
        Assert.Equal([.. Enumerable.Range(0, 100).Select(step => step / 100.0), 6, 6.5], due);
    }
}

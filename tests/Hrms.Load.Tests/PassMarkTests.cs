using Hrms.Load.Measuring;

namespace Hrms.Load.Tests;

/// <summary>Pass marks as a tester writes them.</summary>
[Trait("Feature", "110")]
public sealed class PassMarkTests
{
    private static readonly Latency Fast = new(1, 2, 3, 4, 5), Slow = new(10, 20, 30, 40, 500);

    [Theory]
    [InlineData("p99 < 31ms", true)]
    [InlineData("p99 < 30", false)]
    [InlineData("p99.9<=40ms", true)]
    [InlineData("max < 500ms", false)]
    [InlineData("rate >= 100/s", true)]
    [InlineData("rate > 100/s", false)]
    [InlineData("failed <= 1%", true)]
    [InlineData("failed < 0.5%", false)]
    [InlineData("read p95 < 3ms", true)]
    [InlineData("grant p95 < 3ms", false)]
    [InlineData("read rate > 50/s", true)]
    [InlineData("write p50 < 1000ms", false)]
    public void AMark_HoldsWhenEveryRoundDoes(string mark, bool holds) =>
        Assert.Equal(holds, PassMark.Parse(mark).Judge([Round(1_000, 0, Fast), Round(1_980, 20, Slow)]).Holds);

    [Fact]
    public void WhatWasFound_IsTheWorstRound_OrThatThereIsNoSuchStep()
    {
        IReadOnlyList<Measurement> rounds = [Round(1_000, 0, Fast), Round(1_980, 20, Slow)];
        Assert.Equal(("p95 < 5ms", "20ms"), Said("p95 < 5"));
        Assert.Equal(("rate >= 1/s", "100/s"), Said("rate>=1/s"));
        Assert.Equal(("write p50 < 5ms", "no such step"), Said("write  p50 < 5ms"));

        (string, string) Said(string mark) => PassMark.Parse(mark).Judge(rounds) is var found ? (found.Name, found.Found) : default;
    }

    [Theory]
    [InlineData("read failed <= 1%")]
    [InlineData("p98 < 5ms")]
    [InlineData("p99 = 5ms")]
    [InlineData("p99 < fast")]
    [InlineData("p99 < 5%")]
    [InlineData("rate > 5ms")]
    [InlineData("")]
    public void WhatIsMistyped_IsRefused_WithWhatThereIs(string mark) =>
        Assert.Contains(mark.Length > 8 ? mark : "threshold", Assert.Throws<FormatException>(() => PassMark.Parse(mark)).Message, StringComparison.Ordinal);

    private static Measurement Round(long count, long failed, Latency latency) => new("it", count, failed, 10, latency, new Dictionary<string, double>(), null, [])
    {
        Steps = new Dictionary<string, StepMeasurement> { ["read"] = new(600, Fast), ["grant"] = new(400, Slow) },
    };
}

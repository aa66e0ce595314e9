using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Domain.Tests.Samples;

public class SampleRunTests
{
    private static readonly SampleRun Run = Of(10, 20, 30);

    [Theory]
    [InlineData(10, 31, "10 20 30"), InlineData(10, 30, "10 20"), InlineData(11, 30, "20"), InlineData(20, 21, "20"), InlineData(0, 10, ""), InlineData(31, 99, ""), InlineData(30, 10, "")]
    public void APart_HasItsFirstMoment_AndNotItsLast(long from, long to, string times)
    {
        var part = Run.Within(from, to);
        Assert.Equal(times, string.Join(' ', part.Times.ToArray()));
        Assert.Equal(part.Times.ToArray().Select(time => time / 2.0), part.Values.ToArray());
    }

    [Fact]
    public void TheWhole_IsNotCopied()
    {
        Assert.Same(Run, Run.Within(10, 31));
        Assert.Same(Run, SampleRun.Merge([Run]));
    }

    [Fact]
    public void RunsThatInterleave_OrComeInAnyOrder_AreOne()
    {
        foreach (var runs in new[] { new[] { Of(10, 30), Of(20) }, [Of(30), Of(10, 20)], [Of(10), Of(), Of(20, 30)], [Of(20), Of(10, 30)] })
        {
            var merged = SampleRun.Merge(runs);
            Assert.Equal([10, 20, 30], merged.Times.ToArray());
            Assert.Equal([5, 10, 15], merged.Values.ToArray());
        }
    }

    [Fact]
    public void Points_AreMadeUpToALimit_EachWithItsLeastMeanAndMost()
    {
        var (minute, points) = (new SampleRun(new[] { 60_000L, 90_000L, 119_999L, 120_000L }, new[] { 3.0, 1.0, 8.0, 5.0 }), new List<SamplePoint>());

        Downsample.Add(minute, SampleResolution.Minute, 2, points);
        Downsample.Add(minute, SampleResolution.Minute, 2, points);

        Assert.Equal([(60_000, 1, 4, 8, 3), (120_000, 5, 5, 5, 1)], points.Select(point => (point.Time.ToUnixTimeMilliseconds(), point.Min, point.Mean, point.Max, point.Count)));
        // A point is told by the beginning of its minute, whenever in it the first sample is.
        points.Clear();
        Downsample.Add(minute.Slice(1, 2), SampleResolution.Minute, 9, points);
        Assert.Equal([(60_000, 2)], points.Select(point => (point.Time.ToUnixTimeMilliseconds(), point.Count)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Downsample.Width(default));
    }

    private static SampleRun Of(params long[] times) => new(times, times.Select(time => time / 2.0).ToArray());
}

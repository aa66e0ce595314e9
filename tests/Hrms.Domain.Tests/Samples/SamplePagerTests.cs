using System.Diagnostics;
using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

[Trait("Feature", "77")]
public class SamplePagerTests
{
    private static readonly Gen<SampleResolution> AnyResolution = Gen.Int[1, 4].Select(number => (SampleResolution)number);

    /// <summary>All pages together are what grouping every sample by hand gives, at any resolution, window and page size.</summary>
    [Theory]
    [InlineData(SampleKind.HeartRate)]
    [InlineData(SampleKind.BloodPressureSystolic)]
    public void PagesTogetherEqualTheNaiveGrouping(SampleKind kind) =>
        Gen.Select(Gen.Int[0, 300_000].HashSet[0, 400], AnyResolution, Gen.Int[-10, 310_000], Gen.Int[1, 310_000], Gen.Int[1, 40]).Sample(
            (seconds, resolution, from, length, first) =>
            {
                var shelf = new SampleShelf();
                var samples = seconds.Select(second => (Time: At(second), Value: second % 977 / 8.0)).ToList();
                foreach (var batch in samples.Chunk(50))
                    shelf.Take(Batch([.. batch.Select(sample => (kind, sample.Time, sample.Value, kind.Facts().Unit))]));
                var query = new SampleQuery(kind, Midnight.AddSeconds(from), Midnight.AddSeconds(from + length), resolution, first);

                var points = new List<SamplePoint>();
                SamplePage page;
                do
                {
                    page = shelf.Ask(query with { After = points.Count == 0 ? null : points[^1].Time });
                    Assert.InRange(page.Points.Length, 0, first);
                    points.AddRange(page.Points);
                }
                while (page.HasNext);

                var width = Downsample.Width(resolution);
                Assert.Equal(
                    samples.Where(sample => sample.Time >= At(from) && sample.Time < At(from + length)).GroupBy(sample => sample.Time / width * width)
                        .OrderBy(group => group.Key).Select(group =>
                        {
                            var values = group.OrderBy(sample => sample.Time).Select(sample => sample.Value).ToList();
                            return new SamplePoint(DateTimeOffset.FromUnixTimeMilliseconds(group.Key), values.Min(), values.Sum() / values.Count, values.Max(), values.Count);
                        }),
                    points);
            }, iter: RandomCases.Of(200));

    [Fact]
    public void AQueryThatMakesNoSenseIsRefusedByItsPlace()
    {
        var good = new SampleQuery(SampleKind.HeartRate, Midnight, Midnight.AddDays(1), SampleResolution.Hour, 24);
        Assert.Null(SamplePager.Check(good));
        Assert.Null(SamplePager.Check(good with { First = SampleLimits.PagePointsMax }));
        Assert.Equal("first", SamplePager.Check(good with { First = SampleLimits.PagePointsMax + 1 })?.Place);
        Assert.Equal("first", SamplePager.Check(good with { First = 0 })?.Place);
        Assert.Equal("to", SamplePager.Check(good with { To = good.From })?.Place);
        Assert.Equal("kind", SamplePager.Check(good with { Kind = SampleKind.Unknown })?.Place);
        Assert.Equal("resolution", SamplePager.Check(good with { Resolution = default })?.Place);
    }

    [Fact]
    public void AnyWindowIsAnswered()
    {
        var shelf = new SampleShelf();
        shelf.Take(HeartRates([(At(1), 60)]));
        var all = new SampleQuery(SampleKind.HeartRate, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, SampleResolution.Day, 10);
        Assert.Single(shelf.Ask(all).Points);
        Assert.Empty(shelf.Ask(all with { Kind = SampleKind.Glucose }).Points);
    }

    [Fact]
    public void ADayEachSecond_IsSmallAndItsHourlyViewIsFast()
    {
        var pulse = new NoisyPulse(seed: 77);
        var seconds = Enumerable.Range(0, 86_400);
        var day = new SampleRun(seconds.Select(second => At(second)).ToArray(), seconds.Select(_ => pulse.Next()).ToArray());
        var chunk = SampleChunk.Encode(SampleKind.HeartRate, day);
        var (open, reduce) = (Best(() => SampleChunk.Decode(SampleKind.HeartRate, chunk)), Best(() => Hourly(day)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"86,400 samples: {chunk.Length / 86_400.0:F3} bytes a sample, decoded in {open.TotalMilliseconds:F2} ms, "
            + $"hourly in {reduce.TotalMilliseconds:F2} ms, "
            + $"encoded in {Best(() => SampleChunk.Encode(SampleKind.HeartRate, day)).TotalMilliseconds:F2} ms");

        Assert.Equal(24, Hourly(day).Count);
        Assert.InRange(chunk.Length, 1, 86_400);
        Assert.InRange(open + reduce, TimeSpan.Zero, TimeSpan.FromMilliseconds(25)); // half of row 77's limit, for the whole way

        static List<SamplePoint> Hourly(SampleRun run)
        {
            var points = new List<SamplePoint>();
            Downsample.Add(run, SampleResolution.Hour, int.MaxValue, points);
            return points;
        }
    }

    [Fact]
    [Trait("Feature", "76")]
    public void TakingAFullBatch_IsFarFromBeingTheBottleneck()
    {
        var batch = HeartRates(Enumerable.Range(0, 10_000).Select(second => (At(second), 60.0 + second % 9)));
        var first = Best(() => new SampleShelf().Take(batch));
        var shelf = new SampleShelf();
        shelf.Take(batch);
        var again = Best(() => shelf.Take(batch));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"10,000 samples taken in {first.TotalMilliseconds:F2} ms, known as duplicates in {again.TotalMilliseconds:F2} ms");

        Assert.InRange(first + again, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    private static TimeSpan Best(Action work) => Enumerable.Range(0, 20).Min(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    });

    /// <summary>A heart rate that wanders by a beat now and then, as a wrist sensor reports it.</summary>
    private sealed class NoisyPulse(int seed)
    {
        private readonly Random _random = new(seed);
        private int _rate = 65;

        public double Next() => _rate = Math.Clamp(_rate + (_random.Next(5) == 0 ? _random.Next(-1, 2) : 0), 45, 180);
    }
}

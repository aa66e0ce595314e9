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
        Assert.Null(SamplePager.Check(good with { First = 1, Kind = SampleKind.BodyTemperature }));
        Assert.Equal("first", SamplePager.Check(good with { First = SampleLimits.PagePointsMax + 1 })?.Place);
        Assert.Equal("first", SamplePager.Check(good with { First = 0 })?.Place);
        Assert.Equal("to", SamplePager.Check(good with { To = good.From })?.Place);
        Assert.Equal("kind", SamplePager.Check(good with { Kind = SampleKind.Unknown })?.Place);
        Assert.Equal("resolution", SamplePager.Check(good with { Resolution = default })?.Place);
    }

    [Fact]
    public void AWindow_HasItsFirstMoment_AndNotItsLast_AndKnowsPartsOfAMillisecond()
    {
        var shelf = new SampleShelf();
        shelf.Take(HeartRates([(At(1), 60), (At(2), 61), (At(3), 62)]));
        DateTimeOffset Second(int second) => Midnight.AddSeconds(second);
        SampleQuery Between(DateTimeOffset from, DateTimeOffset to) => new(SampleKind.HeartRate, from, to, SampleResolution.Raw, 10);

        Assert.Equal([60, 61], Means(Between(Second(1), Second(3))));
        Assert.Equal([61, 62], Means(Between(Second(1).AddTicks(1), Second(3).AddTicks(1))));
        Assert.Equal([60, 61], Means(Between(Second(1).AddTicks(-1), Second(3).AddTicks(-1))));
        Assert.Empty(Means(Between(Second(3).AddTicks(1), Second(3).AddTicks(2))));
        Assert.Equal([62], Means(Between(Second(0), Second(9)) with { After = Second(2) }));
        Assert.Equal([61, 62], Means(Between(Second(2), Second(9)) with { After = Second(0) }));

        IEnumerable<double> Means(SampleQuery query) => shelf.Ask(query).Points.Select(point => point.Mean);
    }

    [Fact]
    public void APage_SaysWhetherThereIsMore_OnTheSameDayOrAnother()
    {
        var shelf = new SampleShelf();
        shelf.Take(HeartRates([(At(1), 60), (At(2), 61), (At(86_400), 62)]));
        SamplePage Page(int first, int until) => shelf.Ask(new SampleQuery(SampleKind.HeartRate, Midnight, Midnight.AddSeconds(until), SampleResolution.Raw, first));

        Assert.Equal((1, true), (Page(1, 3).Points.Length, Page(1, 3).HasNext));
        Assert.Equal((2, false), (Page(2, 3).Points.Length, Page(2, 3).HasNext));
        Assert.Equal((2, true), (Page(2, 86_401).Points.Length, Page(2, 86_401).HasNext));
        Assert.Equal((3, false), (Page(3, 86_401).Points.Length, Page(3, 86_401).HasNext));
    }

    [Fact]
    public void OnlyChunksOfTheWindow_AreOpened()
    {
        var shelf = new SampleShelf();
        foreach (var second in new[] { 10, 20, 30 })
            shelf.Take(HeartRates([(At(second), 60), (At(second + 5), 60)]));
        int Opened(double from, double to) =>
            new SamplePager(new SampleQuery(SampleKind.HeartRate, Midnight.AddSeconds(from), Midnight.AddSeconds(to), SampleResolution.Raw, 10)).Days(shelf.Book).Sum(day => day.Count);

        // A window within a millisecond holds no sample, and a day without one is none.
        Assert.Equal(0, Opened(20.0001, 20.0002));
        Assert.Empty(new SamplePager(new SampleQuery(SampleKind.HeartRate, Midnight.AddSeconds(26), Midnight.AddSeconds(30), SampleResolution.Raw, 10)).Days(shelf.Book));
        Assert.Equal((1, 1, 2, 0, 0), (Opened(20, 21), Opened(25, 30), Opened(25, 30.001), Opened(26, 30), Opened(86_400, 86_500)));
    }

    [Fact]
    public void AnyWindowIsAnswered()
    {
        var shelf = new SampleShelf();
        shelf.Take(HeartRates([(At(1), 60)]));
        var all = new SampleQuery(SampleKind.HeartRate, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, SampleResolution.Day, 10);
        Assert.Single(shelf.Ask(all).Points);
        Assert.Empty(shelf.Ask(all with { Kind = SampleKind.Glucose }).Points);
        Assert.Empty(shelf.Ask(all with { After = DateTimeOffset.MaxValue }).Points);
    }
}

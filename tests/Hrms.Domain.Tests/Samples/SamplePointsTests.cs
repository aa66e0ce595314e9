using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

/// <summary>A patient with two watches has one curve.</summary>
[Trait("Feature", "77")]
public class SamplePointsTests
{
    private static readonly SamplePoint One = Point(0, 60, 70, 80, 3), Other = Point(0, 50, 62, 90, 1), Earlier = Point(-1, 65, 65, 65, 1);

    [Fact]
    public void PointsOfOneHour_BecomeOne_WeightedByTheirSamples()
    {
        SamplePoint[] merged = [Earlier, Point(0, 50, 68, 90, 4)];
        Assert.Equal(merged, SamplePoints.Merge([One, Other, Earlier], SampleResolution.Hour));
        Assert.Equal(merged, SamplePoints.Merge([Other, One, Earlier], SampleResolution.Hour));
    }

    [Fact]
    public void SingleSamples_StaySingle_EvenAtTheSameMoment() =>
        Assert.Equal([Earlier, One, Other], SamplePoints.Merge([One, Other, Earlier], SampleResolution.Raw));

    private static SamplePoint Point(int hour, double min, double mean, double max, int count) => new(Midnight.AddHours(hour), min, mean, max, count);
}

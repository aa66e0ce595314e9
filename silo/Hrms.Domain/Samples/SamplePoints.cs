using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>Points of several devices, or of both sides of a consent's time bound, as one list.</summary>
public static class SamplePoints
{
    /// <summary>In time order; points of one minute, hour or day become one. Single samples stay single, even at the same moment.</summary>
    public static IReadOnlyList<SamplePoint> Merge(IEnumerable<SamplePoint> points, SampleResolution resolution)
    {
        var ordered = points.OrderBy(point => point.Time);
        return resolution == SampleResolution.Raw ? [.. ordered] : [.. ordered.GroupBy(point => point.Time).Select(Combine)];
    }

    private static SamplePoint Combine(IEnumerable<SamplePoint> same) => same.Aggregate((a, b) => new SamplePoint(
        a.Time, Math.Min(a.Min, b.Min), ((a.Mean * a.Count) + (b.Mean * b.Count)) / (a.Count + b.Count), Math.Max(a.Max, b.Max), a.Count + b.Count));
}

using GraphQL;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Samples;

/// <summary>A page of samples, with what they are.</summary>
public sealed class SampleSeries(SampleKind kind, SamplePage page)
{
    public SampleKind Kind => kind;

    [Description("LOINC.")]
    public string Code => kind.Facts().Loinc;

    [Description("UCUM.")]
    public string Unit => kind.Facts().Unit.Code();

    public IReadOnlyList<SamplePointType> Points => [.. page.Points.Select(point => new SamplePointType(point.Time, point.Min, point.Mean, point.Max, point.Count))];

    [Description("Ask again with after: the last point's time.")]
    public bool HasNextPage => page.HasNext;
}

[Name("SamplePoint")]
public sealed record SamplePointType(DateTimeOffset Time, double Min, double Mean, double Max, int Count);

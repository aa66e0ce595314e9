using GraphQL;
using Hrms.Api.GraphQL.Samples;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Samples of wearables.</summary>
public sealed partial class PatientType
{
    [Description("Samples of one kind from all devices, in time order: each, or minimum, mean and maximum of each minute, hour or day (UTC).")]
    public Task<SampleSeries> Samples(
        IResolveFieldContext context, SampleKind kind, DateTimeOffset from, DateTimeOffset until, SampleResolution resolution = SampleResolution.Hour,
        int first = 1000, DateTimeOffset? after = null) =>
        Grain(context).SamplesAsync(new ReadSamples(Asker(context), new SampleQuery(kind, from, until, resolution, first, after)))
            .OrError(page => new SampleSeries(kind, page));
}

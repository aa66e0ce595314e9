using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Samples;

namespace Hrms.Grains.Patients;

/// <summary>Samples of wearables, under the same consents as records: the class Wearables, and a consent's time window to the instant.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<SamplePage>> SamplesAsync(ReadSamples read)
    {
        if (SamplePager.Check(read.Query) is { } wrong)
            return Task.FromResult<Outcome<SamplePage>>(wrong);
        return AskAsync(read.Asker, AccessAction.View, DisclosureRules.SamplesOperation, judge => Samples(judge, read.Query), () => new SamplePage([], false), ScopeInteractions.Search);
    }

    private const string SampleType = "Observation";

    private Answer<SamplePage> Samples(Judge judge, SampleQuery query)
    {
        var spans = judge.Spans(query.From, query.To)
            .Select(span => (Span: span, Decision: judge.Decide(new Datum(null, DataClass.Wearables, span.From, [], null, [], query.Resolution, SampleType)))).ToList();
        var permitted = spans.Where(span => span.Decision.Permitted).ToList();
        return permitted.Count == 0
            ? Answer.None<SamplePage>(spans[0].Decision)
            : Answer.Of<SamplePage>(permitted[0].Decision, [], async () => await PageAsync(query, [.. permitted.Select(span => span.Span)]));
    }

    private async Task<SamplePage> PageAsync(SampleQuery query, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> spans)
    {
        var pages = await Task.WhenAll(
            from device in State.Devices.Values
            from span in spans
            select GrainFactory.GetGrain<IDeviceGrain>(device.Id.Value).QueryAsync(query with { From = span.From, To = span.To }));
        var points = SamplePoints.Merge(pages.SelectMany(page => page.Points), query.Resolution);
        return new SamplePage([.. points.Take(query.First)], points.Count > query.First || pages.Any(page => page.HasNext));
    }
}

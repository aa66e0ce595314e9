using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hrms.Api.Tests.Privacy;

/// <summary>Everything that the process tells of itself by traces and metrics, as texts: names, tags, events, errors.</summary>
internal sealed class Spoken : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _texts = [];
    private readonly ActivityListener _spans;
    private readonly MeterListener _numbers = new();

    public Spoken()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_spans);
        _numbers.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _numbers.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.Start();
    }

    public IReadOnlyCollection<string> Texts => [.. _texts.Keys];

    public void Dispose()
    {
        _spans.Dispose();
        _numbers.Dispose();
    }

    private void Hear(Activity span)
    {
        Hear($"span {span.Source.Name}: {span.DisplayName} {span.OperationName} {span.StatusDescription}");
        foreach (var (name, value) in span.TagObjects)
            Hear($"tag {name} of {span.OperationName}: {value}");
        foreach (var happened in span.Events)
            Hear($"event {happened.Name} of {span.OperationName}: {string.Join(", ", happened.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}");
        foreach (var (name, value) in span.Baggage)
            Hear($"baggage {name} of {span.OperationName}: {value}");
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
            Hear($"metric {instrument.Name}: {name}={value}");
    }

    private void Hear(string text) => _texts.TryAdd(text, true);
}

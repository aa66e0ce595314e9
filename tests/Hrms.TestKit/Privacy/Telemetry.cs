using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hrms.TestKit;

/// <summary>Writes down everything that this process tells of itself by traces and metrics, each text once: names, tags, events, errors, baggage.</summary>
public sealed class Telemetry : IDisposable
{
    // What is repeated after so many others is written again: memory stays bounded.
    private const int TextsRemembered = 200_000;
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string, string?, string?), bool> _heard = [];
    private readonly ActivityListener _spans;
    private readonly MeterListener _numbers = new();
    private readonly StreamWriter _file;
    private readonly Timer _asking;
    private int _isDisposed, _count;

    public Telemetry(string path)
    {
        _file = new StreamWriter(path);
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_spans);
        _numbers.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _numbers.SetMeasurementEventCallback<byte>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<short>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<float>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.SetMeasurementEventCallback<decimal>((instrument, _, tags, _) => Hear(instrument, tags));
        _numbers.Start();
        _asking = new Timer(_ => Ask(), null, AskEvery, AskEvery);
    }

    /// <summary>How many different texts were heard.</summary>
    public int Count => _count;

    public void Dispose()
    {
        Ask();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        _asking.Dispose();
        _numbers.Dispose();
        _spans.Dispose();
        lock (_file)
            _file.Dispose();
    }

    /// <summary>Those that tell only when they are asked.</summary>
    private void Ask()
    {
        try
        {
            _numbers.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // Of a host that is stopping.
        }
    }

    private void Hear(Activity span)
    {
        Hear("span", $"{span.Source.Name} {span.OperationName}", $"{span.DisplayName} {span.StatusDescription}");
        foreach (var (name, value) in span.EnumerateTagObjects())
            Hear(name, span.OperationName, value);
        foreach (ref readonly var happened in span.EnumerateEvents())
            foreach (ref readonly var tag in happened.EnumerateTagObjects())
                Hear($"{happened.Name} {tag.Key}", span.OperationName, tag.Value);
        foreach (ref readonly var link in span.EnumerateLinks())
            foreach (ref readonly var tag in link.EnumerateTagObjects())
                Hear($"link {tag.Key}", span.OperationName, tag.Value);
        foreach (var (name, value) in span.Baggage)
            Hear($"baggage {name}", span.OperationName, value);
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
            Hear($"{LogSearch.Metric}{instrument.Name}", name, value);
    }

    private void Hear(string what, string? of, object? value)
    {
        if (value is null or int or long or double or bool || _isDisposed == 1)
            return;
        var text = value as string ?? (value is System.Collections.IEnumerable several ? string.Join(' ', several.Cast<object?>()) : value.ToString());
        if (!_heard.TryAdd((what, of, text), true))
            return;
        if (Interlocked.Increment(ref _count) % TextsRemembered == 0)
            _heard.Clear();
        lock (_file)
            if (_isDisposed == 0)
                _file.WriteLine($"{what} {of}: {text}");
    }
}

using System.Globalization;
using System.Text.Json.Serialization;
using HdrHistogram;

namespace Hrms.Load.Measuring;

/// <summary>Latencies in milliseconds.</summary>
internal sealed record Latency(double P50, double P95, double P99, double P999, double Max)
{
    /// <param name="microseconds">A histogram of microseconds.</param>
    public static Latency Of(HistogramBase microseconds) => new(
        At(microseconds, 50), At(microseconds, 95), At(microseconds, 99), At(microseconds, 99.9), microseconds.TotalCount == 0 ? 0 : microseconds.GetMaxValue() / 1000.0);

    private static double At(HistogramBase histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {P50:0.0}  p95 {P95:0.0}  p99 {P99:0.0}  p99.9 {P999:0.0}  max {Max:0.0} ms");
}

/// <summary>The raw figures of one round.</summary>
/// <param name="Count">Steps that were answered as expected; failed ones are in neither count nor latencies.</param>
/// <param name="CpuMicros">CPU microseconds per step of each process that could be watched.</param>
/// <param name="LoadAverage">The machine's load over the last minute, at the end of the round: others may use it, too.</param>
internal sealed record Measurement(
    string What, long Count, long Failed, double Seconds, Latency Latency, IReadOnlyDictionary<string, double> CpuMicros, double? LoadAverage, IReadOnlyList<string> Failures)
{
    public double PerSecond => Count / Seconds;

    /// <summary>What was answered within so many whole seconds of the beginning, by the second: what a queue still answers after the arrivals is not in it.</summary>
    public double PerSecondWithin(TimeSpan arrivals) => BySecond.Take((int)arrivals.TotalSeconds).Sum(second => second.Count) / Math.Floor(arrivals.TotalSeconds);

    /// <summary>By the steps' names, where there are several, and by the names of what they are made of.</summary>
    public IReadOnlyDictionary<string, StepMeasurement> Steps { get; init; } = new Dictionary<string, StepMeasurement>();

    /// <summary>Each second of the round: how many steps were answered in it, and how long the slowest of them took.</summary>
    public IReadOnlyList<Second> BySecond { get; init; } = [];

    /// <summary>When the last error ended (<see cref="CopyFigures.Overdue"/>), in <see cref="System.Diagnostics.Stopwatch"/> ticks; 0: there was none.</summary>
    [JsonIgnore]
    public long LastErrorAt { get; init; }

    /// <summary>Seconds of the round in which something failed or was overdue.</summary>
    public int ErrorSeconds { get; init; }

    /// <summary>The longest that a step waited for its answer, or to hear that there is none, in milliseconds.</summary>
    public double LongestWaitMillis { get; init; }

    /// <summary>The round in parts of equal length, by when steps were due; empty where nobody asked for them.</summary>
    public IReadOnlyList<Measurement> Slices { get; init; } = [];

    /// <summary>All latencies, in microseconds; null where another program measured.</summary>
    [JsonIgnore]
    public LongHistogram? Micros { get; init; }
}

/// <summary>The figures of the steps of one name.</summary>
internal sealed record StepMeasurement(long Count, Latency Latency);

internal sealed record Second(long Count, double MaxMillis);

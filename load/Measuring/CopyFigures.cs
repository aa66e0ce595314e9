using System.Diagnostics;
using HdrHistogram;

namespace Hrms.Load.Measuring;

/// <summary>What one copy has seen: it alone writes, so that copies never wait for each other.</summary>
internal sealed class CopyFigures
{
    private const long LongestMicros = 3_600_000_000;
    private readonly Dictionary<string, LongHistogram> _steps = [], _parts = [];
    private readonly List<(long Count, long MaxMicros)> _seconds = [];

    public long Done, Failed;

    /// <summary>When the last failure was heard, in <see cref="Stopwatch"/> ticks; 0: none was.</summary>
    public long LastFailureAt;

    public void Refused()
    {
        Failed++;
        LastFailureAt = Stopwatch.GetTimestamp();
    }

    /// <param name="began">When the round began.</param>
    /// <param name="due">When the step was due.</param>
    public void Answered(string step, long began, long due)
    {
        var micros = Math.Max(1, (long)Stopwatch.GetElapsedTime(due).TotalMicroseconds);
        Record(_steps, step, micros);
        var second = (int)Stopwatch.GetElapsedTime(began).TotalSeconds;
        while (_seconds.Count <= second)
            _seconds.Add(default);
        _seconds[second] = (_seconds[second].Count + 1, Math.Max(_seconds[second].MaxMicros, micros));
        Done++;
    }

    /// <summary>One request of a step, which counts as none itself.</summary>
    public void PartAnswered(string part, TimeSpan took) => Record(_parts, part, Math.Max(1, (long)took.TotalMicroseconds));

    /// <summary>The histograms of all copies by step.</summary>
    public static Dictionary<string, LongHistogram> Steps(IEnumerable<CopyFigures> copies) => ByName(copies.SelectMany(copy => copy._steps));

    /// <summary>The same of what steps are made of.</summary>
    public static Dictionary<string, LongHistogram> Parts(IEnumerable<CopyFigures> copies) => ByName(copies.SelectMany(copy => copy._parts));

    private static void Record(Dictionary<string, LongHistogram> to, string name, long micros)
    {
        if (!to.TryGetValue(name, out var histogram))
            to[name] = histogram = new LongHistogram(LongestMicros, 3);
        histogram.RecordValue(micros);
    }

    private static Dictionary<string, LongHistogram> ByName(IEnumerable<KeyValuePair<string, LongHistogram>> histograms)
    {
        Dictionary<string, LongHistogram> all = [];
        foreach (var (step, histogram) in histograms)
        {
            if (!all.TryGetValue(step, out var sum))
                all[step] = sum = new LongHistogram(LongestMicros, 3);
            sum.Add(histogram);
        }
        return all;
    }

    public static LongHistogram Sum(IEnumerable<LongHistogram> histograms)
    {
        var all = new LongHistogram(LongestMicros, 3);
        foreach (var histogram in histograms)
            all.Add(histogram);
        return all;
    }

    public static IReadOnlyList<Second> Seconds(IReadOnlyList<CopyFigures> copies) =>
    [
        .. Enumerable.Range(0, copies.Select(copy => copy._seconds.Count).DefaultIfEmpty().Max())
            .Select(second => copies.Where(copy => second < copy._seconds.Count).Select(copy => copy._seconds[second]).ToList())
            .Select(all => new Second(all.Sum(one => one.Count), all.Max(one => one.MaxMicros) / 1000.0)),
    ];
}

using System.Collections;
using System.Diagnostics;
using HdrHistogram;

namespace Hrms.Load.Measuring;

/// <summary>What one copy has seen: it alone writes, so that copies never wait for each other.</summary>
internal sealed class CopyFigures
{
    private const long LongestMicros = 3_600_000_000;
    private readonly Dictionary<string, LongHistogram> _steps = [], _parts = [];
    private readonly List<(long Count, long MaxMicros)> _seconds = [];
    private readonly BitArray _errorSeconds = new(0);

    /// <summary>Whoever waits for longer takes it for broken: what is not answered within this time of being due is an error from then on, also when the answer comes at last.</summary>
    public static readonly TimeSpan Overdue = TimeSpan.FromSeconds(1);

    public long Done, Failed;

    /// <summary>When the last error ended: a failure was heard, or an answer came that was overdue. In <see cref="Stopwatch"/> ticks; 0: there was none.</summary>
    public long LastErrorAt;

    /// <summary>The longest that a step waited for its answer, or to hear that there is none.</summary>
    public TimeSpan LongestWait;

    /// <param name="began">When the round began.</param>
    /// <param name="due">When the step was due.</param>
    public void Refused(long began, long due)
    {
        Failed++;
        Ended(began, due, failed: true);
    }

    /// <param name="began">When the round began.</param>
    /// <param name="due">When the step was due.</param>
    /// <returns>How long it took, in microseconds.</returns>
    public long Answered(string step, long began, long due)
    {
        Ended(began, due, failed: false);
        var micros = Math.Max(1, (long)Stopwatch.GetElapsedTime(due).TotalMicroseconds);
        Record(_steps, step, micros);
        var second = (int)Stopwatch.GetElapsedTime(began).TotalSeconds;
        while (_seconds.Count <= second)
            _seconds.Add(default);
        _seconds[second] = (_seconds[second].Count + 1, Math.Max(_seconds[second].MaxMicros, micros));
        Done++;
        return micros;
    }

    /// <summary>One request of a step, which counts as none itself.</summary>
    public void PartAnswered(string part, TimeSpan took) => Record(_parts, part, Math.Max(1, (long)took.TotalMicroseconds));

    /// <summary>The histograms of all copies by step.</summary>
    public static Dictionary<string, LongHistogram> Steps(IEnumerable<CopyFigures> copies) => ByName(copies.SelectMany(copy => copy._steps));

    /// <summary>The same of what steps are made of.</summary>
    public static Dictionary<string, LongHistogram> Parts(IEnumerable<CopyFigures> copies) => ByName(copies.SelectMany(copy => copy._parts));

    private void Ended(long began, long due, bool failed)
    {
        var now = Stopwatch.GetTimestamp();
        var wait = Stopwatch.GetElapsedTime(due, now);
        LongestWait = wait > LongestWait ? wait : LongestWait;
        if (!failed && wait <= Overdue)
            return;
        LastErrorAt = now;
        var (from, to) = ((int)(Stopwatch.GetElapsedTime(began, due) + (wait > Overdue ? Overdue : wait)).TotalSeconds, (int)Stopwatch.GetElapsedTime(began, now).TotalSeconds);
        _errorSeconds.Length = Math.Max(_errorSeconds.Length, to + 1);
        for (var second = Math.Max(0, from); second <= to; second++)
            _errorSeconds[second] = true;
    }

    /// <summary>How many seconds of the round were such that something failed in them, or was overdue.</summary>
    public static int ErrorSeconds(IReadOnlyList<CopyFigures> copies) =>
        Enumerable.Range(0, copies.Max(copy => copy._errorSeconds.Length)).Count(second => copies.Any(copy => second < copy._errorSeconds.Length && copy._errorSeconds[second]));

    private static void Record(Dictionary<string, LongHistogram> to, string name, long micros)
    {
        if (!to.TryGetValue(name, out var histogram))
            to[name] = histogram = NewHistogram();
        histogram.RecordValue(micros);
    }

    private static Dictionary<string, LongHistogram> ByName(IEnumerable<KeyValuePair<string, LongHistogram>> histograms)
    {
        Dictionary<string, LongHistogram> all = [];
        foreach (var (step, histogram) in histograms)
        {
            if (!all.TryGetValue(step, out var sum))
                all[step] = sum = NewHistogram();
            sum.Add(histogram);
        }
        return all;
    }

    /// <summary>Of microseconds, up to an hour.</summary>
    public static LongHistogram NewHistogram() => new(LongestMicros, 3);

    public static LongHistogram Sum(IEnumerable<LongHistogram> histograms)
    {
        var all = NewHistogram();
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

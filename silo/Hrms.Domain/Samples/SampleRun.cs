namespace Hrms.Domain.Samples;

/// <summary>Samples of one kind of one device: times strictly ascending (milliseconds since 1970), a value each, in the kind's own
/// unit.</summary>
public sealed record SampleRun(ReadOnlyMemory<long> Times, ReadOnlyMemory<double> Values)
{
    public int Count => Times.Length;

    /// <summary>The part in <c>[from, to)</c>; shares memory with the whole.</summary>
    public SampleRun Within(long from, long to)
    {
        var start = FirstAtOrAfter(from);
        var end = Math.Max(start, FirstAtOrAfter(to));
        return start == 0 && end == Count ? this : Slice(start, end - start);
    }

    public SampleRun Slice(int start, int count) => new(Times.Slice(start, count), Values.Slice(start, count));

    /// <summary>The index of the sample at a time, or negative.</summary>
    public int IndexOf(long time) => Times.Span.BinarySearch(time);

    /// <summary>Runs that share no time, as one.</summary>
    public static SampleRun Merge(IReadOnlyList<SampleRun> runs)
    {
        if (runs.Count == 1) return runs[0];
        var times = new long[runs.Sum(run => run.Count)];
        var values = new double[times.Length];
        var (at, sorted) = (0, true);
        foreach (var run in runs.Where(run => run.Count > 0).OrderBy(run => run.Times.Span[0]))
        {
            sorted &= at == 0 || times[at - 1] < run.Times.Span[0];
            run.Times.CopyTo(times.AsMemory(at));
            run.Values.CopyTo(values.AsMemory(at));
            at += run.Count;
        }
        if (!sorted) Array.Sort(times, values);
        return new SampleRun(times, values);
    }

    private int FirstAtOrAfter(long time)
    {
        var found = IndexOf(time);
        return found >= 0 ? found : ~found;
    }
}

using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>An item that can be stored. Sorts by kind, time and place in the batch: of two for one time the first sent wins.</summary>
internal readonly record struct SampleItem(SampleKind Kind, long Time, int Index, double Value) : IComparable<SampleItem>
{
    public DateOnly Day => ChunkInfo.DayOf(Kind, Time);

    public int CompareTo(SampleItem other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : Time != other.Time ? Time.CompareTo(other.Time) : Index.CompareTo(other.Index);
}

/// <summary>A batch's items of one kind and day, sorted, beside the day's chunks: one part of <see cref="SampleIntake"/>.</summary>
internal sealed class SampleDay
{
    private readonly SampleKind _kind;
    private readonly DateOnly _day;
    private readonly ReadOnlyMemory<SampleItem> _items;
    private readonly bool _over;
    private readonly IReadOnlyList<ChunkInfo> _merged;

    /// <param name="items">Sorted; none for a day that is only tidied.</param>
    /// <param name="over">Whether the batch begins a newer day: this one is left in as few chunks as it needs.</param>
    public SampleDay(SampleKind kind, DateOnly day, ReadOnlyMemory<SampleItem> items, bool over, ChunkBook book)
    {
        (_kind, _day, _items, _over) = (kind, day, items, over);
        var chunks = book.Of(kind, day);
        _merged = over ? ChunkPlan.ToClose(chunks) : ChunkPlan.ToMerge(chunks, items.Length);
        ToLoad = [.. _merged, .. chunks.Except(_merged).Where(Overlaps)];
    }

    /// <summary>First those to merge, then the others that may hold the same times.</summary>
    public IReadOnlyList<ChunkInfo> ToLoad { get; }

    /// <param name="loaded">The samples of <see cref="ToLoad"/>.</param>
    /// <param name="statuses">Of the whole batch; items that are not new get theirs here.</param>
    public ChunkChange? Complete(ReadOnlySpan<SampleRun> loaded, SampleStatus[] statuses)
    {
        var fresh = Fresh(loaded, statuses);
        if (fresh.Count == 0 && (!_over || _merged.Count < 2)) return null;
        var run = SampleRun.Merge([.. loaded[.._merged.Count], fresh]);
        return new ChunkChange(_kind, _day, ChunkPlan.Split(run), _merged);
    }

    private SampleRun Fresh(ReadOnlySpan<SampleRun> stored, SampleStatus[] statuses)
    {
        var times = new List<long>(_items.Length);
        var values = new List<double>(_items.Length);
        foreach (var item in _items.Span)
        {
            var known = times.Count > 0 && times[^1] == item.Time ? values[^1] : Find(stored, item.Time);
            if (known is not null)
            {
                statuses[item.Index] = known == item.Value ? SampleStatus.Duplicate : SampleStatus.Conflict;
                continue;
            }
            times.Add(item.Time);
            values.Add(item.Value);
        }
        return new SampleRun(times.ToArray(), values.ToArray());
    }

    private static double? Find(ReadOnlySpan<SampleRun> stored, long time)
    {
        foreach (var run in stored)
            if (run.IndexOf(time) is >= 0 and var found) return run.Values.Span[found];
        return null;
    }

    private bool Overlaps(ChunkInfo chunk) => _items.Length > 0 && chunk.From <= _items.Span[^1].Time && chunk.To >= _items.Span[0].Time;
}

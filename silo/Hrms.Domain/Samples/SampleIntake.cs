using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>
/// Takes a batch into a device's chunks, in two steps around the one read that it may need: <see cref="Prepare"/> judges the items and
/// says which chunks must be opened (<see cref="ToLoad"/>); <see cref="Complete"/> finds what is there already and says what is written. A
/// batch that comes twice changes nothing the second time, under whatever command.
/// </summary>
public sealed class SampleIntake
{
    private readonly SampleStatus[] _statuses;
    private readonly List<SampleDay> _days;

    private SampleIntake(SampleStatus[] statuses, List<SampleDay> days)
    {
        (_statuses, _days) = (statuses, days);
        ToLoad = [.. days.SelectMany(day => day.ToLoad)];
    }

    /// <summary>The chunks whose samples <see cref="Complete"/> needs, each once. Often none: new samples are mostly later than all stored
    /// ones.</summary>
    public IReadOnlyList<ChunkInfo> ToLoad { get; }

    /// <param name="now">Our clock: items that are ahead of it are rejected.</param>
    public static SampleIntake Prepare(SampleBatch batch, ChunkBook book, DateTimeOffset now)
    {
        var statuses = new SampleStatus[batch.Count];
        var items = new List<SampleItem>(batch.Count);
        var clock = now.ToUnixTimeMilliseconds();
        for (var i = 0; i < batch.Count; i++)
        {
            statuses[i] = SampleRules.Judge(batch.Kinds[i], batch.Times[i], batch.Values[i], batch.Units[i], clock, out var value);
            if (statuses[i] == SampleStatus.Stored) items.Add(new SampleItem(batch.Kinds[i], batch.Times[i], i, value));
        }
        items.Sort();
        return new SampleIntake(statuses, [.. Divide(items.ToArray(), book)]);
    }

    /// <param name="loaded">The samples of <see cref="ToLoad"/>, in its order.</param>
    /// <returns>The answer to the device, and what is appended in one event; no change when nothing of the batch is new.</returns>
    public (SampleIngestResult Result, IReadOnlyList<ChunkChange> Changes) Complete(IReadOnlyList<SampleRun> loaded)
    {
        if (loaded.Count != ToLoad.Count)
            throw new ArgumentException($"{ToLoad.Count} chunks were asked for, {loaded.Count} were given.", nameof(loaded));
        ReadOnlySpan<SampleRun> rest = loaded.ToArray();
        var changes = new List<ChunkChange>();
        foreach (var day in _days)
        {
            if (day.Complete(rest[..day.ToLoad.Count], _statuses) is { } change) changes.Add(change);
            rest = rest[day.ToLoad.Count..];
        }
        return (new SampleIngestResult(_statuses), changes);
    }

    /// <summary>Parts by kind and day, and the newest day so far of each kind that begins a newer one.</summary>
    private static IEnumerable<SampleDay> Divide(ReadOnlyMemory<SampleItem> items, ChunkBook book)
    {
        for (var start = 0; start < items.Length;)
        {
            var kind = items.Span[start].Kind;
            var end = start + LengthWhile(items.Span[start..], item => item.Kind == kind);
            var over = book.LatestDay(kind) is { } latest && latest < items.Span[end - 1].Day ? latest : (DateOnly?)null;
            var tidied = over is null;
            while (start < end)
            {
                var day = items.Span[start].Day;
                var length = LengthWhile(items.Span[start..end], item => item.Day == day);
                yield return new SampleDay(kind, day, items.Slice(start, length), over == day, book);
                tidied |= over == day;
                start += length;
            }
            if (!tidied) yield return new SampleDay(kind, over!.Value, default, over: true, book);
        }
    }

    private static int LengthWhile(ReadOnlySpan<SampleItem> items, Func<SampleItem, bool> holds)
    {
        var length = 1;
        while (length < items.Length && holds(items[length])) length++;
        return length;
    }
}

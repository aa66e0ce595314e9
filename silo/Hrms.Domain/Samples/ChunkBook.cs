using System.Collections.Immutable;
using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>The chunks of one device, by kind and day: the state that the grain folds its events into. No two of its chunks hold the same
/// kind and time.</summary>
public sealed class ChunkBook
{
    public static readonly ChunkBook Empty = new([]);

    private readonly ImmutableDictionary<SampleKind, Days> _kinds;

    private ChunkBook(ImmutableDictionary<SampleKind, Days> kinds) => _kinds = kinds;

    /// <summary>All chunks, for a snapshot; <see cref="Apply"/> takes them back.</summary>
    public IEnumerable<ChunkInfo> All => _kinds.Values.SelectMany(kind => kind.ByDay.Values).SelectMany(chunks => chunks);

    /// <summary>The chunks of a day, in no order.</summary>
    public ImmutableArray<ChunkInfo> Of(SampleKind kind, DateOnly day) =>
        _kinds.TryGetValue(kind, out var days) && days.ByDay.TryGetValue(day, out var chunks) ? chunks : [];

    /// <summary>The newest day that has samples of a kind.</summary>
    public DateOnly? LatestDay(SampleKind kind) => _kinds.TryGetValue(kind, out var days) ? days.Latest : null;

    /// <summary>The days with samples of a kind from one day through another, oldest first.</summary>
    public IEnumerable<DateOnly> DaysOf(SampleKind kind, DateOnly from, DateOnly through) => _kinds.TryGetValue(kind, out var days)
        ? days.ByDay.Keys.SkipWhile(day => day < from).TakeWhile(day => day <= through)
        : [];

    /// <summary>The book after one event: chunks taken away are found by their hash.</summary>
    public ChunkBook Apply(IEnumerable<ChunkInfo> added, IEnumerable<ChunkInfo> removed)
    {
        var kinds = _kinds;
        foreach (var chunk in removed)
            kinds = kinds.SetItem(chunk.Kind, kinds[chunk.Kind].Without(chunk));
        foreach (var chunk in added)
            kinds = kinds.SetItem(chunk.Kind, kinds.GetValueOrDefault(chunk.Kind, Days.None).With(chunk));
        return new ChunkBook(kinds);
    }

    private sealed record Days(ImmutableSortedDictionary<DateOnly, ImmutableArray<ChunkInfo>> ByDay, DateOnly Latest)
    {
        public static readonly Days None = new(ImmutableSortedDictionary<DateOnly, ImmutableArray<ChunkInfo>>.Empty, DateOnly.MinValue);

        public Days With(ChunkInfo chunk) => new(
            ByDay.SetItem(chunk.Day, ByDay.GetValueOrDefault(chunk.Day, []).Add(chunk)),
            chunk.Day > Latest ? chunk.Day : Latest);

        public Days Without(ChunkInfo chunk) =>
            this with { ByDay = ByDay.SetItem(chunk.Day, ByDay[chunk.Day].RemoveAll(one => one.Hash.AsSpan().SequenceEqual(chunk.Hash))) };
    }
}

using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Domain.Tests.Samples;

/// <summary>A device's chunks in memory: does with a batch what the device's grain does, without sealing and journal.</summary>
internal sealed class SampleShelf
{
    public static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, byte[]> _contents = [];

    public ChunkBook Book { get; private set; } = ChunkBook.Empty;

    public DateTimeOffset Now { get; set; } = Midnight.AddYears(1);

    /// <summary>How many samples were written in all, merges included.</summary>
    public long SamplesWritten { get; private set; }

    public int ChunksLoaded { get; private set; }

    public SampleIngestResult Take(SampleBatch batch)
    {
        var intake = SampleIntake.Prepare(batch, Book, Now);
        ChunksLoaded += intake.ToLoad.Count;
        var (result, changes) = intake.Complete([.. intake.ToLoad.Select(Open)]);
        Book = Book.Apply(changes.SelectMany(change => change.Add.Select(run => Store(change, run))), changes.SelectMany(change => change.Remove));
        return result;
    }

    public SamplePage Ask(SampleQuery query)
    {
        Assert.Null(SamplePager.Check(query));
        var pager = new SamplePager(query);
        foreach (var chunks in pager.Days(Book))
            if (pager.Add([.. chunks.Select(Open)])) break;
        return pager.Page;
    }

    public SampleRun All(SampleKind kind) => SampleRun.Merge([new SampleRun(default, default), .. Book.All.Where(chunk => chunk.Kind == kind).Select(Open)]);

    public static SampleBatch Batch(params IReadOnlyList<(SampleKind Kind, long Time, double Value, SampleUnit Unit)> items) => new(
        default, [], [.. items.Select(item => item.Kind)], [.. items.Select(item => item.Time)], [.. items.Select(item => item.Value)],
        [.. items.Select(item => item.Unit)]);

    public static SampleBatch HeartRates(IEnumerable<(long Time, double Value)> samples) =>
        Batch([.. samples.Select(sample => (SampleKind.HeartRate, sample.Time, sample.Value, SampleUnit.PerMinute))]);

    /// <summary>The time of a second of the test's days.</summary>
    public static long At(double second) => Midnight.AddSeconds(second).ToUnixTimeMilliseconds();

    private SampleRun Open(ChunkInfo chunk) => SampleChunk.Decode(chunk.Kind, _contents[Convert.ToHexString(chunk.Hash)]);

    private ChunkInfo Store(ChunkChange change, SampleRun run)
    {
        var bytes = SampleChunk.Encode(change.Kind, run);
        var hash = SHA256.HashData(bytes);
        _contents[Convert.ToHexString(hash)] = bytes;
        SamplesWritten += run.Count;
        return new ChunkInfo(change.Kind, change.Day, run.Times.Span[0], run.Times.Span[^1], run.Count, hash, bytes.Length);
    }
}

using System.Numerics;

namespace Hrms.Domain.Samples;

/// <summary>
/// Keeps a day readable however small the batches are that it came in, without writing it again for each of them: a log-structured merge.
/// Chunks have tiers by size (under 16 samples, 256, 4,096, 65,536, full); when a tier would get its sixteenth chunk, it is merged into
/// the next. So a day has at most 15 chunks a tier plus full ones, and a sample is written at most once a tier and once more when its day
/// is over.
/// </summary>
public static class ChunkPlan
{
    /// <summary>Chunks of a tier that become one of the next.</summary>
    public const int FanOut = 16;

    /// <summary>From this size on a chunk is not merged any more.</summary>
    public const int FullSamples = FanOut * FanOut * FanOut * FanOut;

    /// <summary>0 for under 16 samples, 1 for under 256, and so on.</summary>
    public static int Tier(int count) => BitOperations.Log2((uint)count) / BitOperations.Log2(FanOut);

    /// <summary>The chunks of a day that are merged with <paramref name="added"/> new samples of it; none when the new ones become a chunk
    /// of their own.</summary>
    public static IReadOnlyList<ChunkInfo> ToMerge(IReadOnlyList<ChunkInfo> day, int added)
    {
        var merged = new List<ChunkInfo>();
        var rest = day.Where(chunk => chunk.Count < FullSamples).ToList();
        for (long size = added; size < FullSamples;)
        {
            var tier = Tier((int)size);
            if (rest.Count(chunk => Tier(chunk.Count) == tier) + 1 < FanOut) break;
            var taken = rest.FindAll(chunk => Tier(chunk.Count) <= tier); // smaller ones come along for little
            merged.AddRange(taken);
            rest.RemoveAll(chunk => Tier(chunk.Count) <= tier);
            size += taken.Sum(chunk => (long)chunk.Count);
        }
        return merged;
    }

    /// <summary>The chunks of a day that become one when the day is over, that is when samples of a newer one come.</summary>
    public static IReadOnlyList<ChunkInfo> ToClose(IReadOnlyList<ChunkInfo> day) => [.. day.Where(chunk => chunk.Count < FullSamples)];

    /// <summary>A merged run in as few even parts as fit into chunks.</summary>
    public static IReadOnlyList<SampleRun> Split(SampleRun run)
    {
        var parts = (run.Count + SampleChunk.SamplesMax - 1) / SampleChunk.SamplesMax;
        return [.. Enumerable.Range(0, parts).Select(part =>
        {
            var start = (int)((long)run.Count * part / parts);
            return run.Slice(start, (int)((long)run.Count * (part + 1) / parts) - start);
        })];
    }
}

using System.Numerics;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Grains.Ledger;

/// <summary>Makes a batch of rows: the padded tree, its root and the nullifiers that go with it.</summary>
internal static class BatchMaker
{
    /// <summary>The first rows that together have at most so many nullifiers; the rest waits for the next batch.</summary>
    public static IReadOnlyList<LaneRow> Fitting(IReadOnlyList<LaneRow> rows, int nullifiersMax)
    {
        var nullifiers = 0;
        return [.. rows.TakeWhile(row => row.Nullifier is null || ++nullifiers <= nullifiersMax)];
    }

    public static (byte[] Root, byte[] Padding, byte[] Nullifiers) Make(IReadOnlyList<LaneRow> rows, LedgerWriterOptions options, IEntropy entropy)
    {
        var words = MerkleTree.PaddingFor(rows.Count) + (options.FixedCadence ? Depth(options.LeavesMax) - Depth(rows.Count) : 0);
        var padding = entropy.Bytes(Keccak256.SizeBytes * words);
        var tree = new BatchTree([.. rows.Select(row => row.Leaf)], padding);
        List<byte[]> nullifiers = [.. rows.Select(row => row.Nullifier).OfType<byte[]>()];
        if (options.FixedCadence)
            nullifiers.AddRange(entropy.Bytes(Keccak256.SizeBytes * (Padded(nullifiers.Count, options) - nullifiers.Count)).Chunk(Keccak256.SizeBytes));
        // Their order must not tell which leaf they belong to.
        nullifiers.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        return (tree.Root, padding, [.. nullifiers.SelectMany(nullifier => nullifier)]);
    }

    /// <summary>Always the same few; where they don't suffice, the next power of two, so that a burst shows in its rough size only.</summary>
    private static int Padded(int count, LedgerWriterOptions options) => count <= options.NullifiersEach
        ? options.NullifiersEach
        : Math.Min(options.NullifiersMax, (int)BitOperations.RoundUpToPowerOf2((uint)count));

    private static int Depth(int leaves) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(leaves, 1)));
}

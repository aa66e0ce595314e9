using System.Numerics;

namespace Hrms.Domain.Proofs;

/// <summary>
/// A Merkle tree over a power of two of leaves with sorted pairs, as OpenZeppelin's <c>MerkleProof</c> verifies. A batch pads its leaves with random
/// ones, so that neither the tree's shape nor a repeated leaf tells how many events there were.
/// </summary>
public sealed class MerkleTree
{
    private readonly byte[][][] _levels;

    public MerkleTree(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0 || !BitOperations.IsPow2(leaves.Count))
            throw new ArgumentException($"A batch has a power of two of leaves; got {leaves.Count}. Pad it first.", nameof(leaves));
        _levels = new byte[BitOperations.Log2((uint)leaves.Count) + 1][][];
        _levels[0] = [.. leaves];
        for (var level = 1; level < _levels.Length; level++)
        {
            var below = _levels[level - 1];
            _levels[level] = new byte[below.Length / 2][];
            for (var i = 0; i < _levels[level].Length; i++)
                _levels[level][i] = Keccak256.HashSortedPair(below[2 * i], below[2 * i + 1]);
        }
    }

    public byte[] Root => _levels[^1][0];

    /// <summary>How many leaves fill <paramref name="count"/> up to a power of two.</summary>
    public static int PaddingFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1)) - count;

    /// <summary>The siblings from the leaf up to, and without, the root.</summary>
    public IReadOnlyList<byte[]> Path(int index) =>
        [.. Enumerable.Range(0, _levels.Length - 1).Select(level => _levels[level][(index >> level) ^ 1])];

    /// <summary>The root that a leaf and its path lead to; the caller compares it with the one on the ledger.</summary>
    public static byte[] RootOf(byte[] leaf, IEnumerable<byte[]> path) => path.Aggregate(leaf, (node, sibling) => Keccak256.HashSortedPair(node, sibling));
}

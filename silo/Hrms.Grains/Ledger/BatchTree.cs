using Hrms.Domain.Proofs;

namespace Hrms.Grains.Ledger;

/// <summary>
/// The tree of a batch. Its padding is random words: leaves that fill up to a power of two, then siblings of the root so far, each a level more, so that the
/// paths of a small and a large batch are equally long. A path can't tell such a word from the root of a full subtree.
/// </summary>
internal sealed class BatchTree
{
    private readonly MerkleTree _tree;
    private readonly IReadOnlyList<byte[]> _above;

    public BatchTree(IReadOnlyList<byte[]> rows, byte[] padding)
    {
        var words = padding.Chunk(Keccak256.SizeBytes).ToList();
        var leaves = Math.Min(MerkleTree.PaddingFor(rows.Count), words.Count);
        _tree = new MerkleTree([.. rows, .. words.Take(leaves)]);
        _above = words[leaves..];
        Root = MerkleTree.RootOf(_tree.Root, _above);
    }

    public byte[] Root { get; }

    /// <summary>The siblings from the leaf up to, and without, the root.</summary>
    public IReadOnlyList<byte[]> Path(int index) => [.. _tree.Path(index), .. _above];
}

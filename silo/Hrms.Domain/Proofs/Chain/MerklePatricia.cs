namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// Checks what a Merkle-Patricia trie holds under a key, from its root and the nodes on the way (yellow paper, appendix D; the nodes as
/// <c>eth_getProof</c> lists them, EIP-1186). State, storage, transactions and receipts of a block are such tries.
/// </summary>
public static class MerklePatricia
{
    /// <summary>The root of a trie without entries.</summary>
    public static readonly byte[] EmptyRoot = Keccak256.Hash(0x80);

    /// <summary>
    /// False when the nodes prove nothing. True when they prove the value under the key, or, with a null value, that the trie has none. Each node must
    /// be used: one too many is no proof.
    /// </summary>
    public static bool TryFind(byte[] root, ReadOnlySpan<byte> key, IReadOnlyList<byte[]> nodes, out byte[]? value)
    {
        value = null;
        if (nodes.Count == 0)
            return root.AsSpan().SequenceEqual(EmptyRoot);
        try
        {
            return Walk(root, Nibbles(key), new Queue<byte[]>(nodes), out value);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    internal static byte[] Nibbles(ReadOnlySpan<byte> bytes)
    {
        var nibbles = new byte[2 * bytes.Length];
        for (var i = 0; i < nibbles.Length; i++)
            nibbles[i] = (byte)(i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xf);
        return nibbles;
    }

    private static bool Walk(byte[] root, ReadOnlySpan<byte> rest, Queue<byte[]> nodes, out byte[]? value)
    {
        value = null;
        if (TakeNode(root, nodes) is not { } node)
            return false;
        while (true)
        {
            if (!node.IsList)                                   // an empty place: the trie has nothing under the key
                return node.Bytes.Length == 0 && nodes.Count == 0;
            var items = node.Items;
            RlpItem next;
            if (items.Count == 17)
            {
                if (rest.Length == 0)
                    return Found(items[16], nodes, out value);
                next = items[rest[0]];
                rest = rest[1..];
            }
            else
            {
                var (path, isLeaf) = ReadPath(items);
                if (!rest.StartsWith(path))
                    return nodes.Count == 0;
                rest = rest[path.Length..];
                if (isLeaf)
                    return rest.Length == 0 ? Found(items[1], nodes, out value) : nodes.Count == 0;
                next = items[1];
            }
            // A child of 32 bytes and more is named by its hash, a smaller one stands in its parent.
            if (!next.IsList && next.Bytes is { Length: Keccak256.SizeBytes } hash)
            {
                if (TakeNode(hash, nodes) is not { } child)
                    return false;
                next = child;
            }
            node = next;
        }
    }

    private static bool Found(RlpItem item, Queue<byte[]> nodes, out byte[]? value)
    {
        value = item.Bytes is { Length: > 0 } bytes ? bytes : null;
        return nodes.Count == 0;
    }

    private static RlpItem? TakeNode(byte[] hash, Queue<byte[]> nodes) =>
        nodes.TryDequeue(out var encoded) && Keccak256.Hash(encoded).AsSpan().SequenceEqual(hash) ? RlpItem.Read(encoded) : null;

    /// <summary>Hex-prefix: the first nibble tells leaf or extension, and whether a nibble was filled in to make whole bytes.</summary>
    private static (byte[] Path, bool IsLeaf) ReadPath(IReadOnlyList<RlpItem> items)
    {
        var nibbles = items.Count == 2 ? Nibbles(items[0].Bytes) : [];
        if (nibbles.Length == 0 || nibbles[0] > 3 || (nibbles[0] % 2 == 0 && nibbles[1] != 0))
            throw new FormatException("A trie's node is misshapen.");
        return (nibbles[(nibbles[0] % 2 == 0 ? 2 : 1)..], nibbles[0] >= 2);
    }
}

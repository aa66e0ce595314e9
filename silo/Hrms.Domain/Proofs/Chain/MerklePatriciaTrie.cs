namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// Builds a Merkle-Patricia trie over few entries and the proof of one of them: a node gives proofs of its state, of a block's transactions and receipts
/// it gives none. Used by whoever fetches a witness; <see cref="MerklePatricia"/> checks the outcome.
/// </summary>
public sealed class MerklePatriciaTrie
{
    private readonly List<(byte[] Path, byte[] Value)> _entries;

    /// <param name="entries">Different keys, no empty value.</param>
    public MerklePatriciaTrie(IEnumerable<(byte[] Key, byte[] Value)> entries) =>
        _entries = [.. entries.Select(entry => (MerklePatricia.Nibbles(entry.Key), entry.Value))];

    /// <summary>The trie of a block's transactions or receipts: the key is the place in the block (yellow paper, section 4.3.2).</summary>
    public static MerklePatriciaTrie OfList(IReadOnlyList<byte[]> items) => new(items.Select((item, index) => (Rlp.Number((ulong)index), item)));

    public byte[] Root => _entries.Count == 0 ? MerklePatricia.EmptyRoot : Keccak256.Hash(Encode(_entries, 0, null, []));

    /// <summary>The nodes from the root towards the key.</summary>
    public IReadOnlyList<byte[]> Prove(ReadOnlySpan<byte> key)
    {
        LinkedList<byte[]> nodes = [];
        if (_entries.Count > 0)
            Encode(_entries, 0, MerklePatricia.Nibbles(key), nodes);
        return [.. nodes];
    }

    /// <param name="target">The key whose nodes are wanted, when it leads here; else null.</param>
    private static byte[] Encode(List<(byte[] Path, byte[] Value)> entries, int depth, byte[]? target, LinkedList<byte[]> nodes)
    {
        byte[] node;
        var first = entries[0].Path;
        if (entries.Count == 1)
        {
            node = Rlp.List(Rlp.Bytes(HexPrefix(first.AsSpan(depth), isLeaf: true)), Rlp.Bytes(entries[0].Value));
        }
        else if (entries.Min(entry => entry.Path.AsSpan().CommonPrefixLength(first)) is var shared && shared > depth)
        {
            var leadsOn = target is not null && target.AsSpan().StartsWith(first.AsSpan(0, shared)) ? target : null;
            node = Rlp.List(Rlp.Bytes(HexPrefix(first.AsSpan(depth, shared - depth), isLeaf: false)), Reference(Encode(entries, shared, leadsOn, nodes)));
        }
        else
        {
            var items = Enumerable.Repeat(Rlp.Bytes([]), 17).ToArray();
            foreach (var branch in entries.Where(entry => entry.Path.Length > depth).GroupBy(entry => entry.Path[depth]))
            {
                var leadsOn = target is not null && target.Length > depth && target[depth] == branch.Key ? target : null;
                items[branch.Key] = Reference(Encode([.. branch], depth + 1, leadsOn, nodes));
            }
            foreach (var (_, value) in entries.Where(entry => entry.Path.Length == depth))
                items[16] = Rlp.Bytes(value);
            node = Rlp.List(items);
        }
        if (target is not null && (depth == 0 || node.Length >= Keccak256.SizeBytes))
            nodes.AddFirst(node);
        return node;
    }

    private static byte[] Reference(byte[] node) => node.Length < Keccak256.SizeBytes ? node : Rlp.Bytes(Keccak256.Hash(node));

    private static byte[] HexPrefix(ReadOnlySpan<byte> nibbles, bool isLeaf)
    {
        var isOdd = nibbles.Length % 2;
        byte[] padded = [(byte)((isLeaf ? 2 : 0) + isOdd), .. isOdd == 1 ? [] : new byte[] { 0 }, .. nibbles];
        var bytes = new byte[padded.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(padded[2 * i] << 4 | padded[2 * i + 1]);
        return bytes;
    }
}

using System.Buffers.Binary;

namespace Hrms.Domain.Proofs;

/// <summary>
/// What one event leaves on the ledger:
/// <c>keccak256(keccak256(salt ‖ stream ‖ version ‖ prevLeaf ‖ keccak256(ciphertext)))</c>.
/// Words of 32 bytes but for the version, which is a big-endian uint64; the stream's id stands in the low 16 bytes of its word. Hashed twice, so that a
/// leaf can never be taken for an inner node of the tree (OpenZeppelin, MerkleProof). The salt keeps a reader who guesses the content from
/// checking the guess; the previous leaf chains a stream, so that a missing or reordered event shows.
/// </summary>
public static class Leaf
{
    public const int SaltBytes = 32;

    /// <summary>The previous leaf of a stream's first event.</summary>
    public static readonly byte[] Genesis = new byte[Keccak256.SizeBytes];

    public static byte[] Compute(ReadOnlySpan<byte> salt, Guid stream, long version, ReadOnlySpan<byte> prevLeaf, ReadOnlySpan<byte> ciphertext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(prevLeaf.Length, Keccak256.SizeBytes);
        Span<byte> preimage = stackalloc byte[32 + 32 + 8 + 32 + 32];
        preimage.Clear();
        salt.CopyTo(preimage);
        stream.TryWriteBytes(preimage[48..64], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(preimage[64..72], version);
        prevLeaf.CopyTo(preimage[72..104]);
        Keccak256.Hash(ciphertext).CopyTo(preimage[104..]);
        return Keccak256.Hash(Keccak256.Hash(preimage));
    }
}

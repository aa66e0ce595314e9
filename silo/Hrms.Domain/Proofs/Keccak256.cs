using Org.BouncyCastle.Crypto.Digests;

namespace Hrms.Domain.Proofs;

/// <summary>The hash of the EVM (Keccak-256, the padding before FIPS 202). The one place where a leaf, a node or an address is hashed.</summary>
public static class Keccak256
{
    public const int SizeBytes = 32;

    // It begins anew with each final: ten are needed for a change, and each has half a kilobyte.
    [ThreadStatic]
    private static KeccakDigest? _digest;

    public static byte[] Hash(params ReadOnlySpan<byte> data)
    {
        var digest = _digest ??= new KeccakDigest(256);
        digest.BlockUpdate(data);
        var hash = new byte[SizeBytes];
        digest.DoFinal(hash);
        return hash;
    }

    /// <summary>The hash of two words next to each other, the smaller first: a node of a sorted-pair Merkle tree.</summary>
    public static byte[] HashSortedPair(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> pair = stackalloc byte[2 * SizeBytes];
        var leftFirst = left.SequenceCompareTo(right) <= 0;
        (leftFirst ? left : right).CopyTo(pair);
        (leftFirst ? right : left).CopyTo(pair[SizeBytes..]);
        return Hash(pair);
    }
}

using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Ledger.Wire;

/// <summary>An account or contract of the chain: the last 20 bytes of a hash.</summary>
public readonly record struct Address
{
    public const int SizeBytes = 20;
    private readonly byte[] _bytes;

    public Address(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, SizeBytes);
        _bytes = bytes.ToArray();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <param name="uncompressed">The public key's two coordinates, 64 bytes.</param>
    public static Address OfPublicKey(ReadOnlySpan<byte> uncompressed) => new(Keccak256.Hash(uncompressed).AsSpan(12));

    /// <summary>Where a contract lands that <paramref name="creator"/> deploys with its transaction of this nonce (yellow paper, section 7).</summary>
    public static Address OfContract(Address creator, ulong nonce) =>
        new(Keccak256.Hash(Rlp.List(Rlp.Bytes(creator.Bytes), Rlp.Number(nonce))).AsSpan(12));

    /// <summary>Reads an address in any letter case; a mixed-case checksum (EIP-55) is not verified.</summary>
    public static bool TryParse(string? text, out Address address)
    {
        var parsed = Hex.TryParse(text?.ToLowerInvariant(), out var bytes) && bytes.Length == SizeBytes;
        address = parsed ? new Address(bytes) : default;
        return parsed;
    }

    public bool Equals(Address other) => Bytes.SequenceEqual(other.Bytes);

    public override int GetHashCode() => Bytes.IsEmpty ? 0 : BitConverter.ToInt32(Bytes);

    public override string ToString() => Hex.Of(Bytes);
}

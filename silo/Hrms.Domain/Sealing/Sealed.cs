using System.Security.Cryptography;
using Hrms.Domain.Ports;

namespace Hrms.Domain.Sealing;

/// <summary>
/// AES-256-GCM with a key commitment in front: <c>format (1) ‖ commitment (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16)</c>.
/// GCM alone does not commit to its key: one ciphertext can be made to open under two keys to two texts. The commitment is a hash of the key
/// and is part of what is authenticated and of what the ledger's leaf covers, so a shown key opens to one text only.
/// </summary>
public static class Sealed
{
    public const int KeyBytes = 32;
    private const byte Format = 1;
    private const int CommitmentBytes = 16, NonceBytes = 12, TagBytes = 16;
    private const int HeaderBytes = 1 + CommitmentBytes + NonceBytes;

    /// <summary>How many bytes a sealed text is longer than the text.</summary>
    public const int OverheadBytes = HeaderBytes + TagBytes;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, IEntropy entropy)
    {
        var result = new byte[OverheadBytes + plaintext.Length];
        var span = result.AsSpan();
        span[0] = Format;
        Commit(key, span.Slice(1, CommitmentBytes));
        var nonce = span.Slice(1 + CommitmentBytes, NonceBytes);
        entropy.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plaintext, span[HeaderBytes..^TagBytes], span[^TagBytes..], Bind(span[..(1 + CommitmentBytes)], associatedData));
        return result;
    }

    /// <exception cref="SealBrokenException">Wrong key, wrong place, or changed bytes: which of them is not told.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associatedData)
    {
        if (sealedBytes.Length < OverheadBytes || sealedBytes[0] != Format)
            throw new SealBrokenException();
        Span<byte> commitment = stackalloc byte[CommitmentBytes];
        Commit(key, commitment);
        if (!CryptographicOperations.FixedTimeEquals(commitment, sealedBytes.Slice(1, CommitmentBytes)))
            throw new SealBrokenException();
        var plaintext = new byte[sealedBytes.Length - OverheadBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                sealedBytes.Slice(1 + CommitmentBytes, NonceBytes), sealedBytes[HeaderBytes..^TagBytes], sealedBytes[^TagBytes..], plaintext,
                Bind(sealedBytes[..(1 + CommitmentBytes)], associatedData));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealBrokenException();
        }
        return plaintext;
    }

    private static void Commit(ReadOnlySpan<byte> key, Span<byte> commitment)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, "hrms/key-commitment/1"u8, hash);
        hash[..CommitmentBytes].CopyTo(commitment);
    }

    private static byte[] Bind(ReadOnlySpan<byte> header, ReadOnlySpan<byte> associatedData) => [.. header, .. associatedData];
}

/// <summary>Sealed bytes did not open. Deliberately says nothing about why.</summary>
public sealed class SealBrokenException() : Exception("The sealed bytes do not open here: they, their place or the key are not what they were.");

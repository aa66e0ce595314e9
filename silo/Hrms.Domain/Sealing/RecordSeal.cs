using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Ports;

namespace Hrms.Domain.Sealing;

/// <summary>
/// Envelope encryption of content: a random data key that is used once, wrapped by the owner's key. The seal is bound to the place of the content, so that a row
/// moved elsewhere does not open. The address is the SHA-256 of the sealed bytes.
/// </summary>
public static class ContentSeal
{
    public static SealedContent Seal(StreamKeys keys, ReadOnlySpan<byte> place, ReadOnlySpan<byte> content, IEntropy entropy)
    {
        var dataKey = entropy.Bytes(Sealed.KeyBytes);
        var ciphertext = Sealed.Seal(dataKey, content, place, entropy);
        var wrapped = keys.WrapDataKey(dataKey, place, entropy);
        CryptographicOperations.ZeroMemory(dataKey);
        return new SealedContent(SHA256.HashData(ciphertext), wrapped, ciphertext);
    }

    /// <exception cref="SealBrokenException">The content is not what was stored at this place.</exception>
    public static byte[] Open(StreamKeys keys, ReadOnlySpan<byte> place, ReadOnlySpan<byte> hash, SealedContent? content)
    {
        if (content is null || !SHA256.HashData(content.Ciphertext).AsSpan().SequenceEqual(hash))
            throw new SealBrokenException();
        return Sealed.Open(keys.UnwrapDataKey(content.WrappedKey, place), content.Ciphertext, place);
    }
}

/// <summary>The content of one record version: FHIR JSON, deflated, sealed at its place.</summary>
public static class RecordSeal
{
    public const string FhirJson = "application/fhir+json";

    /// <summary>Most bytes of one content. Intake takes resources of 8 MiB; written as JSON with every character escaped they have six times as much.</summary>
    public const int ContentBytesMax = 64 * 1024 * 1024;

    /// <summary>What the seal is bound to, as text that a proof can carry.</summary>
    public static string Place(StreamId stream, Guid item, int version, string mediaType) => $"{stream}/{item:D}/{version}/{mediaType}";

    /// <exception cref="ArgumentException">The content is larger than what is opened again.</exception>
    public static SealedContent Seal(StreamKeys keys, string place, ReadOnlySpan<byte> content, IEntropy entropy) =>
        content.Length > ContentBytesMax
            ? throw new ArgumentException($"A content of {content.Length} bytes; at most {ContentBytesMax} can be sealed.", nameof(content))
            : ContentSeal.Seal(keys, Encoding.UTF8.GetBytes(place), Deflated.Compress(content), entropy);

    /// <exception cref="SealBrokenException">The content is not what was stored at this place.</exception>
    public static byte[] Open(StreamKeys keys, string place, ReadOnlySpan<byte> hash, SealedContent? content) =>
        Deflated.Expand(ContentSeal.Open(keys, Encoding.UTF8.GetBytes(place), hash, content), ContentBytesMax);

    /// <summary>Opens with a shown data key: what a verifier does, with bytes of a stranger.</summary>
    /// <exception cref="SealBrokenException">The key does not open the bytes at this place.</exception>
    /// <exception cref="InvalidDataException">They open, and are no content: not deflated, or larger than any.</exception>
    public static byte[] OpenWith(ReadOnlySpan<byte> dataKey, string place, ReadOnlySpan<byte> ciphertext) =>
        Deflated.Expand(Sealed.Open(dataKey, ciphertext, Encoding.UTF8.GetBytes(place)), ContentBytesMax);
}

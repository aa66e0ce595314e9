using System.Buffers.Binary;
using System.Security.Cryptography;
using Hrms.Domain.Ports;

namespace Hrms.Domain.Sealing;

/// <summary>
/// The keys below an owner's key (HKDF-SHA-256, RFC 5869). Each event has a key of its own, so that a proof of one event can carry its key
/// and opens nothing else. Record contents have random data keys that are wrapped here.
/// </summary>
public sealed class StreamKeys(StreamId stream, OwnerKey owner)
{
    // The first half of the derivation is the same for all of them.
    private readonly byte[] _extracted = HKDF.Extract(HashAlgorithmName.SHA256, owner.Key, owner.KeyId.ToByteArray(bigEndian: true));

    public StreamId Stream => stream;

    public Guid KeyId => owner.KeyId;

    /// <summary>The key of one event; shown in its proof.</summary>
    public byte[] EventKey(long version) => Derive("event", version);

    public byte[] SealEvent(long version, ReadOnlySpan<byte> plaintext, IEntropy entropy) =>
        Sealed.Seal(EventKey(version), plaintext, EventPlace(stream, version), entropy);

    public byte[] OpenEvent(long version, ReadOnlySpan<byte> payload) => Sealed.Open(EventKey(version), payload, EventPlace(stream, version));

    public byte[] SealSnapshot(long version, ReadOnlySpan<byte> plaintext, IEntropy entropy) =>
        Sealed.Seal(Derive("snapshot", version), plaintext, Place("snapshot", version), entropy);

    public byte[] OpenSnapshot(long version, ReadOnlySpan<byte> payload) => Sealed.Open(Derive("snapshot", version), payload, Place("snapshot", version));

    /// <summary>Wraps a data key for content whose place (record, version, media type) is <paramref name="place"/>.</summary>
    public byte[] WrapDataKey(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> place, IEntropy entropy) =>
        Sealed.Seal(Derive("data-key", 0), dataKey, place, entropy);

    public byte[] UnwrapDataKey(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> place) => Sealed.Open(Derive("data-key", 0), wrapped, place);

    /// <summary>What an event's seal is bound to: a row moved to another stream or version does not open. A verifier builds it too.</summary>
    public static byte[] EventPlace(StreamId stream, long version) => Place("event", stream, version);

    private byte[] Place(string use, long version) => Place(use, stream, version);

    private static byte[] Place(string use, StreamId stream, long version)
    {
        var place = new byte[16 + 8 + use.Length];
        stream.Value.TryWriteBytes(place, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(16), version);
        System.Text.Encoding.ASCII.GetBytes(use, place.AsSpan(24));
        return place;
    }

    private byte[] Derive(string use, long version)
    {
        var key = new byte[Sealed.KeyBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, _extracted, key, Place(use, version));
        return key;
    }
}

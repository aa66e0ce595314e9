namespace Hrms.Domain.Proofs.Chain;

/// <summary>Recursive length prefix (Ethereum yellow paper, appendix B): how transactions, headers and trie nodes are written down.
/// <see cref="RlpItem"/> reads it.</summary>
public static class Rlp
{
    public static byte[] Bytes(ReadOnlySpan<byte> value) =>
        value.Length == 1 && value[0] < 0x80 ? [value[0]] : [.. Header(0x80, value.Length), .. value];

    /// <summary>A number: big-endian without leading zeros; zero is empty.</summary>
    public static byte[] Number(ulong value) => Bytes(BigEndian(value));

    /// <summary>A 256-bit number given as bytes, leading zeros allowed.</summary>
    public static byte[] Number(ReadOnlySpan<byte> bigEndian) => Bytes(bigEndian.TrimStart((byte)0));

    /// <summary>A list of items that are encoded already.</summary>
    public static byte[] List(params ReadOnlySpan<byte[]> items)
    {
        byte[] body = [];
        foreach (var item in items)
            body = [.. body, .. item];
        return [.. Header(0xc0, body.Length), .. body];
    }

    private static byte[] Header(byte kind, int length)
    {
        if (length <= 55)
            return [(byte)(kind + length)];
        var size = BigEndian((ulong)length);
        return [(byte)(kind + 55 + size.Length), .. size];
    }

    private static byte[] BigEndian(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes.TrimStart((byte)0).ToArray();
    }
}

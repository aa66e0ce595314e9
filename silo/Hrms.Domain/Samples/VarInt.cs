namespace Hrms.Domain.Samples;

/// <summary>Numbers in as many 7-bit groups as they need, least first (LEB128); signed ones zigzag, so that small ones of both signs are
/// short.</summary>
internal ref struct VarIntWriter(Span<byte> buffer)
{
    public const int BytesMax = 10;

    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Write(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[Length++] = (byte)value;
    }

    public void WriteSigned(long value) => Write((ulong)(value << 1) ^ (ulong)(value >> 63));
}

/// <summary>Reads what <see cref="VarIntWriter"/> wrote, never past the end.</summary>
internal ref struct VarIntReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <exception cref="SampleChunkBrokenException">The bytes end inside a number, or it does not fit 64 bits.</exception>
    public ulong Read()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Position >= _bytes.Length) throw new SampleChunkBrokenException($"ends inside a number at byte {Position}");
            var group = _bytes[Position++];
            if (shift == 63 && group > 1) break;
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80) return value;
        }
        throw new SampleChunkBrokenException($"has a number over 64 bits before byte {Position}");
    }

    public long ReadSigned()
    {
        var value = Read();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}

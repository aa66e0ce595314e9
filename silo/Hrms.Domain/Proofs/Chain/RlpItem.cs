namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// One item of recursive length prefix, read strictly: each value has one encoding, and a second one of the same value is refused
/// (yellow paper, appendix B). A list's items are read when asked for, so that deep nesting costs nothing.
/// </summary>
public sealed class RlpItem
{
    private readonly ReadOnlyMemory<byte> _payload;

    private RlpItem(ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> payload, bool isList) => (Encoded, _payload, IsList) = (encoded, payload, isList);

    public bool IsList { get; }

    /// <summary>The item with its prefix.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The value of an item that is no list.</summary>
    /// <exception cref="FormatException">It is a list.</exception>
    public byte[] Bytes => IsList ? throw new FormatException("A list stands where a value is expected.") : _payload.ToArray();

    /// <exception cref="FormatException">It is no list, or one of its items is misshapen.</exception>
    public IReadOnlyList<RlpItem> Items
    {
        get
        {
            if (!IsList)
                throw new FormatException("A value stands where a list is expected.");
            List<RlpItem> items = [];
            for (var rest = _payload; rest.Length > 0; rest = rest[items[^1].Encoded.Length..])
                items.Add(First(rest));
            return items;
        }
    }

    /// <summary>Reads bytes that are one item and nothing after it.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    public static RlpItem Read(ReadOnlyMemory<byte> encoded) =>
        First(encoded) is var item && item.Encoded.Length == encoded.Length ? item : throw new FormatException("Bytes follow the item.");

    /// <summary>A number below 2^63.</summary>
    /// <exception cref="FormatException">A list, too long, or with leading zeros.</exception>
    public long Number()
    {
        var bytes = Bytes;
        if (bytes.Length > 8 || (bytes.Length > 0 && bytes[0] == 0) || (bytes.Length == 8 && bytes[0] >= 0x80))
            throw new FormatException("A value is no number below 2^63 without leading zeros.");
        return bytes.Aggregate(0L, (number, digit) => number << 8 | digit);
    }

    private static RlpItem First(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0)
            throw new FormatException("An item is missing.");
        var prefix = bytes.Span[0];
        if (prefix < 0x80)
            return new RlpItem(bytes[..1], bytes[..1], isList: false);
        var isList = prefix >= 0xc0;
        var small = prefix - (isList ? 0xc0 : 0x80);
        var (start, length) = small <= 55 ? (1, small) : LongLength(bytes.Span[1..], small - 55);
        if (length > bytes.Length - start)
            throw new FormatException("An item is cut off.");
        var payload = bytes.Slice(start, length);
        if (!isList && length == 1 && payload.Span[0] < 0x80)
            throw new FormatException("A small byte has a prefix that it must not have.");
        return new RlpItem(bytes[..(start + length)], payload, isList);
    }

    private static (int Start, int Length) LongLength(ReadOnlySpan<byte> digits, int size)
    {
        if (size > 4 || digits.Length < size || digits[0] == 0)
            throw new FormatException("An item's length is misshapen.");
        var length = 0L;
        foreach (var digit in digits[..size])
            length = length << 8 | digit;
        return length is > 55 and <= int.MaxValue ? (1 + size, (int)length) : throw new FormatException("An item's length is misshapen.");
    }
}

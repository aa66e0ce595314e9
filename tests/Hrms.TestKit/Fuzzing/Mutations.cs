using System.Text;

namespace Hrms.TestKit.Fuzzing;

/// <summary>Damage as it comes over wires and as attackers do it: bits, bytes, pieces cut, doubled, moved and taken from elsewhere, and texts that parsers are known to stumble over.</summary>
public static class Mutations
{
    private const int LengthMax = 64 * 1024, DamagesMax = 6, RepeatsMax = 400;

    private static readonly byte[][] Stumbles =
    [
        .. new[]
        {
            "null", "true", "-1", "-0", "1e999", "1E-400", "0.1e1", "99999999999999999999", "18446744073709551616", "-9223372036854775809", "NaN", "[]", "{}", "[[]]", "[null]", "\"\"", "{\"\":1}",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "\\u0000", "\\", "\"", "'", ",", ":", "{", "}", "[", "]", "(", ")", "$", "@", "#", "!", "...", "|", "/", "//", "\\\\", "..", ".", "-", "+", "=", "&", "%", "%00", "%ff", "?", ";",
            "<", ">", "<!--", "<![CDATA[", "]]>", "&amp;", "&#0;", "&x;", "\r\n", "\n\n", "\t", "\0", "0x", "0X", "0x0", "0xffffffffffffffffff", "T", "Z", "+14:00", "-99:99", "0001-01-01", "9999-12-31", "2020-02-30",
            "24:00:00", "23:59:60", "2020-01-01T00:00:00.0000000000000001Z", "urn:", "urn:uuid:", "http://", "http:", "#", "__typename", "__schema{types{name}}", "fragment F on Query{...F}", "query", "mutation", "subscription",
            "00000000-0000-0000-0000-000000000000", "resourceType", "eyJ", "at+jwt", "patient/*.cruds", "Observation?", "id", "type", "\uFEFF", "\u202E", "\u0130", "ẞ", "😀", "e\u0301",
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0x1F, 0x8B, 0x08], [0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xB8], [0xBF], [0xC0],
    ];

    /// <summary>One good input after some damage.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> good, Random random)
    {
        var bytes = good[random.Next(good.Count)];
        for (var damage = random.Next(1, DamagesMax); damage > 0; damage--)
            bytes = Once(bytes, good, random);
        return bytes.Length <= LengthMax ? bytes : bytes[..LengthMax];
    }

    private static byte[] Once(byte[] bytes, IReadOnlyList<byte[]> good, Random random)
    {
        var (at, length) = (random.Next(bytes.Length + 1), random.Next(1, random.Next(4) == 0 ? 64 : 6));
        var until = Math.Min(at + length, bytes.Length);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Length:
                return [.. bytes[..at], (byte)(bytes[at] ^ 1 << random.Next(8)), .. bytes[(at + 1)..]];
            case 1:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. bytes[until..]];
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. Enumerable.Repeat(bytes[at..until], random.Next(1, RepeatsMax)).SelectMany(piece => piece), .. bytes[at..]];
            case 5:
                var other = good[random.Next(good.Count)];
                var from = random.Next(other.Length + 1);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(64))], .. bytes[at..]];
            case 6:
                return Replaced(bytes, at, random);
            default:
                return [.. bytes[..at], .. Stumbles[random.Next(Stumbles.Length)], .. bytes[(random.Next(2) == 0 ? at : until)..]];
        }
    }

    /// <summary>Another value in the place of a JSON member's.</summary>
    private static byte[] Replaced(byte[] bytes, int at, Random random)
    {
        var start = bytes.AsSpan(at).IndexOf((byte)':') is >= 0 and var colon ? at + colon + 1 : at;
        var end = bytes.AsSpan(start).IndexOfAny((byte)',', (byte)'}', (byte)']') is >= 0 and var stop ? start + stop : bytes.Length;
        return [.. bytes[..start], .. Stumbles[random.Next(Stumbles.Length)], .. bytes[end..]];
    }
}

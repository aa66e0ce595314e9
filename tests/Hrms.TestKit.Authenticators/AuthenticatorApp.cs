using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Hrms.TestKit;

/// <summary>An app on a phone that shows six digits (RFC 6238), by the machine's clock as Identity has it.</summary>
public static class AuthenticatorApp
{
    /// <summary>The key that the page shows, this once.</summary>
    public static string KeyOn(string html) => Regex.Match(html, "<code>(.*?)</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <param name="later">How many steps of half a minute: an app whose clock goes fast, which is taken for two of them. A code is good once.</param>
    public static string CodeOf(string key, int later = 0) => CodeAt(key, Step + later);

    /// <summary>How many half minutes have passed since the epoch: each has a code of its own.</summary>
    public static long Step => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30;

    public static string CodeAt(string key, long step)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var hash = HMACSHA1.HashData(FromBase32(key), counter);
        var at = hash[^1] & 0xf;
        return $"{(BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(at)) & 0x7fffffff) % 1_000_000:D6}";
    }

    private static byte[] FromBase32(string text)
    {
        List<byte> bytes = [];
        var (bits, value) = (0, 0);
        foreach (var letter in text.TrimEnd('='))
        {
            (value, bits) = ((value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), bits + 5);
            if (bits < 8)
                continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }
        return [.. bytes];
    }
}

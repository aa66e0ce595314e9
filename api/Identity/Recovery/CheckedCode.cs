using System.Security.Cryptography;

namespace Hrms.Api.Identity.Recovery;

/// <summary>
/// Bytes as people print, read out and type them: Crockford's base 32 (no I, L, O, U) in groups of four, with a check of 12 bits, so that all but one of four thousand slips are noticed before anything is tried.
/// </summary>
internal static class CheckedCode
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsOfALetter = 5, LettersOfAGroup = 4, CheckBits = 12;

    /// <param name="bytes">As many that they and the check fill whole letters: 11, 16, 21, …</param>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var letters = new string([.. Bits(bytes).Concat(Check(bytes)).Chunk(BitsOfALetter).Select(bits => Letters[bits.Aggregate(0, (value, bit) => (value << 1) | bit)])]);
        return string.Join('-', letters.Chunk(LettersOfAGroup).Select(group => new string(group)));
    }

    /// <summary>What was written, whatever the typist did with blanks, hyphens, case and letters that look alike; null when it is something else.</summary>
    public static byte[]? Read(string? text, int sizeBytes)
    {
        var letters = (text ?? "").ToUpperInvariant().Where(letter => !char.IsWhiteSpace(letter) && letter != '-')
            .Select(letter => Letters.IndexOf(letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter })).Take(64).ToList();
        if (letters.Count * BitsOfALetter != sizeBytes * 8 + CheckBits || letters.Contains(-1))
            return null;
        int[] bits = [.. letters.SelectMany(value => Enumerable.Range(0, BitsOfALetter).Select(bit => (value >> (BitsOfALetter - 1 - bit)) & 1))];
        byte[] bytes = [.. bits.Take(sizeBytes * 8).Chunk(8).Select(of => (byte)of.Aggregate(0, (value, bit) => (value << 1) | bit))];
        return bits.Skip(sizeBytes * 8).SequenceEqual(Check(bytes)) ? bytes : null;
    }

    private static IEnumerable<int> Check(ReadOnlySpan<byte> bytes) => Bits(SHA256.HashData([.. "hrms/checked-code/1"u8, .. bytes])).Take(CheckBits);

    private static List<int> Bits(ReadOnlySpan<byte> bytes)
    {
        List<int> bits = [];
        foreach (var one in bytes)
            for (var bit = 7; bit >= 0; bit--)
                bits.Add((one >> bit) & 1);
        return bits;
    }
}

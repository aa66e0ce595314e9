namespace Hrms.Domain.Proofs;

/// <summary>Bytes as Ethereum and our proofs write them: <c>0x</c> and lower-case hexadecimal digits, two a byte. One way to write each value.</summary>
public static class Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>False for anything but <c>0x</c> and an even count of lower-case digits.</summary>
    public static bool TryParse(string? text, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length % 2 != 0 || !text.StartsWith("0x", StringComparison.Ordinal))
            return false;
        if (text.AsSpan(2).ContainsAnyExcept("0123456789abcdef"))
            return false;
        bytes = Convert.FromHexString(text.AsSpan(2));
        return true;
    }
}

using System.Globalization;
using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Rpc;

/// <summary>
/// Reads values as nodes write them (Ethereum JSON-RPC, "Hex encoding"). Anything else is a <see cref="FormatException"/>, never a default.
/// </summary>
internal static class Quantity
{
    public static string Of(long number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    public static ulong Read(JsonElement value)
    {
        var text = Text(value);
        return text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is not a quantity");
    }

    public static byte[] Bytes(JsonElement value) =>
        Hex.TryParse(Text(value).ToLowerInvariant(), out var bytes) ? bytes : throw new FormatException("not hexadecimal data");

    public static byte[] Bytes(JsonElement value, int length) =>
        Bytes(value) is var bytes && bytes.Length == length ? bytes : throw new FormatException($"{length} bytes expected, {bytes.Length} found");

    public static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)
            ? member
            : throw new FormatException($"no member '{name}'");

    /// <summary>The member of an object, where it may be missing.</summary>
    public static bool TryMember(JsonElement value, string name, out JsonElement member)
    {
        member = default;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out member);
    }

    public static IEnumerable<JsonElement> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new FormatException($"a list expected, {value.ValueKind} found");

    public static string Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw new FormatException($"a string expected, {value.ValueKind} found");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException halfOfAPair)
        {
            // How JsonElement tells of an escaped half of a surrogate pair.
            throw new FormatException("a string that is not Unicode", halfOfAPair);
        }
    }
}

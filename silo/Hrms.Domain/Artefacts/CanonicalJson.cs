using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hrms.Domain.Artefacts;

/// <summary>
/// JSON in the one form that everybody writes the same: RFC 8785 (JSON Canonicalization Scheme) for what our artefacts hold, which are objects, lists, strings,
/// whole numbers, true, false and null.
/// </summary>
public static class CanonicalJson
{
    // Whole numbers that every JSON reader holds exactly.
    private const long IntegerMax = (1L << 53) - 1;

    // Half of a surrogate pair is no text (RFC 8785, section 3.2.2.2): an exception, never another character in its place.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">A text holds half of a surrogate pair.</exception>
    /// <exception cref="JsonException">A number is no whole number, or too large to be exact everywhere.</exception>
    public static byte[] Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return Utf8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject properties:
                AppendList(text, '{', '}', properties.OrderBy(property => property.Key, StringComparer.Ordinal), property =>
                {
                    Append(text, property.Key);
                    text.Append(':');
                    Append(text, property.Value);
                });
                break;
            case JsonArray items:
                AppendList(text, '[', ']', items, item => Append(text, item));
                break;
            default:
                Append(text, node.AsValue());
                break;
        }
    }

    private static void Append(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                Append(text, value.GetValue<string>());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                text.Append(value.GetValueKind() == JsonValueKind.True ? "true" : "false");
                break;
            case JsonValueKind.Number when long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && Math.Abs(number) <= IntegerMax:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new JsonException($"{value.ToJsonString()} has no place in an artefact: write whole numbers up to {IntegerMax}, or text.");
        }
    }

    /// <summary>RFC 8785, section 3.2.2.2: only what must be escaped is.</summary>
    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            text.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)character:x4}",
                _ => character.ToString(),
            });
        }
        text.Append('"');
    }

    private static void AppendList<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(',');
            first = false;
            append(item);
        }
        text.Append(close);
    }
}

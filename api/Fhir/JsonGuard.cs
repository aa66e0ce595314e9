using System.Text.Json;
using System.Text.Unicode;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Lets only well-formed JSON of a sane size through to the parsers behind it, which expect nothing less (FAULTS F37).</summary>
internal static class JsonGuard
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The caller disposes the document.</summary>
    public static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> body, FhirLimits limits)
    {
        if (body.Length > limits.BodySizeBytes)
            return TooMuch($"The body has {body.Length} bytes; at most {limits.BodySizeBytes} are taken. Send the Bundle in parts.");
        if (!Utf8.IsValid(body.Span))
            return Invalid("The body is not valid UTF-8. FHIR JSON is always UTF-8 (RFC 8259, section 8.1).");
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        try
        {
            if (FindBadText(body.Span, limits.Depth) is { } refusal)
                return refusal;
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false });
        }
        catch (JsonException malformed)
        {
            return Invalid($"This is not well-formed JSON: {WithoutPosition(malformed.Message)}", PlaceOf(malformed));
        }
    }

    /// <summary>JSON can escape what no text may hold: NUL, and halves of surrogate pairs.</summary>
    private static Refusal? FindBadText(ReadOnlySpan<byte> json, int depth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped) continue;
            try
            {
                if (reader.GetString()!.Contains('\0'))
                    return Invalid("A text holds the character U+0000, which FHIR forbids. Remove it.", $"byte {reader.TokenStartIndex}");
            }
            catch (InvalidOperationException)
            {
                return Invalid("A text holds half of a surrogate pair. Send the whole character.", $"byte {reader.TokenStartIndex}");
            }
        }
        return null;
    }

    private static string? PlaceOf(JsonException malformed) =>
        malformed.LineNumber is { } line ? $"line {line + 1}, byte {malformed.BytePositionInLine + 1}" : malformed.Path;

    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static Refusal Invalid(string message, string? place = null) => new(RefusalCode.Invalid, message, place);

    private static Refusal TooMuch(string message) => new(RefusalCode.LimitExceeded, message);
}

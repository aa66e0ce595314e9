using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hrms.Api.Fhir;

/// <summary>
/// Copies a resource token by token: sets its id, points its references at the records, leaves out white space, and copies
/// everything else as it came (a decimal <c>1.00</c> stays <c>1.00</c>). Besides <c>Reference.reference</c>, URIs that are the fullUrl
/// of an entry and links of the narrative are rewritten (http://hl7.org/fhir/R4/http.html#trules).
/// </summary>
internal static partial class ReferenceRewriter
{
    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Rewrite(IntakeItem item, ReferenceMap references)
    {
        var source = JsonMarshal.GetRawUtf8Value(item.Resource);
        var output = new ArrayBufferWriter<byte>(source.Length + 64);
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        var reader = new Utf8JsonReader(source);
        var hasId = item.Resource.TryGetProperty("id", out _);
        var name = PropertyKind.Other;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    if (reader.CurrentDepth == 0 && !hasId) writer.WriteString("id"u8, item.Id.ToString());
                    break;
                case JsonTokenType.EndObject: writer.WriteEndObject(); break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                case JsonTokenType.PropertyName:
                    name = KindOf(ref reader);
                    if (reader.ValueIsEscaped) writer.WritePropertyName(reader.GetString()!);
                    else writer.WritePropertyName(reader.ValueSpan);
                    break;
                case JsonTokenType.String when Changed(ref reader, name, item, references) is { } changed:
                    writer.WriteStringValue(changed);
                    break;
                default:
                    var token = source[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
                    writer.WriteRawValue(token, skipInputValidation: true);
                    break;
            }
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private enum PropertyKind { Other, Id, Reference, Url, Narrative, NeverLink }

    private static PropertyKind KindOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("reference"u8) ? PropertyKind.Reference
        : reader.ValueTextEquals("id"u8) ? PropertyKind.Id
        : reader.ValueTextEquals("url"u8) ? PropertyKind.Url
        : reader.ValueTextEquals("div"u8) ? PropertyKind.Narrative
        // Texts and business identifiers may look like a URI without being a link.
        : reader.ValueTextEquals("value"u8) || reader.ValueTextEquals("valueString"u8) || reader.ValueTextEquals("system"u8)
            || reader.ValueTextEquals("display"u8) || reader.ValueTextEquals("text"u8) ? PropertyKind.NeverLink
        : PropertyKind.Other;

    /// <summary>The new text of a string, or null when it stays.</summary>
    private static string? Changed(ref Utf8JsonReader reader, PropertyKind name, IntakeItem item, ReferenceMap references)
    {
        switch (name)
        {
            case PropertyKind.Id when reader.CurrentDepth == 1:
                return item.Id.ToString();
            case PropertyKind.Reference:
                return references.Rewrite(reader.GetString()!, item.FullUrl);
            case PropertyKind.Url when !IsAbsolute(reader.ValueSpan):
                return references.Find(reader.GetString()!, item.FullUrl) is { Item: not null } linked ? linked.Reference : null;
            case PropertyKind.Narrative when reader.ValueSpan.IndexOf("="u8) >= 0:
                return Link().Replace(reader.GetString()!, match => references.FindFullUrl(match.Groups["url"].Value)?.Reference ?? match.Value);
            case PropertyKind.Url or PropertyKind.Other when IsAbsolute(reader.ValueSpan):
                return references.FindFullUrl(reader.GetString()!)?.Reference;
            default:
                return null;
        }
    }

    private static bool IsAbsolute(ReadOnlySpan<byte> text) => text.StartsWith("urn:"u8) || text.StartsWith("http"u8);

    /// <summary>The target of an <c>href</c> or <c>src</c> attribute of XHTML.</summary>
    [GeneratedRegex("""(?<=\b(href|src)\s*=\s*["'])(?<url>(urn:|http)[^"'<>\s]+)(?=["'])""", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}

using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// One JSON value as the UTF-8 bytes it came in or goes out as. A scalar marked <see cref="IRawJsonScalar"/> receives its
/// variables in this form, and a resolver may return it: the bytes are written to the response without being parsed again.
/// </summary>
/// <param name="Utf8">Well-formed JSON in UTF-8; whoever creates the value vouches for that.</param>
[JsonConverter(typeof(RawJsonConverter))]
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    private static readonly JsonDocumentOptions StrictOptions = new() { AllowDuplicateProperties = false };

    /// <summary>The parsed value over the same bytes. Throws <see cref="JsonException"/> when a property name comes twice.</summary>
    public JsonElement ToElement() => JsonDocument.Parse(Utf8, StrictOptions).RootElement;

    /// <summary>Says the size only: the text may be health data and this string may reach an error message.</summary>
    public override string ToString() => $"JSON of {Utf8.Length} bytes";
}

/// <summary>
/// Marks a <see cref="global::GraphQL.Types.ScalarGraphType"/> whose <c>ParseValue</c> gets a <see cref="RawJson"/> slice of the request
/// body instead of a tree of dictionaries, so that a record of several megabytes passes through untouched.
/// </summary>
public interface IRawJsonScalar;

/// <summary>Writes an element's own bytes: not parsed again, digits and spaces as they came.</summary>
internal sealed class RawElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}

internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new RawJson(System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetRawText()));
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}

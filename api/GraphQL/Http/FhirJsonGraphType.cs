using System.Buffers;
using System.Text.Json;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// The scalar <c>FhirJson</c>: any FHIR resource as one JSON object. A resolver's argument is a <see cref="JsonElement"/>
/// (its bytes: <see cref="System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(JsonElement)"/>); a resolver may return a
/// <see cref="JsonElement"/>, a <see cref="RawJson"/> or the UTF-8 bytes as <see cref="ReadOnlyMemory{T}"/>.
/// Whether the object is a valid resource is decided by the domain, not here.
/// </summary>
public sealed class FhirJsonGraphType : ScalarGraphType, IRawJsonScalar
{
    public FhirJsonGraphType()
    {
        Name = "FhirJson";
        Description = "A FHIR R4 resource as a JSON object, see https://hl7.org/fhir/R4/json.html.";
    }

    /// <inheritdoc/>
    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        JsonElement { ValueKind: JsonValueKind.Object } element => element,
        RawJson raw when raw.ToElement() is { ValueKind: JsonValueKind.Object } element => element,
        _ => ThrowValueConversionError(value),
    };

    /// <inheritdoc/>
    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLObjectValue literal => ToElement(literal),
        _ => ThrowLiteralConversionError(value),
    };

    /// <inheritdoc/>
    public override bool CanParseLiteral(GraphQLValue value) => value is GraphQLObjectValue or GraphQLNullValue;

    /// <inheritdoc/>
    public override object? Serialize(object? value) => value switch
    {
        null or JsonElement or RawJson => value,
        ReadOnlyMemory<byte> utf8 => new RawJson(utf8),
        byte[] utf8 => new RawJson(utf8),
        _ => ThrowSerializationError(value),
    };

    private JsonElement ToElement(GraphQLObjectValue literal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, literal);
        return new RawJson(buffer.WrittenMemory).ToElement();
    }

    private void Write(Utf8JsonWriter writer, GraphQLValue value)
    {
        switch (value)
        {
            case GraphQLObjectValue { Fields: var fields }:
                writer.WriteStartObject();
                foreach (var field in fields ?? [])
                {
                    writer.WritePropertyName(field.Name.Value.Span);
                    Write(writer, field.Value);
                }
                writer.WriteEndObject();
                break;
            case GraphQLListValue { Values: var values }:
                writer.WriteStartArray();
                foreach (var item in values ?? [])
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case GraphQLStringValue { Value: var text }: writer.WriteStringValue(text.Span); break;
            case GraphQLIntValue { Value: var number }: writer.WriteRawValue(number.Span); break;
            case GraphQLFloatValue { Value: var number }: writer.WriteRawValue(number.Span); break;
            case GraphQLBooleanValue { BoolValue: var truth }: writer.WriteBooleanValue(truth); break;
            case GraphQLNullValue: writer.WriteNullValue(); break;
            default: ThrowLiteralConversionError(value, "FHIR JSON literals hold no variables and no enum names."); break;
        }
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Hrms.Contracts;

/// <summary>As the one text, in events, artefacts and wherever else there is JSON. What can't be a purpose is no "any purpose": an exception.</summary>
public sealed class PurposeOfUseJsonConverter : JsonConverter<PurposeOfUse>
{
    public override bool HandleNull => true;

    public override PurposeOfUse Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PurposeOfUse.TryParse(reader.GetString(), out var purpose) ? purpose : throw new JsonException("This is no purpose of use.");

    public override void Write(Utf8JsonWriter writer, PurposeOfUse? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());

    public override PurposeOfUse ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, PurposeOfUse value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}

/// <summary>
/// Between processes: HL7's codes as their number, as when there were no others, so that processes of both versions understand each other; those of another system as text, which
/// an older process refuses to read.
/// </summary>
[RegisterSerializer]
public sealed class PurposeOfUseCodec : IFieldCodec<PurposeOfUse>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] PurposeOfUse value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
        }
        else if (value.Number > 0)
        {
            Int32Codec.WriteField(ref writer, fieldIdDelta, expectedType, value.Number, typeof(PurposeOfUse));
        }
        else
        {
            ReferenceCodec.MarkValueField(writer.Session);
            writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(PurposeOfUse), WireType.LengthPrefixed);
            var utf8 = Encoding.UTF8.GetBytes(value.ToString());
            writer.WriteVarUInt32((uint)utf8.Length);
            writer.Write(utf8);
        }
    }

    [return: MaybeNull]
    public PurposeOfUse ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<PurposeOfUse, TInput>(ref reader, field);
        if (field.WireType != WireType.LengthPrefixed)
        {
            var number = Int32Codec.ReadValue(ref reader, field);
            return PurposeOfUse.OfHl7.FirstOrDefault(purpose => purpose.Number == number) ?? throw new SerializerException($"{number} is no purpose of use.");
        }
        ReferenceCodec.MarkValueField(reader.Session);
        return PurposeOfUse.TryParse(Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadVarUInt32())), out var other)
            ? other : throw new SerializerException("This text is no purpose of use.");
    }
}

/// <summary>A purpose never changes: its copy is itself.</summary>
[RegisterCopier]
public sealed class PurposeOfUseCopier : ShallowCopier<PurposeOfUse>;

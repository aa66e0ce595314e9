using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Hrms.Domain.Proofs;

/// <summary>
/// How proofs and what belongs to them are written as JSON. Reading is strict: every member known and there once, every value written in its one way, so
/// that no change of a text goes unseen. White space between members is free.
/// </summary>
public static class ProofJson
{
    private static readonly HashSet<string> InBase64 = ["ciphertext", "eventKey", "dataKey"];
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;      // escapes only what JSON must
    private static readonly JsonSerializerOptions Options = Build();

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>The value, or where its text is wrong and why.</summary>
    public static (T? Value, string? Place, string? Problem) Read<T>(ReadOnlySpan<byte> utf8) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, Options) is { } value ? (value, null, null) : (null, "$", "The file holds nothing.");
        }
        catch (JsonException fault)
        {
            return (null, fault.Path, fault.Message);
        }
    }

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
            Encoder = Encoder,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ChooseBase64 } },
            Converters =
            {
                new Exact<string>(text => text, text => text),
                new Exact<byte[]>(text => Hex.TryParse(text, out var bytes) ? bytes : null, bytes => Hex.Of(bytes)),
                new ExactValue<Guid>(text => Guid.TryParseExact(text, "D", out var id) ? id : null, id => id.ToString("D")),
                new ExactValue<DateTimeOffset>(
                    text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null,
                    time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            },
        };
        return options;
    }

    /// <summary>Long values are base64, hashes are hexadecimal.</summary>
    private static void ChooseBase64(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => InBase64.Contains(property.Name)))
            property.CustomConverter = new Exact<byte[]>(FromBase64, Convert.ToBase64String);
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>A value is taken only when writing it again gives the same text.</summary>
    private sealed class Exact<T>(Func<string, T?> parse, Func<T, string> write) : JsonConverter<T> where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = Text(ref reader);
            return parse(text) is { } value && write(value) == text ? value : throw new JsonException("A value is not written in its one way.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    /// <inheritdoc cref="Exact{T}"/>
    private sealed class ExactValue<T>(Func<string, T?> parse, Func<T, string> write) : JsonConverter<T> where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = Text(ref reader);
            return parse(text) is { } value && write(value) == text ? value : throw new JsonException("A value is not written in its one way.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    /// <summary>A text that is escaped only where JSON asks for it, so that it, too, has one way to be written.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A text is expected.");
        var text = reader.GetString()!;
        return JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes.SequenceEqual(reader.ValueSpan)
            ? text
            : throw new JsonException("A text is escaped where it need not be.");
    }
}

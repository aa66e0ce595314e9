using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Writes records as one FHIR <c>collection</c> Bundle, entry by entry, for the patient's export.</summary>
public static class BundleWriter
{
    private const int FlushSizeBytes = 64 * 1024;

    /// <param name="baseUrl">Of this server's FHIR endpoint: a fullUrl below it makes the relative references between the entries resolve.</param>
    /// <param name="at">When the export was made.</param>
    /// <param name="records">Record id and content as stored; read once, never held together.</param>
    /// <exception cref="InvalidOperationException">A content has no resourceType: it did not come through <see cref="FhirReader"/>.</exception>
    public static async Task WriteCollectionAsync(
        Stream output, Uri baseUrl, DateTimeOffset at, IAsyncEnumerable<(RecordId Id, ReadOnlyMemory<byte> Content)> records,
        CancellationToken cancellation = default)
    {
        var root = baseUrl.AbsoluteUri.TrimEnd('/');
        await using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "Bundle"u8);
        writer.WriteString("type"u8, "collection"u8);
        writer.WriteString("timestamp"u8, at.ToUniversalTime());
        var any = false;
        await foreach (var (id, content) in records.WithCancellation(cancellation))
        {
            if (!any) writer.WriteStartArray("entry"u8);        // FHIR knows no empty array
            any = true;
            writer.WriteStartObject();
            writer.WriteString("fullUrl"u8, $"{root}/{TypeOf(id, content.Span)}/{id}");
            writer.WritePropertyName("resource"u8);
            writer.WriteRawValue(content.Span, skipInputValidation: true);
            writer.WriteEndObject();
            if (writer.BytesPending > FlushSizeBytes) await writer.FlushAsync(cancellation);
        }
        if (any) writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellation);
    }

    private static string TypeOf(RecordId id, ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            var found = reader.ValueTextEquals("resourceType"u8);
            reader.Read();
            if (found) return reader.GetString()!;
            reader.Skip();
        }
        throw new InvalidOperationException($"The content of record {id} has no resourceType; read it in with FhirReader.");
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Everything;

/// <summary>
/// A record's resource as it leaves: as it came but for <c>meta</c>, which says its version here, when that was recorded, and the security labels that it has now. A label that was lowered
/// is left out; one that the table or a person added is written, so that who receives the resource can protect it as we do.
/// </summary>
internal static class RecordResource
{
    private static readonly string[] OurMeta = ["versionId", "_versionId", "lastUpdated", "_lastUpdated", "security"];

    public static void Write(Utf8JsonWriter json, RecordView record)
    {
        using var document = JsonDocument.Parse(record.Content);
        json.WriteStartObject();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("meta"))
                continue;
            Copy(json, property);
            // Every stored resource has an id; elements of FHIR have an order only in XML.
            if (property.NameEquals("id"))
                WriteMeta(json, record.Metadata, document.RootElement.TryGetProperty("meta", out var meta) ? meta : default);
        }
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, RecordMetadata record, JsonElement meta)
    {
        json.WriteStartObject("meta"u8);
        json.WriteString("versionId"u8, $"{record.Version}");
        json.WriteString("lastUpdated"u8, FhirTime.Instant(record.RecordedAt));
        if (meta.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in meta.EnumerateObject().Where(property => !OurMeta.Contains(property.Name)))
                Copy(json, property);
        }
        WriteLabels(json, record.Labels, meta);
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<string> labels, JsonElement meta)
    {
        // Of the codings that it came with those stay that are no label, and those whose label it still has.
        var came = meta.Items("security").Where(coding => !RecordReader.IsLabel(coding) || labels.Contains(coding.Text("code")!)).ToList();
        var added = labels.Except(came.Where(RecordReader.IsLabel).Select(coding => coding.Text("code")!)).ToList();
        if (came.Count + added.Count == 0)
            return;
        json.WriteStartArray("security"u8);
        foreach (var coding in came)
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(coding), skipInputValidation: true);
        foreach (var label in added)
        {
            json.WriteStartObject();
            json.WriteString("system"u8, ConsentVocabulary.FindName<Confidentiality>(label) is null ? ConsentVocabulary.ActCode : ConsentVocabulary.ConfidentialitySystem);
            json.WriteString("code"u8, label);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, JsonProperty property)
    {
        json.WritePropertyName(property.Name);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
    }
}

using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Everything;

/// <summary>Where a record came from, as a FHIR R4 Provenance of that version: who entered it, when, and as what (a patient's own entry shows as such).</summary>
internal static class ProvenanceWriter
{
    private const string Participant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type", DataOperation = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

    /// <summary>How a record came in: a code of ours, <see cref="RecordSource"/>.</summary>
    public const string Source = "urn:hrms:record-source";

    public static Guid IdOf(RecordMetadata record) => NameBasedId.Create("provenance", $"{record.Id}/{record.Version}");

    public static JsonObject Write(RecordMetadata record) => new()
    {
        ["resourceType"] = "Provenance",
        ["id"] = $"{IdOf(record):D}",
        ["target"] = new JsonArray(new JsonObject { ["reference"] = $"{record.ResourceType}/{record.Id}/_history/{record.Version}" }),
        ["recorded"] = FhirTime.Instant(record.RecordedAt),
        ["activity"] = Concept(DataOperation, record.Version == 1 ? "CREATE" : "UPDATE"),
        ["agent"] = new JsonArray(new JsonObject
        {
            ["type"] = Concept(Participant, "enterer"),
            ["role"] = new JsonArray(Concept(Source, ConsentVocabulary.CodeOf(record.Source))),
            ["who"] = ActorReference.To(record.EnteredBy),
        }),
    };

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}

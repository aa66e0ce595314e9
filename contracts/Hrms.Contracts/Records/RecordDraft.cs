namespace Hrms.Contracts;

/// <summary>A coding of a record: system, code and the display that a search for text looks at.</summary>
[GenerateSerializer, Immutable, Alias("Code")]
public sealed record Code([property: Id(0)] string? System, [property: Id(1)] string Value, [property: Id(2)] string? Display);

/// <summary>Where a record came from.</summary>
[GenerateSerializer]
public enum RecordSource
{
    /// <summary>Entered by the patient; shown as such to everyone.</summary>
    Patient = 1,
    Practitioner = 2,
    Device = 3,
    /// <summary>Imported by the patient from a document or Bundle made elsewhere.</summary>
    Import = 4,
}

/// <summary>
/// A record as an edge read it, before the patient's grain decided on it: what the grain needs to index and to judge it, and the
/// resource itself. Made by the FHIR reader; taken by <c>IPatientGrain.AddRecordsAsync</c> and <c>AmendRecordAsync</c>.
/// </summary>
/// <param name="Id">Derived from the command id, so that a repeat finds it.</param>
/// <param name="ResourceType">The FHIR resource type, such as <c>Observation</c>.</param>
/// <param name="Codes">The codings of the resource's main code, most specific first.</param>
/// <param name="Date">When it was clinically relevant (effective, onset, authored, start); null when the resource does not say.</param>
/// <param name="Authors">The providers that performed, recorded or requested it.</param>
/// <param name="Encounter">The record of the encounter it belongs to.</param>
/// <param name="Labels">Security labels of the resource (meta.security), as codes.</param>
/// <param name="FullUrl">The name the resource had in its Bundle, such as <c>urn:uuid:…</c>: references to it stay resolvable.</param>
/// <param name="Content">The resource as UTF-8 JSON, references rewritten to record ids.</param>
/// <param name="Categories">The codings of its category, which apps' scopes may name; null: none, or a type whose categories nobody asks for.</param>
[GenerateSerializer, Immutable, Alias("RecordDraft")]
public sealed record RecordDraft(
    [property: Id(0)] RecordId Id,
    [property: Id(1)] string ResourceType,
    [property: Id(2)] DataClass Class,
    [property: Id(3)] IReadOnlyList<Code> Codes,
    [property: Id(4)] DateTimeOffset? Date,
    [property: Id(5)] IReadOnlyList<ProviderId> Authors,
    [property: Id(6)] RecordId? Encounter,
    [property: Id(7)] IReadOnlyList<string> Labels,
    [property: Id(8)] string? FullUrl,
    [property: Id(9)] ReadOnlyMemory<byte> Content,
    [property: Id(10)] IReadOnlyList<Code>? Categories = null);

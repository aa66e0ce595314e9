using System.Text.Json.Nodes;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Audit.AuditVocabulary;

namespace Hrms.Api.Fhir.Audit;

/// <summary>
/// Records as they came in and were amended: BALP's PatientCreate and PatientUpdate. They are read off the records' own events, which hold who entered them and when, and of the request no more.
/// There is no PatientDelete: no record is deleted, and an erasure leaves nothing to write about.
/// </summary>
internal sealed partial class AuditEventWriter
{
    public Guid IdOf(RecordMetadata version) => NameBasedId.Create("record-entered", $"{patient}/{version.StreamVersion}");

    public JsonObject Write(RecordMetadata version)
    {
        var isNew = version.Version == 1;
        return Event(
            IdOf(version), isNew ? "PatientCreate" : "PatientUpdate", Coding(EventType, "rest"), Coding(Interaction, isNew ? "create" : "update"), isNew ? "C" : "U", version.RecordedAt,
            [
                Agent(Concept(Dicom, "110153"), Unknown(), false, Unknown()), Agent(Concept(Dicom, "110152"), Server(), false, Network()),
                Agent(Concept(Participation, "INF"), ActorReference.To(version.EnteredBy), true),
            ],
            [
                Entity(Coding(EntityType, "2"), "4", new JsonObject { ["reference"] = $"{version.ResourceType}/{version.Id}/_history/{version.Version}" }),
                Patient([Detail("event", $"{version.StreamVersion}")]),
            ]);
    }
}

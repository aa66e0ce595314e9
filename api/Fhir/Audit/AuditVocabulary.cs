using Hrms.Contracts;

namespace Hrms.Api.Fhir.Audit;

/// <summary>Codes of an AuditEvent as IHE BALP uses them (https://profiles.ihe.net/ITI/BALP), and words for why somebody was permitted or denied.</summary>
internal static class AuditVocabulary
{
    public const string Profiles = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

    public const string Dicom = "http://dicom.nema.org/resources/ontology/DCM", EventType = "http://terminology.hl7.org/CodeSystem/audit-event-type",
        Interaction = "http://hl7.org/fhir/restful-interaction", EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type",
        ObjectRole = "http://terminology.hl7.org/CodeSystem/object-role", ResourceTypes = "http://hl7.org/fhir/resource-types",
        Participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", RoleClass = "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
        SecurityRole = "http://terminology.hl7.org/CodeSystem/extra-security-role-type", SourceType = "http://terminology.hl7.org/CodeSystem/security-source-type",
        AuthorizationType = "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", BalpEntityType = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
        UserAgents = "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes", Lifecycle = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";

    /// <summary>For what a profile wants and an access line does not know.</summary>
    public const string DataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

    public static string WordsOf(DecisionReason reason) => reason switch
    {
        DecisionReason.Self => "The patient in person.",
        DecisionReason.Permitted => "The consent permits it.",
        DecisionReason.Denied => "The consent denies it.",
        DecisionReason.NoConsent => "No consent permits it.",
        DecisionReason.NoSuchRecord => "There is no such record.",
        DecisionReason.RoleNotAllowed => "This is not for who asked.",
        DecisionReason.DefaultPolicy => "The patient's default policy permits it.",
        DecisionReason.Delegated => "A delegate who acts for the patient.",
        DecisionReason.BreakGlass => "The glass was broken.",
        DecisionReason.OptedOut => "The patient has opted out.",
        DecisionReason.FrequencyExceeded => "The consent was used as often as it allows.",
        DecisionReason.PurgeOverdue => "Who asked still holds data that was to be purged.",
        DecisionReason.LedgerAhead => "The ledger holds more than the database, so the record is closed to others.",
        DecisionReason.OutOfScope => "What the app was allowed does not reach it.",
        DecisionReason.TokenEnded => "The patient signed out everywhere after the token was issued.",
        DecisionReason.GlassReview => "A reviewer of broken glass.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A new reason needs its words here."),
    };
}

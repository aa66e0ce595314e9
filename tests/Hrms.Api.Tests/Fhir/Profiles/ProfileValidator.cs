using System.Text.Json.Nodes;
using Firely.Fhir.Validation;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;
using Hl7.Fhir.Specification.Terminology;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir.Profiles;

/// <summary>
/// Judges resources by HL7's FHIR R4 and by the profiles of IHE Basic Audit Log Patterns (https://profiles.ihe.net/ITI/BALP), with Firely's validator: neither is ours. The profiles are beside
/// the repository; their value sets are few and stand here, by PatientRead.fsh, PatientQuery.fsh, PatientCreate.fsh, PatientUpdate.fsh and AuthZ.fsh of IHE/ITI.BasicAudit.
/// </summary>
internal static class ProfileValidator
{
    private const string ValueSets = "https://profiles.ihe.net/ITI/BALP/ValueSet/", Interaction = "http://hl7.org/fhir/restful-interaction";

    private static readonly FhirJsonDeserializer Deserializer = new();
    private static readonly Lazy<Validator> Validator = new(Create);

    /// <summary>What is wrong with a resource, by the profiles that it says it follows; nothing: it follows them.</summary>
    public static IReadOnlyList<string> Problems(JsonNode resource)
    {
        // One at a time: the validator makes its schemas as it goes.
        lock (Validator)
        {
            return [.. Validator.Value.Validate(Deserializer.DeserializeResource(resource.ToJsonString())).Issue
                .Where(issue => issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal)
                .Select(issue => $"{issue.Details?.Text} ({string.Join(", ", issue.Expression)})")];
        }
    }

    private static Validator Create()
    {
        var profiles = new InMemoryResourceResolver(
            [.. Directory.GetFiles(Path.Combine(SampleData.Find("auditevent-ihe-balp"), "profiles")).Select(file => Deserializer.DeserializeResource(File.ReadAllText(file)))]);
        profiles.Add(
            Of("AllReadVS", Interaction, "read", "vread"), Of("AllSearchVS", Interaction, "search", "search-type", "search-system"),
            Of("AllUpdateVS", Interaction, "update", "patch"), Of("DataSources", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "AUT", "INF", "CST"),
            Of("RestObjectRoles", "http://terminology.hl7.org/CodeSystem/object-role", "3", "4", "20"),
            Of("AuthZsubTypeVS", "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "AuthZ-Consent", "AuthZ-Role"));
        var all = new CachedResolver(new SnapshotSource(new MultiResolver(ZipSource.CreateValidationSource(), profiles)));
        return new Validator(all, new LocalTerminologyService(all));
    }

    private static ValueSet Of(string name, string system, params string[] codes) => new()
    {
        Url = ValueSets + name,
        Status = PublicationStatus.Active,
        Compose = new() { Include = [new() { System = system, Concept = [.. codes.Select(code => new ValueSet.ConceptReferenceComponent { Code = code })] }] },
    };
}

using System.Text.Json;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>FHIR R4 resources as a clinic writes them. People and values are invented, and unmistakable where they turn up.</summary>
public static class Clinic
{
    public const double Percent = 5.418302;

    /// <summary>A glycated haemoglobin; laboratory.</summary>
    public static JsonElement LabResult(string at = "2025-03-01T08:00:00Z", double percent = Percent, string? label = null, Guid? by = null, Guid? encounter = null) => Json(new
    {
        resourceType = "Observation",
        meta = label is null ? null : new { security = new[] { new { system = "http://terminology.hl7.org/CodeSystem/v3-ActCode", code = label } } },
        status = "final",
        category = Concepts("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory"),
        code = Concept("http://loinc.org", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"),
        encounter = encounter is null ? null : new { reference = $"Encounter/{encounter}" },
        performer = by is null ? null : new[] { new { reference = $"Practitioner/{by}" } },
        effectiveDateTime = at,
        valueQuantity = new { value = percent, unit = "%", system = "http://unitsofmeasure.org", code = "%" },
    });

    public static JsonElement Prescription(string at = "2025-03-02T08:00:00Z") => Json(new
    {
        resourceType = "MedicationRequest",
        status = "active",
        intent = "order",
        medicationCodeableConcept = Concept("http://www.nlm.nih.gov/research/umls/rxnorm", "860975", "Metformin 500 MG"),
        subject = new { display = "The patient" },
        authoredOn = at,
    });

    public static JsonElement Diagnosis(string text = "Type 2 diabetes mellitus") => Json(new
    {
        resourceType = "Condition",
        code = Concept("http://snomed.info/sct", "44054006", text),
        subject = new { display = "The patient" },
        recordedDate = "2025-03-01T09:00:00Z",
    });

    /// <summary>A condition by any code.</summary>
    public static JsonElement Finding(string system, string code, string text) => Json(new
    {
        resourceType = "Condition",
        code = Concept(system, code, text),
        subject = new { display = "The patient" },
        recordedDate = "2025-03-01T09:00:00Z",
    });

    public static JsonElement Stay(string from = "2025-03-01T08:00:00Z") => Json(new
    {
        resourceType = "Encounter",
        status = "finished",
        @class = new { system = "http://terminology.hl7.org/CodeSystem/v3-ActCode", code = "IMP" },
        period = new { start = from },
    });

    /// <summary>A collection of resources.</summary>
    public static JsonElement Bundle(params JsonElement[] resources) => Json(new
    {
        resourceType = "Bundle",
        type = "collection",
        entry = resources.Select(resource => new { fullUrl = $"urn:uuid:{Guid.NewGuid():D}", resource }),
    });

    private static object[] Concepts(string system, string code, string display) => [Concept(system, code, display)];

    private static object Concept(string system, string code, string display) => new { coding = new[] { new { system, code, display } }, text = display };

    private static JsonElement Json(object resource) => JsonSerializer.SerializeToElement(
        resource, new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull });
}

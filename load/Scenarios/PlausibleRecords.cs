using System.Globalization;
using System.Text.Json;

namespace Hrms.Load.Scenarios;

/// <summary>Records as a practice has them, made from a seed: what is measured, diagnosed and prescribed, with the codes that such records carry. The same seed gives the same records.</summary>
internal static class PlausibleRecords
{
    private static readonly (string Code, string Name, double Low, double High, string Unit)[] Laboratory =
    [
        ("2339-0", "Glucose [Mass/volume] in Blood", 70, 180, "mg/dL"), ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", 4.5, 9.5, "%"),
        ("718-7", "Hemoglobin [Mass/volume] in Blood", 11, 17, "g/dL"), ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", 0.6, 1.6, "mg/dL"),
        ("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", 130, 280, "mg/dL"), ("6690-2", "Leukocytes [#/volume] in Blood by Automated count", 3.5, 12, "10*3/uL"),
    ];

    private static readonly (string Code, string Name)[] Diagnoses =
    [
        ("44054006", "Diabetes mellitus type 2"), ("38341003", "Hypertensive disorder"), ("195967001", "Asthma"), ("55822004", "Hyperlipidemia"), ("73211009", "Diabetes mellitus"),
    ];

    private static readonly (string Code, string Name)[] Drugs =
    [
        ("860975", "metformin hydrochloride 500 MG Extended Release Oral Tablet"), ("314076", "lisinopril 10 MG Oral Tablet"), ("617314", "atorvastatin 20 MG Oral Tablet"),
    ];

    /// <summary>Blood counts and chemistry: a result of about 700 bytes.</summary>
    public static object LaboratoryResult(Random random)
    {
        var (code, name, low, high, unit) = Laboratory[random.Next(Laboratory.Length)];
        return new
        {
            resourceType = "Observation",
            status = "final",
            category = new[] { new { coding = new[] { new { system = "http://terminology.hl7.org/CodeSystem/observation-category", code = "laboratory", display = "Laboratory" } } } },
            code = Concept("http://loinc.org", code, name),
            effectiveDateTime = Date(random),
            valueQuantity = new { value = Math.Round(low + (random.NextDouble() * (high - low)), 1), unit, system = "http://unitsofmeasure.org", code = unit },
        };
    }

    /// <summary>Of ten records about six results, two diagnoses and two prescriptions.</summary>
    /// <param name="patient">Whose they are.</param>
    public static object Any(Random random, Guid patient) => random.Next(10) switch
    {
        < 6 => LaboratoryResult(random),
        < 8 => Diagnosis(random, patient),
        _ => Prescription(random, patient),
    };

    public static JsonElement Bundle(IEnumerable<object> resources) => JsonSerializer.SerializeToElement(new
    {
        resourceType = "Bundle", type = "collection", entry = resources.Select(resource => new { fullUrl = $"urn:uuid:{Guid.NewGuid():D}", resource }),
    });

    private static object Diagnosis(Random random, Guid patient)
    {
        var (code, name) = Diagnoses[random.Next(Diagnoses.Length)];
        return new
        {
            resourceType = "Condition",
            clinicalStatus = Concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
            subject = Of(patient),
            code = Concept("http://snomed.info/sct", code, name),
            recordedDate = Date(random),
        };
    }

    private static object Prescription(Random random, Guid patient)
    {
        var (code, name) = Drugs[random.Next(Drugs.Length)];
        return new
        {
            resourceType = "MedicationRequest", status = "active", intent = "order", subject = Of(patient), medicationCodeableConcept = Concept("http://www.nlm.nih.gov/research/umls/rxnorm", code, name), authoredOn = Date(random),
        };
    }

    private static object Of(Guid patient) => new { reference = $"Patient/{patient:D}" };

    private static object Concept(string system, string code, string name) => new { coding = new[] { new { system, code, display = name } }, text = name };

    private static string Date(Random random) =>
        new DateTime(2023, 1, 1, 8, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(3 * 365 * 24 * 60)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

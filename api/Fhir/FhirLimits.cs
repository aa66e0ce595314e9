namespace Hrms.Api.Fhir;

/// <summary>How much FHIR one call may bring. Each limit has a test at the limit and one beyond it.</summary>
/// <param name="BodySizeBytes">A Synthea patient has 0.2 to 30 MB; scans belong into an image archive, not in a Bundle.</param>
/// <param name="Depth">The deepest R4 example nests 21 levels; questionnaires may nest deeper.</param>
/// <param name="BundleEntries">Entries of one Bundle: the whole becomes one append of the patient's journal.</param>
/// <param name="ResourceSizeBytes">One resource, which is one record and is sealed as one piece.</param>
/// <param name="ResourceTokens">JSON tokens of one resource: bounds the time and memory of validation, about 3 kB for a wrong one.</param>
/// <param name="NarrativeDepth">Nested tags of a narrative's XHTML.</param>
public sealed record FhirLimits(
    int BodySizeBytes = 32 * 1024 * 1024,
    int Depth = 64,
    int BundleEntries = 20_000,
    int ResourceSizeBytes = 8 * 1024 * 1024,
    int ResourceTokens = 100_000,
    int NarrativeDepth = 100)
{
    public static readonly FhirLimits Default = new();
}

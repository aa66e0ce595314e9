using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Reads the codings that say what a resource is about; search by code and by text looks at them.</summary>
internal static class CodeReader
{
    /// <summary>Elements that hold the main code in some type, the most telling first; the first that has codings counts.</summary>
    private static readonly string[] Elements =
    [
        "code", "vaccineCode", "medicationCodeableConcept", "codeCodeableConcept", "itemCodeableConcept", "productCodeableConcept",
        "event", "procedureCode", "description", "type", "serviceType", "category", "relationship", "scope", "activity", "class",
    ];

    public static IReadOnlyList<Code> Read(IntakeItem item, ReferenceMap references)
    {
        var codes = OfConcepts(item.Resource);
        codes.AddRange(OfMedication(item, references));
        codes.AddRange(item.Resource.Items("condition").SelectMany(OfConcepts));     // FamilyMemberHistory
        return codes;
    }

    private static List<Code> OfConcepts(JsonElement resource) =>
        Elements.Select(element => resource.Items(element).SelectMany(Codings).ToList()).FirstOrDefault(codes => codes.Count > 0) ?? [];

    /// <summary>A medication that is a resource of its own: contained, or of the same Bundle.</summary>
    private static List<Code> OfMedication(IntakeItem item, ReferenceMap references)
    {
        if (!item.Resource.TryGetProperty("medicationReference", out var medication) || medication.Text("reference") is not { } reference)
            return [];
        return reference.StartsWith('#')
            ? item.Resource.Items("contained").Where(contained => contained.Text("id") == reference[1..]).SelectMany(OfConcepts).ToList()
            : references.Find(reference, item.FullUrl)?.Item is { } found ? OfConcepts(found.Resource) : [];
    }

    /// <summary>A CodeableConcept or a Coding; a concept of text alone is found by its text.</summary>
    private static IEnumerable<Code> Codings(JsonElement concept)
    {
        if (concept.ValueKind != JsonValueKind.Object) yield break;
        var text = concept.Text("text");
        var any = false;
        foreach (var coding in concept.Items("coding").Append(concept))
        {
            if (coding.Text("code") is not { } code) continue;
            any = true;
            yield return new Code(coding.Text("system"), code, coding.Text("display") ?? text);
        }
        if (!any && text is not null) yield return new Code(null, text, text);
    }
}

using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Reads to whom and to which encounter a resource belongs.</summary>
internal static class LinkReader
{
    /// <summary>Elements that name who performed, recorded, asked for or answers for a resource, in any type.</summary>
    private static readonly string[] AuthorElements =
    [
        "performer", "recorder", "asserter", "requester", "author", "participant", "provider", "practitioner", "enterer", "serviceProvider",
        "careTeam", "informationSource", "sender", "agent", "interpreter", "resultsInterpreter", "referrer", "collection", "assessor",
        "attester", "authenticator", "custodian", "prescriber", "operator", "source",
    ];

    /// <summary>Where a part of a resource keeps the reference, such as <c>performer.actor</c>.</summary>
    private static readonly string[] PartElements = ["actor", "individual", "member", "provider", "party", "who", "collector"];

    private static readonly string[] RoleElements = ["practitioner", "organization"];

    public static IReadOnlyList<ProviderId> Authors(IntakeItem item, ReferenceMap references)
    {
        var authors = new List<ProviderId>();
        foreach (var element in AuthorElements)
            foreach (var value in item.Resource.Items(element))
                AddAuthors(value);
        return authors;

        void AddAuthors(JsonElement value)
        {
            if (value.Text("reference") is { } reference)
                Add(references.Find(reference, item.FullUrl));
            else
                foreach (var part in PartElements)
                    if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(part, out var party) && party.Text("reference") is { } inner)
                        Add(references.Find(inner, item.FullUrl));
        }

        void Add(ReferenceTarget? target)
        {
            if (target?.Provider is { } provider && !authors.Contains(provider))
                authors.Add(provider);
            if (target is { ResourceType: "PractitionerRole", Item: { } role })
                foreach (var element in RoleElements)
                    if (role.Resource.TryGetProperty(element, out var party) && party.Text("reference") is { } reference
                        && references.Find(reference, role.FullUrl) is { Provider: not null } holder)
                        Add(holder);
        }
    }

    /// <summary>An encounter belongs to itself, so that sharing "this encounter" includes it.</summary>
    public static RecordId? Encounter(IntakeItem item, ReferenceMap references) =>
        item.ResourceType == "Encounter" ? item.Id
        : EncounterReferences(item.Resource).Select(reference => references.Find(reference, item.FullUrl))
            .FirstOrDefault(target => target is { ResourceType: "Encounter" }) is { } encounter ? new RecordId(encounter.Id) : null;

    /// <summary><c>encounter</c>; <c>context</c> or <c>context.encounter</c>; of a claim, its items'.</summary>
    private static IEnumerable<string> EncounterReferences(JsonElement resource) =>
        resource.Items("encounter")
            .Concat(resource.Items("context").SelectMany(context => context.Items("encounter").Prepend(context)))
            .Concat(resource.Items("item").SelectMany(line => line.Items("encounter")))
            .Select(reference => reference.Text("reference")).OfType<string>();
}

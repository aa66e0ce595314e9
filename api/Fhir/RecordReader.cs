using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Makes drafts of checked resources: gives the ids, resolves the references, reads what the patient's grain indexes.</summary>
internal static class RecordReader
{
    /// <summary>Systems whose security labels say something else than how sensitive the datum is: that it is test data, or how sure it is.</summary>
    private static readonly string[] OtherLabels =
        ["http://terminology.hl7.org/CodeSystem/v3-ActReason", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"];

    public static Outcome<IntakeDraft> Read(IReadOnlyList<BundleEntry> entries, CommandId command)
    {
        var items = new List<IntakeItem>(entries.Count);
        var providers = new Dictionary<ProviderId, ProviderKind>();
        foreach (var (index, fullUrl, resource) in entries)
        {
            var id = RecordId.From(command, index);
            var provider = ProviderReader.Read(resource, ownName: fullUrl ?? $"urn:uuid:{id}");
            if (provider is not null && providers.TryAdd(provider.Id, provider.Kind))
                id = new RecordId(provider.Id.Value);
            else if (provider is not null && providers[provider.Id] != provider.Kind)
                return new Refusal(RefusalCode.Invalid,
                    "A practitioner and an organisation have the same identifier; an identifier must name one party.",
                    $"Bundle.entry[{index}].resource.identifier");
            items.Add(new(id, resource.Text("resourceType")!, fullUrl, resource, provider));
        }

        return Drafts(items);
    }

    /// <summary>One resource under an id that is given: an amendment.</summary>
    public static Outcome<IntakeDraft> ReadAs(BundleEntry entry, RecordId id) =>
        Drafts([new(id, entry.Resource.Text("resourceType")!, entry.FullUrl, entry.Resource, Provider: null)]);

    private static IntakeDraft Drafts(List<IntakeItem> items)
    {
        var references = new ReferenceMap(items);
        var records = items.ConvertAll(item => Draft(item, references));
        return new IntakeDraft(records, [.. references.Providers]);
    }

    private static RecordDraft Draft(IntakeItem item, ReferenceMap references) => new(
        item.Id,
        item.ResourceType,
        DataClassifier.Classify(item.Resource),
        CodeReader.Read(item, references),
        DateReader.Read(item.Resource),
        LinkReader.Authors(item, references),
        LinkReader.Encounter(item, references),
        Labels(item.Resource),
        item.FullUrl,
        ReferenceRewriter.Rewrite(item, references),
        Categories(item));

    /// <summary>Of the types that apps' scopes may be narrowed in by category.</summary>
    private static List<Code>? Categories(IntakeItem item) =>
        CategoryClasses.TypesInScopes.Contains(item.ResourceType)
        && item.Resource.Items("category").SelectMany(category => category.Items("coding")).Where(coding => coding.Text("code") is not null)
            .Select(coding => new Code(coding.Text("system"), coding.Text("code")!, null)).Distinct().ToList() is { Count: > 0 } codes ? codes : null;

    /// <summary>Whether a coding of <c>meta.security</c> says how sensitive the datum is.</summary>
    public static bool IsLabel(JsonElement security) => security.Text("code") is not null && !OtherLabels.Contains(security.Text("system"));

    private static List<string> Labels(JsonElement resource) =>
        resource.TryGetProperty("meta", out var meta) ? [.. meta.Items("security").Where(IsLabel).Select(label => label.Text("code")!).Distinct()] : [];
}

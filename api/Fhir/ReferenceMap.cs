using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>What a reference leads to: a resource of the same intake, or one that the patient or the system has already.</summary>
/// <param name="Provider">Set when it is a practitioner or an organisation.</param>
/// <param name="Item">The resource, when it came with the same intake.</param>
internal sealed record ReferenceTarget(string ResourceType, Guid Id, ProviderId? Provider, IntakeItem? Item)
{
    public string Reference => $"{ResourceType}/{Id:D}";
}

/// <summary>
/// Finds what a reference means, by the rules for a Bundle (http://hl7.org/fhir/R4/bundle.html#references) and for transactions
/// (http://hl7.org/fhir/R4/http.html#trules): a fullUrl; <c>Type/id</c> on the base of the entry's own fullUrl, or of any entry when
/// only one has it; <c>Type?identifier=system|value</c>. What leads to nothing, or to more than one resource, stays as it came.
/// </summary>
internal sealed class ReferenceMap
{
    private readonly Dictionary<string, ReferenceTarget?> _names = new(StringComparer.Ordinal);       // null: several have this name
    private readonly Dictionary<ProviderId, ProviderDraft> _providers = [];

    public ReferenceMap(IEnumerable<IntakeItem> items)
    {
        foreach (var item in items)
        {
            var type = item.ResourceType;
            var target = new ReferenceTarget(type, item.Id.Value, item.Provider?.Id, item);
            if (item.Provider is { } provider) _providers.TryAdd(provider.Id, provider);
            if (item.FullUrl is { } fullUrl) _names[fullUrl] = target;
            if (item.Resource.Text("id") is { } id) AddOnce($"{type}/{id}", target);
            foreach (var identifier in item.Resource.Items("identifier"))
                if (identifier.Text("value") is { } value)
                    AddOnce($"{type}?identifier={identifier.Text("system")}|{value}", target);
        }
    }

    /// <summary>The providers met so far: of the Bundle, and those that conditional references named since.</summary>
    public IReadOnlyCollection<ProviderDraft> Providers => _providers.Values;

    /// <summary>The reference as it is stored; the same text when it leads to nothing known.</summary>
    public string Rewrite(string reference, string? fullUrl)
    {
        if (Find(reference, fullUrl) is not { } target) return reference;
        var fragment = reference.IndexOf('#');
        return fragment < 0 ? target.Reference : target.Reference + reference[fragment..];
    }

    /// <param name="fullUrl">Of the entry that holds the reference: gives the base of a relative one.</param>
    public ReferenceTarget? Find(string reference, string? fullUrl)
    {
        var name = WithoutVersion(reference);
        if (name.Length == 0 || name[0] == '#') return null;
        if (BaseOf(fullUrl) is { } baseUrl && _names.TryGetValue(baseUrl + name, out var near)) return near;
        if (_names.TryGetValue(name, out var found)) return found;
        return name.Contains('?') ? FindConditional(name) : FindStored(name);
    }

    /// <summary>Whether an entry of the Bundle has exactly this fullUrl.</summary>
    public ReferenceTarget? FindFullUrl(string url) =>
        _names.TryGetValue(url, out var target) && target?.Item?.FullUrl == url ? target : null;

    /// <summary>A provider's id derives from its identifier, so a search by identifier needs no search.</summary>
    private ReferenceTarget? FindConditional(string name)
    {
        var decoded = Uri.UnescapeDataString(name);
        if (decoded != name && _names.TryGetValue(decoded, out var found)) return found;
        if (decoded.Split("?identifier=") is not [var type, var token] || token.Contains('&')
            || token.Split('|') is not [{ Length: > 0 } system, { Length: > 0 } value] || ProviderReader.KindOf(type) is not { } kind)
            return null;
        var id = ProviderId.FromIdentifier(system, value);
        var provider = _providers.GetValueOrDefault(id);
        if (provider is null) _providers.Add(id, new ProviderDraft(id, kind, value, system, value));
        else if (provider.Kind != kind) return null;
        return new(type, id.Value, id, Item: null);
    }

    /// <summary>A resource that was stored before, named by the id it has here.</summary>
    private static ReferenceTarget? FindStored(string name) =>
        name.Split('/') is [var type, var text] && Guid.TryParseExact(text, "D", out var id) && id.ToString("D") == text
            ? new(type, id, ProviderReader.KindOf(type) is null ? null : new ProviderId(id), Item: null)
            : null;

    private void AddOnce(string name, ReferenceTarget target)
    {
        if (_names.TryAdd(name, target) || _names[name] is not { } known || known.Id == target.Id) return;
        var sameProvider = known.Provider is not null && known.Provider == target.Provider;     // then the first stands for both
        if (!sameProvider) _names[name] = null;
    }

    /// <summary><c>http://host/fhir/</c> of <c>http://host/fhir/Patient/1</c>; a URN has none.</summary>
    private static string? BaseOf(string? fullUrl)
    {
        if (fullUrl is null || !fullUrl.StartsWith("http", StringComparison.Ordinal)) return null;
        var id = fullUrl.LastIndexOf('/');
        var type = id <= 0 ? -1 : fullUrl.LastIndexOf('/', id - 1);
        return type < 0 ? null : fullUrl[..(type + 1)];
    }

    /// <summary>The Bundle's version of a resource is the first version here; its old number means nothing. Fragments name a part of it.</summary>
    private static string WithoutVersion(string reference)
    {
        var end = reference.IndexOf('#') is > 0 and var fragment ? fragment : reference.Length;
        var version = reference.IndexOf("/_history/", StringComparison.Ordinal);
        return reference[..(version > 0 && version < end ? version : end)];
    }
}

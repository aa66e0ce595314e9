using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>Reads a Practitioner or an Organization as a provider entry.</summary>
internal static class ProviderReader
{
    private const string NationalProviderIdentifier = "http://hl7.org/fhir/sid/us-npi";

    /// <summary>The system of identifiers that are URIs (http://hl7.org/fhir/R4/identifier-registry.html).</summary>
    private const string UriSystem = "urn:ietf:rfc:3986";

    public static ProviderKind? KindOf(string resourceType) => resourceType switch
    {
        "Practitioner" => ProviderKind.Practitioner,
        "Organization" => ProviderKind.Organization,
        _ => null,
    };

    /// <summary>The entry of a resource; null when the resource is no provider.</summary>
    /// <param name="ownName">A URI that stands in when the resource has no identifier with system and value.</param>
    public static ProviderDraft? Read(JsonElement resource, string ownName)
    {
        if (KindOf(resource.Text("resourceType")!) is not { } kind) return null;
        var (system, value) = IdentifierOf(resource) ?? (UriSystem, ownName);
        var name = kind == ProviderKind.Organization ? resource.Text("name") : resource.Items("name").Select(NameOf).FirstOrDefault();
        return new(ProviderId.FromIdentifier(system, value), kind, string.IsNullOrWhiteSpace(name) ? value : name, system, value, kind == ProviderKind.Organization ? AddressOf(resource) : null);
    }

    /// <summary>Of an organisation: the first that holds. A practitioner's may be where they live.</summary>
    private static string? AddressOf(JsonElement resource)
    {
        var address = resource.Items("address").Where(address => address.Text("use") != "old").Select(InOneLine).FirstOrDefault();
        return string.IsNullOrWhiteSpace(address) || address.Length > Limits.AddressLengthMax ? null : address;
    }

    /// <summary>Address: the text when given, else its parts in the order in which they are written.</summary>
    private static string InOneLine(JsonElement address) => address.Text("text") ?? string.Join(", ",
        Texts(address, "line").Append(string.Join(' ', new[] { address.Text("postalCode"), address.Text("city") }.Where(part => !string.IsNullOrWhiteSpace(part))))
            .Append(address.Text("state")).Append(address.Text("country")).Where(part => !string.IsNullOrWhiteSpace(part)));

    private static (string System, string Value)? IdentifierOf(JsonElement resource)
    {
        (string, string)? first = null;
        foreach (var identifier in resource.Items("identifier"))
        {
            if (identifier.Text("system") is not { } system || identifier.Text("value") is not { } value) continue;
            if (system == NationalProviderIdentifier) return (system, value);
            first ??= (system, value);
        }
        return first;
    }

    /// <summary>HumanName: the text when given, else its parts in the order they are spoken.</summary>
    private static string NameOf(JsonElement name) => name.Text("text") ?? string.Join(' ',
        Texts(name, "prefix").Concat(Texts(name, "given")).Append(name.Text("family")).Concat(Texts(name, "suffix"))
            .Where(part => !string.IsNullOrWhiteSpace(part)));

    private static IEnumerable<string?> Texts(JsonElement name, string property) =>
        name.Items(property).Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString());
}

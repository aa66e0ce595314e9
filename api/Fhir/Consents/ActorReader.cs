using System.Text.Json;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Consents.ConsentVocabulary;

namespace Hrms.Api.Fhir.Consents;

/// <summary>Reads whom a provision is about, by the ids that providers, care teams and patients have here.</summary>
internal static class ActorReader
{
    public static Actor Read(JsonElement actor, string place)
    {
        NotHeldException.UnlessKnown(actor, place, "role", "reference");
        var reference = actor.GetProperty("reference");
        NotHeldException.UnlessKnown(reference, $"{place}.reference", "reference", "type", "identifier", "display");
        var found = reference.Text("reference") is { } text ? ByReference(text, reference.Text("type")) : ByIdentifier(reference);
        NotHeldException.If(
            reference.TryGetProperty("reference", out _) && reference.TryGetProperty("identifier", out _), $"{place}.reference.identifier", "An actor is named by one id. Leave this out.");
        NotHeldException.If(found is null, $"{place}.reference", "Name a Practitioner, Organization, CareTeam, Group or Patient by the id that it has here.");
        var (system, code) = found!.Kind == ActorKind.Delegate ? (RoleCode, "DELEGATEE") : (ParticipationType, "IRCP");
        var roles = actor.GetProperty("role").Items("coding").ToList();
        NotHeldException.If(
            roles is not [var role] || role.Text("system") != system || role.Text("code") != code, $"{place}.role", $"The role of this actor can only be {code} of {system}.");
        return found;
    }

    private static Actor? ByReference(string reference, string? named) => DataReader.Split(reference) is not var (type, id) || (named ?? type) != type ? null : type switch
    {
        "Practitioner" => Actor.Practitioner(new ProviderId(id)),
        "Organization" => Actor.Organization(new ProviderId(id)),
        "CareTeam" or "Group" => Actor.CareTeam(new ProviderId(id)),
        "Patient" => Actor.Delegate(new PatientId(id)),
        _ => null,
    };

    private static Actor? ByIdentifier(JsonElement reference)
    {
        if (!reference.TryGetProperty("identifier", out var identifier) || identifier.Text("value") is not { } value)
            return null;
        return (reference.Text("type"), identifier.Text("system")) switch
        {
            ("Group", Grantee) when value == "anyone" => Actor.Anyone,
            ("Device", ClientId) => Actor.App(value),
            ("PractitionerRole", { } system) when DataReader.Split(system) is ("", var organization) => Actor.RoleWithin(new ProviderId(organization), value),
            _ => null,
        };
    }
}

/// <summary>Reads which data a provision names.</summary>
internal static class DataReader
{
    public static (string Meaning, Guid Id) Read(JsonElement data, string place)
    {
        NotHeldException.UnlessKnown(data, place, "meaning", "reference");
        NotHeldException.UnlessKnown(data.GetProperty("reference"), $"{place}.reference", "reference", "type", "display");
        var reference = data.GetProperty("reference");
        var (type, id) = Split(reference.Text("reference") ?? "")
            ?? throw new NotHeldException($"{place}.reference", "Name the resource by the id that it has here.");
        NotHeldException.If((reference.Text("type") ?? type) != type, $"{place}.reference.type", "The reference is of another type.");
        var meaning = data.Text("meaning");
        var known = meaning switch
        {
            "instance" => true,
            "related" => type == "Encounter",
            "authoredby" => type is "Practitioner" or "Organization",
            _ => false,
        };
        NotHeldException.If(!known, $"{place}.meaning", "Data are named as an instance, as related to an Encounter, or as authored by a Practitioner or an Organization.");
        return (meaning!, id);
    }

    /// <summary>The type and the id of <c>Type/id</c>; of <c>urn:uuid:id</c> no type; null of anything else.</summary>
    public static (string Type, Guid Id)? Split(string reference)
    {
        var text = reference.StartsWith("urn:uuid:", StringComparison.Ordinal) ? "/" + reference["urn:uuid:".Length..] : reference;
        return text.Split('/') is [var type, var id] && Guid.TryParseExact(id, "D", out var guid) ? (type, guid) : null;
    }
}

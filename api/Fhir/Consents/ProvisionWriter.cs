using System.Text.Json.Nodes;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Consents.ConsentVocabulary;

namespace Hrms.Api.Fhir.Consents;

/// <summary>Writes one provision; an empty list is left out, as FHIR wants it.</summary>
internal static class ProvisionWriter
{
    /// <param name="anyActor">Whether the grantee is who a provision without an actor is about: at the root anyone, in an exception the rule's.</param>
    public static JsonObject Write(Provision provision, bool anyActor, ReferenceTypes types)
    {
        var (data, json) = (provision.Data, new JsonObject { ["type"] = provision.Type == ProvisionType.Permit ? "permit" : "deny" });
        Put(json, "actor", anyActor ? null : new JsonArray(Actor(provision.Grantee, types)));
        Put(json, "action", Items(Actions(provision.Actions)));
        Put(json, "securityLabel", Items((data.Confidentialities ?? []).Select(code => Coding(ConfidentialitySystem, code.ToString())).Concat(data.Labels.Select(label => Coding(ActCode, label)))));
        Put(json, "purpose", Items(provision.Purposes.Select(purpose => Coding(purpose.System, purpose.Code))));
        Put(json, "class", Items(data.Classes.Select(dataClass => Coding(ClassSystem, CodeOf(dataClass)))));
        Put(json, "dataPeriod", data.Window is null ? null : Of(data.Window));
        Put(json, "data", Items(
            data.Records.Select(record => Data("instance", record.Value, types.Find("instance", record.Value)))
                .Concat(data.Encounters.Select(encounter => Data("related", encounter.Value, "Encounter")))
                .Concat(data.Authors.Select(author => Data("authoredby", author.Value, types.Find("authoredby", author.Value) ?? "Practitioner")))));
        foreach (var resolution in data.Resolutions ?? [])
            Modify(json, Resolution, "valueCode", CodeOf(resolution));
        if (ConsentReader.NeedsTogether(data))
            Modify(json, Together, "valueBoolean", true);
        return json;
    }

    public static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };

    public static JsonObject Of(Period period)
    {
        var json = new JsonObject();
        Put(json, "start", period.From is { } from ? FhirTime.Start(from) : null);
        Put(json, "end", period.Until is { } until ? FhirTime.End(until) : null);
        return json;
    }

    public static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
            json[name] = value;
    }

    public static void Modify(JsonObject json, string url, string name, JsonNode value)
    {
        if (json["modifierExtension"] is not JsonArray extensions)
            json["modifierExtension"] = extensions = [];
        extensions.Add(new JsonObject { ["url"] = url, [name] = value });
    }

    public static JsonArray? Items(IEnumerable<JsonObject> items) => items.ToArray<JsonNode?>() is { Length: > 0 } some ? new JsonArray(some) : null;

    private static IEnumerable<JsonObject> Actions(IReadOnlyList<AccessAction> actions)
    {
        var access = actions.Take(Access.Length).SequenceEqual(Access);
        if (access)
            yield return Concept(ConsentAction, "access");
        foreach (var action in actions.Skip(access ? Access.Length : 0))
            yield return Concept(ActionSystem, CodeOf(action));
    }

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(Coding(system, code)) };

    private static JsonObject Data(string meaning, Guid id, string? type) => new()
    {
        ["meaning"] = meaning, ["reference"] = new JsonObject { ["reference"] = type is null ? $"urn:uuid:{id:D}" : $"{type}/{id:D}" },
    };

    private static JsonObject Actor(Actor actor, ReferenceTypes types) => new()
    {
        ["role"] = actor.Kind == ActorKind.Delegate ? Concept(RoleCode, "DELEGATEE") : Concept(ParticipationType, "IRCP"),
        ["reference"] = actor.Kind switch
        {
            ActorKind.Anyone => Logical("Group", Grantee, "anyone"),
            ActorKind.App => Logical("Device", ClientId, actor.ClientId!),
            ActorKind.Role => Logical("PractitionerRole", $"urn:uuid:{actor.Id:D}", actor.Role!),
            ActorKind.Delegate => Reference("Patient", actor.Id),
            ActorKind.CareTeam => Reference(types.Find("actor", actor.Id) == "Group" ? "Group" : "CareTeam", actor.Id),
            _ => Reference(actor.Kind.ToString(), actor.Id),
        },
    };

    private static JsonObject Reference(string type, Guid id) => new() { ["reference"] = $"{type}/{id:D}" };

    private static JsonObject Logical(string type, string system, string value) => new()
    {
        ["type"] = type, ["identifier"] = new JsonObject { ["system"] = system, ["value"] = value },
    };
}

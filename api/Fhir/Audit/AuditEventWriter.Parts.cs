using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Audit.AuditVocabulary;

namespace Hrms.Api.Fhir.Audit;

/// <summary>What the AuditEvents of access lines and of records' versions are made of.</summary>
internal sealed partial class AuditEventWriter
{
    private JsonObject Event(
        Guid id, string profile, JsonObject type, JsonObject subtype, string action, DateTimeOffset at, IEnumerable<JsonObject> agents, IEnumerable<JsonObject> entities) => new()
    {
        ["resourceType"] = "AuditEvent",
        ["id"] = $"{id:D}",
        ["meta"] = new JsonObject { ["lastUpdated"] = FhirTime.Instant(at), ["profile"] = new JsonArray($"{Profiles}{profile}") },
        ["type"] = type,
        ["subtype"] = new JsonArray(subtype),
        ["action"] = action,
        ["recorded"] = FhirTime.Instant(at),
        ["outcome"] = "0",
        ["agent"] = Items(agents),
        ["source"] = new JsonObject { ["observer"] = Server(), ["type"] = new JsonArray(Coding(SourceType, "4")) },
        ["entity"] = Items(entities),
    };

    private static JsonObject User(AccessLine line)
    {
        var user = Agent(Concept(Participation, "IRCP"), ActorReference.To(line.Asker.Actor), true);
        if (TokenUse(line.Asker) is { } use)
        {
            user["type"]!["coding"]!.AsArray().Add(Coding(UserAgents, "UserOauthAgent"));
            user["policy"] = new JsonArray(use.Token);
        }
        user["purposeOfUse"] = new JsonArray(Purpose(line));
        return user;
    }

    /// <summary>By which token it was asked, as BALP names one: by its <c>jti</c>, or by its last 32 characters; null: the line does not know.</summary>
    private static (string Profile, string Token)? TokenUse(Asker asker) => asker.TokenName?.Split(':', 2) switch
    {
        ["jti", var id] => ("OAUTHaccessTokenUse.Minimal", $"urn:ietf:params:oauth:jti:{id}"),
        ["end", var end] => ("OAUTHaccessTokenUse.Opaque", end),
        _ => null,
    };

    private static JsonObject Principal(Actor principal)
    {
        var agent = Agent(Concept(RoleClass, "PAT"), ActorReference.To(principal), false);
        agent["role"] = new JsonArray(new JsonObject { ["text"] = "On whose behalf the user acts" });
        return agent;
    }

    private static JsonObject Agent(JsonObject type, JsonObject who, bool requestor, JsonObject? network = null)
    {
        var agent = new JsonObject { ["type"] = type, ["who"] = who, ["requestor"] = requestor };
        ProvisionWriter.Put(agent, "network", network);
        return agent;
    }

    private JsonObject Network() => new() { ["address"] = _server, ["type"] = "5" };

    private JsonObject Patient(AccessLine line) => Patient(
    [
        Detail("access-line", $"{line.StreamVersion}"), Detail("policy-version", $"{line.PolicyVersion}"), Detail("operation", line.Operation),
        Detail("action", ConsentVocabulary.CodeOf(line.Action)), Detail("reason", ConsentVocabulary.CodeOf(line.Decision.Reason)),
    ]);

    private JsonObject Patient(IEnumerable<JsonObject> details)
    {
        var entity = Entity(Coding(EntityType, "1"), "1", new JsonObject { ["reference"] = $"Patient/{patient}" });
        entity["detail"] = Items(details);
        return entity;
    }

    private JsonObject Data(AccessedRecord record) => Judged(Entity(Coding(EntityType, "2"), "4", new JsonObject { ["reference"] = ReferenceTo(record) }), record);

    /// <summary>Samples have no names of their own.</summary>
    private static JsonObject Samples() => Entity(Coding(EntityType, "2"), "4", new JsonObject { ["display"] = "Samples of wearables" });

    /// <summary>In a query the type "2" is the query itself.</summary>
    private JsonObject Found(AccessedRecord record) =>
        Judged(Entity(Coding(ResourceTypes, TypeOf(record)), "4", new JsonObject { ["reference"] = ReferenceTo(record) }), record);

    private static JsonObject Judged(JsonObject entity, AccessedRecord record)
    {
        entity["detail"] = new JsonArray(Detail("reason", ConsentVocabulary.CodeOf(record.Decision.Reason)));
        if (record.Decision.Consent is { } consent)
            entity["detail"]!.AsArray().Add(Detail("consent", $"{consent}/_history/{record.Decision.ConsentVersion}"));
        return entity;
    }

    private static JsonObject Entity(JsonObject type, string? role, JsonObject? what)
    {
        var entity = new JsonObject();
        ProvisionWriter.Put(entity, "what", what);
        entity["type"] = type;
        ProvisionWriter.Put(entity, "role", role is null ? null : Coding(ObjectRole, role));
        return entity;
    }

    private string ReferenceTo(AccessedRecord record) => $"{TypeOf(record)}/{record.Id}/_history/{record.Version}";

    private string TypeOf(AccessedRecord record) => resourceTypes.GetValueOrDefault(record.Id.Value, "Basic");

    private JsonObject Server() => ActorReference.Identified("urn:ietf:rfc:3986", _server, "HRMS");

    private static JsonObject Client(Asker asker) => asker.ClientId is { } app ? ActorReference.To(Actor.App(app)) : Unknown();

    private static JsonObject Unknown() => Absent("unknown");

    private static JsonObject Absent(string why) => new() { ["extension"] = new JsonArray(new JsonObject { ["url"] = DataAbsentReason, ["valueCode"] = why }) };

    private static JsonObject Detail(string type, string value) => new() { ["type"] = type, ["valueString"] = value };

    private static JsonObject Purpose(AccessLine line) => Concept(line.Asker.Purpose.System, line.Asker.Purpose.Code);

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(Coding(system, code)) };

    private static JsonObject Coding(string system, string code) => ProvisionWriter.Coding(system, code);

    private static JsonArray Items(IEnumerable<JsonObject> items) => new([.. items]);
}

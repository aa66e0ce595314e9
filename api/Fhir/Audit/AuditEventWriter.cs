using System.Text;
using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Audit.AuditVocabulary;

namespace Hrms.Api.Fhir.Audit;

/// <summary>
/// Writes access lines as FHIR R4 AuditEvents after IHE Basic Audit Log Patterns (BALP): what brought one record is a PatientRead, everything else that was permitted a PatientQuery, with each
/// record that it brought; what was denied is a denial by AuthZconsent. What a profile wants and a line does not have, such as an address of the network, is said to be unknown.
/// </summary>
/// <param name="server">This server's FHIR endpoint.</param>
/// <param name="resourceTypes">Of the records that the lines name.</param>
internal sealed class AuditEventWriter(PatientId patient, Uri server, IReadOnlyDictionary<Guid, string> resourceTypes)
{
    private readonly string _server = server.AbsoluteUri.TrimEnd('/');

    public Guid IdOf(AccessLine line) => NameBasedId.Create("access-line", $"{patient}/{line.StreamVersion}");

    public JsonObject Write(AccessLine line)
    {
        var profile = !line.Decision.Permitted ? "AuthZconsent" : line is { Records.Count: 1, Action: AccessAction.View or AccessAction.Stream } ? "PatientRead" : "PatientQuery";
        var json = new JsonObject
        {
            ["resourceType"] = "AuditEvent",
            ["id"] = $"{IdOf(line):D}",
            ["meta"] = new JsonObject { ["lastUpdated"] = FhirTime.Instant(line.At), ["profile"] = new JsonArray($"{Profiles}{profile}") },
            ["type"] = profile == "AuthZconsent" ? Coding(Dicom, "110113") : Coding(EventType, "rest"),
            ["subtype"] = new JsonArray(profile switch
            {
                "AuthZconsent" => Coding(AuthorizationType, "AuthZ-Consent"),
                "PatientRead" => Coding(Interaction, "read"),
                _ => Coding(Interaction, "search"),
            }),
            ["action"] = profile == "PatientRead" ? "R" : "E",
            ["recorded"] = FhirTime.Instant(line.At),
            ["outcome"] = line.Decision.Permitted ? "0" : "8",
            ["outcomeDesc"] = WordsOf(line.Decision.Reason),
            ["purposeOfEvent"] = new JsonArray(Purpose(line)),
        };
        json["agent"] = Items(profile == "AuthZconsent" ? Authorizing(line) : Exchanging(line, profile == "PatientRead"));
        json["source"] = new JsonObject { ["observer"] = Server(), ["type"] = new JsonArray(Coding(SourceType, profile == "AuthZconsent" ? "6" : "4")) };
        json["entity"] = Items(profile switch
        {
            "AuthZconsent" => Decided(line),
            "PatientRead" => [Data(line.Records[0]), Patient(line), .. Bases(line), .. Request(line)],
            _ => [Query(line), Patient(line), .. line.Records.Select(Found), .. Bases(line), .. Request(line)],
        });
        return json;
    }

    /// <summary>In a query the client is the source and the server the destination; in a read the other way round (BALP, Query).</summary>
    private IEnumerable<JsonObject> Exchanging(AccessLine line, bool isRead)
    {
        yield return Agent(Concept(Dicom, isRead ? "110152" : "110153"), Client(line.Asker), false, Unknown());
        yield return Agent(Concept(Dicom, isRead ? "110153" : "110152"), Server(), false, new JsonObject { ["address"] = _server, ["type"] = "5" });
        yield return User(line);
        if (line.Asker.OnBehalfOf is { } principal)
            yield return Principal(principal);
    }

    private IEnumerable<JsonObject> Authorizing(AccessLine line)
    {
        yield return Agent(Concept(Dicom, "110150"), Client(line.Asker), false, Unknown());
        yield return User(line);
        yield return Agent(Concept(RoleClass, "PROV"), line.Asker.Actor.Kind == ActorKind.Organization ? ActorReference.To(line.Asker.Actor) : Unknown(), false);
        yield return Agent(Concept(SecurityRole, "authserver"), Server(), false);
        if (line.Asker.OnBehalfOf is { } principal)
            yield return Principal(principal);
    }

    private static JsonObject User(AccessLine line)
    {
        var user = Agent(Concept(Participation, "IRCP"), ActorReference.To(line.Asker.Actor), true);
        user["purposeOfUse"] = new JsonArray(Purpose(line));
        return user;
    }

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

    private JsonObject Patient(AccessLine line)
    {
        var entity = Entity(Coding(EntityType, "1"), "1", new JsonObject { ["reference"] = $"Patient/{patient}" });
        entity["detail"] = new JsonArray(
            Detail("access-line", $"{line.StreamVersion}"), Detail("policy-version", $"{line.PolicyVersion}"), Detail("operation", line.Operation),
            Detail("action", ConsentVocabulary.CodeOf(line.Action)), Detail("reason", ConsentVocabulary.CodeOf(line.Decision.Reason)));
        return entity;
    }

    private JsonObject Data(AccessedRecord record) => Judged(Entity(Coding(EntityType, "2"), "4", new JsonObject { ["reference"] = ReferenceTo(record) }), record);

    /// <summary>In a query the type "2" is the query itself.</summary>
    private JsonObject Found(AccessedRecord record) =>
        Judged(Entity(Coding(ResourceTypes, TypeOf(record)), "4", new JsonObject { ["reference"] = ReferenceTo(record) }), record);

    /// <summary>What was asked is kept by its operation's name, without its arguments.</summary>
    private static JsonObject Query(AccessLine line)
    {
        var entity = Entity(Coding(EntityType, "2"), "24", null);
        entity["query"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(line.Operation));
        return entity;
    }

    /// <summary>Patient and consents and nothing else, as the profile wants it; the record that was asked for is a detail of the patient's.</summary>
    private IEnumerable<JsonObject> Decided(AccessLine line)
    {
        var entity = Patient(line);
        foreach (var record in line.Records)
            entity["detail"]!.AsArray().Add(Detail("record", ReferenceTo(record)));
        if (line.Asker.CorrelationId is { } id)
            entity["detail"]!.AsArray().Add(Detail("request", id));
        yield return entity;
        foreach (var consent in Bases(line).DefaultIfEmpty(Entity(Coding(ResourceTypes, "Consent"), null, new JsonObject { ["display"] = "No consent of the patient's decided it" })))
            yield return consent;
    }

    /// <summary>Every consent that decided something of the line, each once.</summary>
    private static IEnumerable<JsonObject> Bases(AccessLine line) => line.Records.Select(record => record.Decision).Append(line.Decision)
        .Where(decision => decision.Consent is not null).DistinctBy(decision => (decision.Consent, decision.ConsentVersion))
        .Select(decision => Entity(Coding(ResourceTypes, "Consent"), null, Basis(decision)));

    private static JsonObject Basis(Decision decision) => decision.Reason switch
    {
        DecisionReason.Delegated => ActorReference.Identified("urn:ietf:rfc:3986", $"urn:uuid:{decision.Consent}", "delegation"),
        DecisionReason.BreakGlass or DecisionReason.GlassReview => ActorReference.Identified("urn:ietf:rfc:3986", $"urn:uuid:{decision.Consent}", "broken glass"),
        _ => new JsonObject { ["reference"] = $"Consent/{decision.Consent}/_history/{decision.ConsentVersion}" },
    };

    private static IEnumerable<JsonObject> Request(AccessLine line)
    {
        if (line.Asker.CorrelationId is { } id)
            yield return Entity(Coding(BalpEntityType, "XrequestId"), null, new JsonObject { ["identifier"] = new JsonObject { ["value"] = id } });
    }

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

    private static JsonObject Unknown() => new() { ["extension"] = new JsonArray(new JsonObject { ["url"] = DataAbsentReason, ["valueCode"] = "unknown" }) };

    private static JsonObject Detail(string type, string value) => new() { ["type"] = type, ["valueString"] = value };

    private static JsonObject Purpose(AccessLine line) => Concept(line.Asker.Purpose.System, line.Asker.Purpose.Code);

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(Coding(system, code)) };

    private static JsonObject Coding(string system, string code) => ProvisionWriter.Coding(system, code);

    private static JsonArray Items(IEnumerable<JsonObject> items) => new([.. items]);
}

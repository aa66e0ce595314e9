using System.Text;
using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Audit.AuditVocabulary;

namespace Hrms.Api.Fhir.Audit;

/// <summary>
/// Writes access lines as FHIR R4 AuditEvents after IHE Basic Audit Log Patterns (BALP). What was permitted: a PrivacyDisclosure.Source when data left to others outside treatment, payment and
/// operations; else what brought one record is a PatientRead and everything else a PatientQuery, with each record that it brought. The decision of consents that permitted it is an AuthZconsent
/// beside it; what was denied is one by itself. What a profile wants and a line does not have, such as an address of the network, is said to be unknown. The parts are in a file of their own.
/// </summary>
/// <param name="server">This server's FHIR endpoint.</param>
/// <param name="resourceTypes">Of the records that the lines name.</param>
internal sealed partial class AuditEventWriter(PatientId patient, Uri server, IReadOnlyDictionary<Guid, string> resourceTypes)
{
    private readonly string _server = server.AbsoluteUri.TrimEnd('/');

    public Guid IdOf(AccessLine line) => NameBasedId.Create("access-line", $"{patient}/{line.StreamVersion}");

    public Guid DecisionIdOf(AccessLine line) => NameBasedId.Create("access-decision", $"{patient}/{line.StreamVersion}");

    /// <summary>Whether consents permitted it: then there is a decision to write beside the line.</summary>
    public static bool HasDecision(AccessLine line) => line is { IsWithheld: false, Decision.Permitted: true } && Bases(line).Any();

    public JsonObject Write(AccessLine line) => line switch
    {
        { IsWithheld: true } => Withheld(line),
        { Decision.Permitted: false } => Decision(line, IdOf(line)),
        _ when DisclosureRules.IsDisclosure(line, patient) && !DisclosureRules.IsExempt(line.Asker) => Event(
            line, IdOf(line), "PrivacyDisclosure.Source", Coding(Dicom, "110106"), Coding(Lifecycle, "disclose"), "R", Exchanging(line, isSource: true),
            line.Records.Count == 0 ? [Patient(line), Samples(), .. Bases(line), .. Request(line)] : [Patient(line), .. line.Records.Select(Data), .. Bases(line), .. Request(line)]),
        { Records.Count: 1, Action: AccessAction.View or AccessAction.Stream } => Event(
            line, IdOf(line), "PatientRead", Coding(EventType, "rest"), Coding(Interaction, "read"), "R", Exchanging(line, isSource: true),
            [Data(line.Records[0]), Patient(line), .. Bases(line), .. Request(line)]),
        _ => Event(
            line, IdOf(line), "PatientQuery", Coding(EventType, "rest"), Coding(Interaction, "search"), "E", Exchanging(line, isSource: false),
            [Query(line), Patient(line), .. line.Records.Select(Found), .. Bases(line), .. Request(line)]),
    };

    /// <summary>What the consents said.</summary>
    public JsonObject WriteDecision(AccessLine line) => Decision(line, DecisionIdOf(line));

    private JsonObject Decision(AccessLine line, Guid id)
    {
        var json = Event(line, id, "AuthZconsent", Coding(Dicom, "110113"), Coding(AuthorizationType, "AuthZ-Consent"), "E", Authorizing(line), Decided(line));
        json["source"]!["type"] = new JsonArray(Coding(SourceType, "6"));
        return json;
    }

    private JsonObject Event(AccessLine line, Guid id, string profile, JsonObject type, JsonObject subtype, string action, IEnumerable<JsonObject> agents, IEnumerable<JsonObject> entities)
    {
        var json = Event(id, profile, type, subtype, action, line.At, agents, entities);
        json["outcome"] = line.Decision.Permitted ? "0" : "8";
        json["outcomeDesc"] = WordsOf(line.Decision.Reason);
        json["purposeOfEvent"] = new JsonArray(Purpose(line));
        if (TokenUse(line.Asker) is { } use)
            json["meta"]!["profile"]!.AsArray().Add($"{Profiles}{use.Profile}");
        return json;
    }

    /// <summary>In a query the client is the source and the server the destination; where records go out, the other way round (BALP, Query).</summary>
    private IEnumerable<JsonObject> Exchanging(AccessLine line, bool isSource)
    {
        yield return Agent(Concept(Dicom, isSource ? "110152" : "110153"), Client(line.Asker), false, Unknown());
        yield return Agent(Concept(Dicom, isSource ? "110153" : "110152"), Server(), false, Network());
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

    /// <summary>What was asked is kept by its operation's name, without its arguments.</summary>
    private static JsonObject Query(AccessLine line)
    {
        var entity = Entity(Coding(EntityType, "2"), "24", null);
        entity["query"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(line.Operation));
        return entity;
    }

    /// <summary>Patient, consents and the token and nothing else, as the profile wants it; the record that was asked for is a detail of the patient's.</summary>
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
        if (TokenUse(line.Asker) is ("OAUTHaccessTokenUse.Minimal", var token))
            yield return Entity(Coding(UserAgents, "UserOauthAgent"), null, new JsonObject { ["identifier"] = new JsonObject { ["value"] = token } });
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

    /// <summary>That there is a line, and when: no profile of BALP's is about what is not told.</summary>
    private JsonObject Withheld(AccessLine line) => new()
    {
        ["resourceType"] = "AuditEvent",
        ["id"] = $"{IdOf(line):D}",
        ["meta"] = new JsonObject { ["lastUpdated"] = FhirTime.Instant(line.At) },
        ["type"] = Coding(EventType, "rest"),
        ["recorded"] = FhirTime.Instant(line.At),
        ["outcomeDesc"] = "Withheld for a time, since an official body's statement holds (45 CFR 164.528(a)(2)).",
        ["agent"] = new JsonArray(new JsonObject { ["who"] = Absent("masked"), ["requestor"] = true }),
        ["source"] = new JsonObject { ["observer"] = Server() },
        ["entity"] = new JsonArray(Patient([Detail("access-line", $"{line.StreamVersion}")])),
    };
}

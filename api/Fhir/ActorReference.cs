using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>A party as a FHIR Reference: literal where it has a resource type, by its identifier where it has none.</summary>
internal static class ActorReference
{
    public static JsonObject To(Actor actor) => actor.Kind switch
    {
        ActorKind.Patient or ActorKind.Practitioner or ActorKind.Organization or ActorKind.Device => new JsonObject { ["reference"] = $"{actor.Kind}/{actor.Id:D}" },
        ActorKind.App => Identified(ConsentVocabulary.ClientId, actor.ClientId!, "app"),
        _ => Identified("urn:ietf:rfc:3986", $"urn:uuid:{actor.Id:D}", actor.Kind.ToString().ToLowerInvariant()),
    };

    public static JsonObject Identified(string system, string value, string display) => new()
    {
        ["identifier"] = new JsonObject { ["system"] = system, ["value"] = value }, ["display"] = display,
    };
}

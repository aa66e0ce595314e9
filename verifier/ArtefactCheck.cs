using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;

namespace Hrms.Verifier;

/// <summary>Whether a consent artefact was signed by one of the given keys and is as it was signed. Needs no network; whether the consent still holds only the ledger knows.</summary>
internal static class ArtefactCheck
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (string Text, bool Valid) Run(byte[] artefact, byte[] keys, bool asJson)
    {
        // A file may end with its line. Any byte that is no ASCII is none of a JWS.
        var jws = Encoding.Latin1.GetString(artefact);
        var (payload, problem) = Jws.Check(jws.EndsWith('\n') ? jws[..^1] : jws, Encoding.UTF8.GetString(keys));
        if (problem is null && (payload is not JsonObject || (string?)payload["format"] != ConsentArtefact.Format))
            problem = "It is signed, but it is no consent artefact of a form that is known here.";
        return (asJson ? Json(payload, problem) : problem is null ? Valid(payload!) : $"NOT VALID: {problem}", problem is null);
    }

    private static string Valid(JsonNode payload) => $"""
        valid
        kind      consent {payload["consent"]}, version {payload["version"]} ({payload["status"]}) of patient {payload["patient"]}
        signed    by a key that you gave
        still?    This paper says what was given. Whether it holds, the ledger says: by a proof of event {payload["streamVersion"]} of the patient's stream.
        artefact  {payload.ToJsonString(Indented)}
        """;

    private static string Json(JsonNode? payload, string? problem) => problem is null
        ? new JsonObject { ["valid"] = true, ["kind"] = "consent-artefact", ["artefact"] = payload!.DeepClone() }.ToJsonString(Indented)
        : new JsonObject { ["valid"] = false, ["text"] = problem }.ToJsonString(Indented);
}

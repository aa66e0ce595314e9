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

    /// <summary>What the paper says, or what is wrong with it.</summary>
    public static (JsonNode? Payload, string? Problem) Read(byte[] artefact, byte[] keys)
    {
        // A file may end with its line. Any byte that is no ASCII is none of a JWS.
        var jws = Encoding.Latin1.GetString(artefact);
        var (payload, problem) = Jws.Check(jws.EndsWith('\n') ? jws[..^1] : jws, Encoding.UTF8.GetString(keys));
        return problem is null && (payload is not JsonObject || (string?)payload["format"] != ConsentArtefact.Format)
            ? (null, "It is signed, but it is no consent artefact of a form that is known here.")
            : (payload, problem);
    }

    /// <param name="holdsByLedger">Whether the ledger was asked, too.</param>
    public static string Answer(JsonNode? payload, string? problem, bool holdsByLedger, bool asJson) => (asJson, problem) switch
    {
        (true, null) => new JsonObject { ["valid"] = true, ["kind"] = "consent-artefact", ["holds"] = holdsByLedger ? true : null, ["artefact"] = payload!.DeepClone() }.ToJsonString(Indented),
        (true, _) => new JsonObject { ["valid"] = false, ["text"] = problem }.ToJsonString(Indented),
        (false, null) => Valid(payload!, holdsByLedger),
        (false, _) => $"NOT VALID: {problem}",
    };

    private static string Valid(JsonNode payload, bool holdsByLedger) => $"""
        valid
        kind      consent {payload["consent"]}, version {payload["version"]} ({payload["status"]}) of patient {payload["patient"]}
        signed    by a key that you gave
        still?    {(holdsByLedger
            ? "Yes: the proof is of this paper's event, which is on the ledger and not revoked."
            : $"This paper says what was given. Whether it holds, the ledger says: by a proof of event {payload["streamVersion"]} of the patient's stream.")}
        artefact  {payload.ToJsonString(Indented)}
        """;
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Proofs;

namespace Hrms.Verifier;

/// <summary>A consent artefact that one of the given keys signed: what it says, and the patient's own signature if it carries one.</summary>
internal sealed record CheckedArtefact(JsonNode Payload, PatientSignature? Patient);

/// <summary>
/// Whether a consent artefact was signed by one of the given keys, and by the patient where it says so, and is as it was signed. Needs no network; whether the consent still holds, and the patient's key
/// is good, only the ledger knows.
/// </summary>
internal static class ArtefactCheck
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the paper says, or what is wrong with it.</summary>
    public static (CheckedArtefact? Artefact, ProofProblem? Problem) Read(byte[] artefact, byte[] keys)
    {
        // A file may end with its line. Any byte that is no ASCII is none of a JWS.
        var jws = Encoding.Latin1.GetString(artefact);
        var (payload, problem) = Jws.Check(jws.EndsWith('\n') ? jws[..^1] : jws, Encoding.UTF8.GetString(keys));
        if (problem is not null)
            return (null, new ProofProblem(ProofFault.NotAnArtefact, "artefact", problem));
        if (payload is not JsonObject paper || paper["format"] is not JsonValue format || !format.TryGetValue<string>(out var form) || form != ConsentArtefact.Format)
            return (null, new ProofProblem(ProofFault.NotAnArtefact, "artefact", "It is signed, but it is no consent artefact of a form that is known here."));
        var (signature, wrong) = PatientSignature.In(paper);
        return wrong is null ? (new CheckedArtefact(paper, signature), null) : (null, wrong);
    }

    /// <param name="holdsByLedger">Whether the ledger was asked about the consent, too.</param>
    /// <param name="keyByLedger">Whether the ledger was asked about the patient's key.</param>
    public static string Answer(CheckedArtefact? artefact, ProofProblem? problem, bool holdsByLedger, bool keyByLedger, bool asJson) => (asJson, problem) switch
    {
        (true, null) => new JsonObject
        {
            ["valid"] = true, ["kind"] = "consent-artefact", ["holds"] = holdsByLedger ? true : null, ["patientSigned"] = artefact!.Patient is not null,
            ["patientKeyOnLedger"] = keyByLedger ? true : null, ["artefact"] = artefact.Payload.DeepClone(),
        }.ToJsonString(Indented),
        (true, _) => new JsonObject { ["valid"] = false, ["fault"] = problem.Fault.ToString(), ["place"] = problem.Place, ["text"] = problem.Text }.ToJsonString(Indented),
        (false, null) => Valid(artefact!, holdsByLedger, keyByLedger),
        (false, _) => $"NOT VALID: {problem.Text} ({problem.Place})",
    };

    private static string Valid(CheckedArtefact artefact, bool holdsByLedger, bool keyByLedger) => $"""
        valid
        kind      consent {artefact.Payload["consent"]}, version {artefact.Payload["version"]} ({artefact.Payload["status"]}) of patient {artefact.Payload["patient"]}
        signed    by a key that you gave
        patient   {Patient(artefact.Patient, keyByLedger)}
        still?    {(holdsByLedger
            ? "Yes: the proof is of this paper's event, which is on the ledger and not revoked."
            : $"This paper says what was given. Whether it holds, the ledger says: by a proof of event {artefact.Payload["streamVersion"]} of the patient's stream.")}
        artefact  {artefact.Payload.ToJsonString(Indented)}
        """;

    private static string Patient(PatientSignature? signature, bool keyByLedger) => signature is null
        ? "did not sign it"
        : $"signed it by the key that the ledger knows as {Hex.Of(signature.Pseudonym)}, good until {Time(signature.Expires)}; "
            + (keyByLedger ? "the ledger says that the key is a patient's and in use" : "whether that key is a patient's and in use, the ledger says: give --rpc");

    private static string Time(long seconds) =>
        seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u", CultureInfo.InvariantCulture) : "for ever";
}

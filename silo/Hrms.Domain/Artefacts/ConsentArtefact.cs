using System.Text.Json.Nodes;
using Hrms.Contracts;

namespace Hrms.Domain.Artefacts;

/// <summary>
/// A version of a consent for somebody who trusts its issuer's key and nothing else of ours: what it says, who made it so, when, and which event of the patient's
/// stream holds it, so that a proof can be asked for. It says what was given, not that it still holds: that the ledger knows, by the proof of that event. Without the secret that
/// the ledger's nullifier is made of. Signed by the patient's grain (<see cref="Jws"/>), checked by the verifier program; written down in docs/consent-artefact.md.
/// </summary>
public static class ConsentArtefact
{
    public const string Format = "hrms-consent/1";

    public static JsonNode Of(PatientId patient, ConsentId consent, ConsentVersion version) => new JsonObject
    {
        ["format"] = Format,
        ["patient"] = patient.ToString(),
        ["streamVersion"] = version.StreamVersion,
        ["consent"] = consent.ToString(),
        ["version"] = version.Version,
        ["status"] = version.Status.ToString(),
        ["at"] = version.At.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["by"] = version.By.ToString(),
        ["impactAcknowledged"] = version.ImpactAcknowledged,
        ["terms"] = JsonNode.Parse(EventJson.Write(version.Terms)),
    };
}

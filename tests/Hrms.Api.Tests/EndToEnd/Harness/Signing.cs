using System.Text.Json;
using Hrms.Api.Identity;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A patient's own keys, and signing consents with them, as an app does it in the browser.</summary>
public static class Signing
{
    public const string KeyFields = "patientKey { id name credentialId pseudonym retiredAt onLedger streamVersion }";
    public const string SignatureFields = "signature { consent version patientKey signedAt expiresAt streamVersion }";

    /// <summary>An authenticator in a browser on the installation's own pages.</summary>
    public static async Task<VirtualPasskey> AuthenticatorAsync(this HrmsFixture hrms) =>
        new((await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url.GetLeftPart(UriPartial.Authority));

    /// <summary>What the app hands to the authenticator.</summary>
    public static async Task<(JsonElement Creation, JsonElement Request)> BeginsKeyAsync(this Patient patient)
    {
        var begun = (await patient.TriesToBeginKeyAsync(patient)).Done().Payload;
        return (JsonElement.Parse(begun.GetProperty("creationOptions").GetString()!), JsonElement.Parse(begun.GetProperty("requestOptions").GetString()!));
    }

    public static Task<Reply> TriesToBeginKeyAsync(this Party asker, Patient patient) =>
        asker.SendsAsync("beginPatientKey", new { patient = patient.Id }, "creationOptions requestOptions expiresAt");

    /// <summary>Registers the authenticator's key and returns what the patient sees of it.</summary>
    public static async Task<JsonElement> RegistersKeyAsync(this Patient patient, VirtualPasskey passkey, Guid? replaces = null)
    {
        var (creation, request) = await patient.BeginsKeyAsync();
        passkey.Creates(creation);
        return (await patient.TriesToRegisterKeyAsync(patient, passkey, passkey.Gets(request), replaces)).Done().Payload.GetProperty("patientKey");
    }

    /// <param name="answer">What the authenticator gave to <c>navigator.credentials.get</c>.</param>
    public static Task<Reply> TriesToRegisterKeyAsync(this Party asker, Patient patient, VirtualPasskey passkey, string answer, Guid? replaces = null, Guid? command = null) => asker.SendsAsync(
        "registerPatientKey", KeyInput(patient, passkey, answer, replaces, command), KeyFields);

    public static object KeyInput(Patient patient, VirtualPasskey passkey, string answer, Guid? replaces = null, Guid? command = null) => new
    {
        commandId = command ?? Guid.NewGuid(), patient = patient.Id, name = "My phone", credentialId = passkey.CredentialId, publicKey = passkey.PublicKey, assertion = Assertion(answer), replaces,
    };

    public static Task<Reply> TriesToRetireKeyAsync(this Party asker, Patient patient, Guid key) =>
        asker.SendsAsync("retirePatientKey", new { commandId = Guid.NewGuid(), patient = patient.Id, patientKey = key }, KeyFields);

    public static async Task<IReadOnlyList<JsonElement>> KeysAsync(this Patient patient) => [.. (await patient.AsksAsync(
        "query($id: ID!) { patient(id: $id) { patientKeys { id name pseudonym retiredAt onLedger } } }", new { id = patient.Id })).Patient.GetProperty("patientKeys").EnumerateArray()];

    /// <summary>Waits until the ledger says this of a key.</summary>
    public static Task<string> WhenKeyIsAsync(this Patient patient, Guid key, string onLedger) => Deadline.UntilAsync($"a key that is {onLedger} on the ledger", async () =>
        (await patient.KeysAsync()).Single(known => known.GetProperty("id").GetGuid() == key).GetProperty("onLedger").GetString() is { } now && now == onLedger ? now : null,
        TimeSpan.FromMinutes(2));

    /// <summary>What is to be signed; null when this party is told nothing.</summary>
    public static async Task<JsonElement?> ToSignAsync(this Party asker, Patient patient, Guid consent, DateTimeOffset? expiresAt = null) =>
        (await asker.AsksAsync(
            "query($id: ID!, $consent: ID!, $expiresAt: DateTimeOffset) { patient(id: $id) { consentToSign(consent: $consent, expiresAt: $expiresAt) { version expiresAt artefact challenge requestOptions } } }",
            new { id = patient.Id, consent, expiresAt })).Patient.GetProperty("consentToSign") is { ValueKind: JsonValueKind.Object } toSign ? toSign : null;

    /// <summary>Signs a consent with the authenticator's key.</summary>
    public static async Task<JsonElement> SignsAsync(this Patient patient, VirtualPasskey passkey, Guid consent, DateTimeOffset? expiresAt = null)
    {
        var toSign = (await patient.ToSignAsync(patient, consent, expiresAt))!.Value;
        return (await patient.TriesToSignAsync(patient, consent, toSign, passkey.Gets(Request(toSign)))).Done().Payload.GetProperty("signature");
    }

    public static Task<Reply> TriesToSignAsync(this Party asker, Patient patient, Guid consent, JsonElement toSign, string answer, Guid? command = null) => asker.SendsAsync(
        "signConsent",
        new
        {
            commandId = command ?? Guid.NewGuid(), patient = patient.Id, consent, version = toSign.GetProperty("version").GetInt32(),
            expiresAt = toSign.GetProperty("expiresAt").GetDateTimeOffset(), assertion = Assertion(answer),
        },
        SignatureFields);

    /// <summary>The options that a page hands to <c>navigator.credentials.get</c>.</summary>
    public static JsonElement Request(JsonElement toSign) => JsonElement.Parse(toSign.GetProperty("requestOptions").GetString()!);

    private static object Assertion(string answer)
    {
        var response = JsonElement.Parse(answer).GetProperty("response");
        return new
        {
            authenticatorData = response.GetProperty("authenticatorData").GetString(), clientDataJSON = response.GetProperty("clientDataJSON").GetString(), signature = response.GetProperty("signature").GetString(),
        };
    }
}

using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.PatientKeys;

public sealed class PatientKeyMutations
{
    [Description(
        "The patient, in person, begins to register a key of their own: hand creationOptions to navigator.credentials.create, then requestOptions, with the new credential in allowCredentials, to "
        + "navigator.credentials.get, and send both to registerPatientKey. The challenge is good once, and until expiresAt.")]
    public static async Task<BeginPatientKeyPayload> BeginPatientKey(BeginPatientKeyInput input, IResolveFieldContext context)
    {
        if (context.RelyingParty() is not { } party)
            return BeginPatientKeyPayload.Of(PatientKeyPages.NotTold);
        var outcome = await context.Patient(input.Patient).BeginPatientKeyAsync(context.Asker());
        return outcome.Succeeded
            ? new BeginPatientKeyPayload(PasskeyOptions.Creation(party, outcome.Value.Challenge), PasskeyOptions.Request(party, outcome.Value.Challenge, null), outcome.Value.ExpiresAt, [])
            : BeginPatientKeyPayload.Of(outcome.Refusal);
    }

    [Description("The key that the patient signs consents with from now on. It is on the ledger, under a pseudonym and hidden behind a hash, some time later.")]
    public static async Task<PatientKeyPayload> RegisterPatientKey(RegisterPatientKeyInput input, IResolveFieldContext context)
    {
        if (context.RelyingParty() is not { } party)
            return PatientKeyPayload.Of(PatientKeyPages.NotTold);
        if (!PasskeyAssertionInput.TryRead(input.CredentialId, "credentialId", out var credential, out var refusal) || !PasskeyAssertionInput.TryRead(input.PublicKey, "publicKey", out var key, out refusal)
            || !input.Assertion.TryRead(out var assertion, out refusal))
            return PatientKeyPayload.Of(refusal);
        return PatientKeyPayload.Of(await context.Patient(input.Patient).RegisterPatientKeyAsync(new RegisterPatientKey(
            new CommandId(input.CommandId), context.Asker(), party, input.Name, credential, key, assertion, input.Replaces is { } replaced ? new PatientKeyId(replaced) : null)));
    }

    [Description("The key signs nothing any more: here when this answers, by the ledger some time later. What it signed stays signed, and is no longer borne out by the ledger.")]
    public static async Task<PatientKeyPayload> RetirePatientKey(RetirePatientKeyInput input, IResolveFieldContext context) => PatientKeyPayload.Of(
        await context.Patient(input.Patient).RetirePatientKeyAsync(new RetirePatientKey(new CommandId(input.CommandId), context.Asker(), new PatientKeyId(input.PatientKey))));

    [Description("The patient signs the newest version of a consent with the key in use: what navigator.credentials.get gave for the requestOptions of consentToSign. Then consentArtefact carries it.")]
    public static async Task<SignConsentPayload> SignConsent(SignConsentInput input, IResolveFieldContext context)
    {
        if (context.RelyingParty() is not { } party)
            return SignConsentPayload.Of(PatientKeyPages.NotTold);
        if (!input.Assertion.TryRead(out var assertion, out var refusal))
            return SignConsentPayload.Of(refusal);
        return SignConsentPayload.Of(await context.Patient(input.Patient).SignConsentAsync(new SignConsent(
            new CommandId(input.CommandId), context.Asker(), party, new ConsentId(input.Consent), input.Version, input.ExpiresAt, assertion)));
    }
}

/// <param name="CreationOptions">JSON for <c>PublicKeyCredential.parseCreationOptionsFromJSON</c>.</param>
/// <param name="RequestOptions">JSON for <c>PublicKeyCredential.parseRequestOptionsFromJSON</c>, to which the page adds the new credential.</param>
public sealed record BeginPatientKeyPayload(string? CreationOptions, string? RequestOptions, DateTimeOffset? ExpiresAt, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static BeginPatientKeyPayload Of(Refusal refusal) => new(null, null, null, [UserError.Of(refusal)]);
}

public sealed record PatientKeyPayload(PatientKeyType? PatientKey, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static PatientKeyPayload Of(Outcome<PatientKeyView> outcome) => new(outcome.Succeeded ? new PatientKeyType(outcome.Value) : null, UserError.Of(outcome));
}

public sealed record SignConsentPayload(ConsentSignatureType? Signature, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static SignConsentPayload Of(Outcome<ConsentSignatureView> outcome) => new(outcome.Succeeded ? new ConsentSignatureType(outcome.Value) : null, UserError.Of(outcome));
}

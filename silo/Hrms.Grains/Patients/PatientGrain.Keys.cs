using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>The patient's own keys, and what they sign. Only for the patient in person.</summary>
public sealed partial class PatientGrain
{
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(10);

    // Good once, and only in this activation: when it is gone, the app begins anew.
    private PatientKeyChallenge? _challenge;

    private IPatientKeyRegistrarGrain Registrar => GrainFactory.GetGrain<IPatientKeyRegistrarGrain>(0);

    public Task<Outcome<PatientKeyChallenge>> BeginPatientKeyAsync(Asker asker) => CommandAsync(
        asker, "beginPatientKey",
        () => (PatientKeyRules.InPerson(State, asker, Now) ?? NotOffered) is { } refusal ? (Decided<PatientEvent>)refusal : Decided<PatientEvent>.AlreadyDone,
        () => _challenge = new PatientKeyChallenge(Services.Entropy.Bytes(PasskeySignature.WordBytes), Now + ChallengeLife));

    public async Task<Outcome<PatientKeyView>> RegisterPatientKeyAsync(RegisterPatientKey command)
    {
        var challenge = _challenge is { } open && Now < open.ExpiresAt ? open.Challenge : null;
        var outcome = await CommandAsync(
            command.Asker, "registerPatientKey",
            () => NotOffered is { } refusal && PatientKeyRules.InPerson(State, command.Asker, Now) is null ? refusal
                : PatientKeyRules.Register(
                    State, command, challenge, Services.Entropy.Bytes(PasskeySignature.WordBytes), Services.Entropy.Bytes(PasskeySignature.WordBytes), Now),
            () => State.PatientKeys.Find(PatientKeyId.From(command.Command))!, needsFreshSignIn: true);
        if (outcome.Succeeded)
            _challenge = null;
        return await PublishedAsync(outcome);
    }

    public async Task<Outcome<PatientKeyView>> RetirePatientKeyAsync(RetirePatientKey command) => await PublishedAsync(await CommandAsync(
        command.Asker, "retirePatientKey", () => PatientKeyRules.Retire(State, command, Now), () => State.PatientKeys.Find(command.Key)!,
        needsFreshSignIn: true));

    public Task<Outcome<IReadOnlyList<PatientKeyView>>> PatientKeysAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "patientKeys", judge => judge.IsSelf
            ? Answer.Of<IReadOnlyList<PatientKeyView>>(judge.AsPatient, [], async () => await ViewsAsync([.. State.PatientKeys.Keys.Reverse()]))
            : Answer.None<IReadOnlyList<PatientKeyView>>(judge));

    public Task<Outcome<ConsentToSign>> ConsentToSignAsync(Asker asker, ConsentId consent, DateTimeOffset? expiresAt) => AskAsync(
        asker, AccessAction.View, "consentToSign", judge => judge.IsSelf
            ? Answer.Of<ConsentToSign>(judge.AsPatient, [], async () =>
                await Registrar.RegisterAsync() is { } register ? PatientKeyRules.ToSign(State, consent, expiresAt, register, Now) : NoRegister)
            : Answer.None<ConsentToSign>(judge));

    public async Task<Outcome<ConsentSignatureView>> SignConsentAsync(SignConsent command)
    {
        // Whose patient it isn't waits for nobody.
        var register = IsSelf(command.Asker) ? await Registrar.RegisterAsync() : null;
        return await CommandAsync(
            command.Asker, "signConsent",
            () => register is null ? (Decided<PatientEvent>)(PatientKeyRules.InPerson(State, command.Asker, Now) ?? NoRegister) : PatientKeyRules.Sign(State, command, register, Now),
            () => State.PatientKeys.SignatureOf(command.Consent, command.Version)!.View());
    }

    /// <summary>The signature under a version, from its event; null when there is none.</summary>
    private async Task<PatientSignature?> SignatureAsync(ConsentId consent, int version) =>
        State.PatientKeys.SignatureOf(consent, version) is { } signed && await Services.Journal.FindAsync(Stream, signed.StreamVersion, CancellationToken.None) is { } row
            ? (Open(row) as ConsentSigned)?.Signature
            : null;

    /// <summary>Puts into the queue what the events say; a repeat changes nothing.</summary>
    private async Task<Outcome<PatientKeyView>> PublishedAsync(Outcome<PatientKey> outcome)
    {
        if (!outcome.Succeeded)
            return outcome.Refusal;
        await Fault.PointAsync(Fault.AfterPatientKeyDurable);
        await PublishKeysAsync();
        return (await ViewsAsync([outcome.Value]))[0];
    }

    /// <summary>Also at every activation: a crash may have come between event and queue.</summary>
    private async Task PublishKeysAsync()
    {
        if (State.PatientKeys.Keys.Count == 0)
            return;
        foreach (var key in State.PatientKeys.Keys)
        {
            if (key.RetiredAt is null)
                await Services.PatientKeys.AddAsync(key.Pseudonym, key.Commitment, CancellationToken.None);
            else
                await Services.PatientKeys.RetireAsync(key.Pseudonym, CancellationToken.None);
        }
        await Registrar.WakeAsync();
    }

    private async Task<List<PatientKeyView>> ViewsAsync(IReadOnlyList<PatientKey> keys)
    {
        var states = await Services.PatientKeys.StatesAsync([.. keys.Select(key => key.Pseudonym)], CancellationToken.None);
        return [.. keys.Zip(states, (key, state) => key.View(state))];
    }

    private Refusal? NotOffered => Services.Lanes.RegistersPatientKeys ? null : new Refusal(RefusalCode.WrongState, "This member does not register keys of patients.");

    private Refusal NoRegister => NotOffered
        ?? new Refusal(RefusalCode.Unavailable, "Where the ledger keeps patients' keys is not known yet. Repeat in a moment with the same command id.");
}

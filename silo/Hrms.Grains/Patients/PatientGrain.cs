using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Patients;

/// <summary>
/// A patient: a thin shell around the rules in Hrms.Domain. This file holds the commands; questions, intake, history and subscriptions have a file each.
/// </summary>
public sealed partial class PatientGrain(
    StreamServices services, [PersistentState("patient")] IPersistentState<StreamSnapshot> snapshot)
    : StreamGrain<PatientState, PatientEvent>(services, snapshot), IPatientGrain
{
    private PatientId Id => new(this.GetPrimaryKey());

    protected override StreamId Stream => Id;

    public async Task<Outcome<PatientView>> RegisterAsync(RegisterPatient command)
    {
        if (IsErased)
            return Erased;
        var decided = RegistrationRules.Register(State, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (decided.Events.Count > 0)
            await CommitAsync(decided.Events);
        if (command.Guardian is not null)
            TellDelegate(DelegationId.From(command.Command));
        return View();
    }

    public Task<Outcome<PatientView>> ViewAsync(Asker asker) =>
        AskAsync(asker, AccessAction.View, "patient", judge => judge.ActsAsPatient ? Answer.Of(judge.AsPatient, View) : Answer.None<PatientView>(judge));

    public Task<Outcome<ConsentView>> GrantAsync(GrantConsent command) => CommandAsync(
        command.Asker, "grantConsent",
        () => ConsentRules.Grant(State, command, Now, Services.Entropy.Bytes(Nullifier.SecretBytes)),
        () => State.Consents.Find(ConsentId.From(command.Command))!.View(), ConsentChanged);

    public Task<Outcome<ConsentView>> AmendConsentAsync(AmendConsent command) => CommandAsync(
        command.Asker, "amendConsent",
        () => ConsentRules.Amend(State, command, Now, Services.Entropy.Bytes(Nullifier.SecretBytes)),
        () => State.Consents.Find(command.Consent)!.View(), ConsentChanged);

    public Task<Outcome<ConsentView>> RevokeAsync(RevokeConsent command) => CommandAsync(
        command.Asker, "revokeConsent",
        () => ConsentRules.Revoke(State, command, Now),
        () => State.Consents.Find(command.Consent)!.View(), ConsentChanged);

    public Task<Outcome<IReadOnlyList<ConsentView>>> ConsentsAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "consents", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<ConsentView>)
                [.. State.Consents.Consents.Values.Select(consent => consent.View()).OrderByDescending(view => view.StreamVersion)])
            : Answer.None<IReadOnlyList<ConsentView>>(judge));

    public Task<Outcome<IReadOnlyList<ConsentVersionView>>> ConsentVersionsAsync(Asker asker, ConsentId consent) => AskAsync(
        asker, AccessAction.View, "consentVersions", judge => judge.ActsAsPatient && State.Consents.Find(consent) is { } found
            ? Answer.Of(judge.AsPatient, () => TermsDifference.Along(found.History))
            : Answer.None<IReadOnlyList<ConsentVersionView>>(judge));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Services.ClosedLanes.Known.WaitAsync(cancellationToken);
        await base.OnActivateAsync(cancellationToken);
        TellHolders();
        PublishKeysAsync().Ignore();
    }

    protected override PatientState Initial() => PatientState.Initial(Id);

    protected override PatientState Fold(PatientState state, IReadOnlyList<PatientEvent> events, long firstVersion) => state.After(events, firstVersion);

    protected override byte[] WriteSnapshot(PatientState state) => EventJson.Write(PatientSnapshot.Of(state));

    protected override PatientState ReadSnapshot(byte[] json) => EventJson.Read<PatientSnapshot>(json).Restore();

    protected override byte[]? NullifierOf(PatientEvent happened) => happened switch
    {
        ConsentRevoked revoked => revoked.Nullifier,
        ConsentAmended amended => amended.Nullifier,
        _ => null,
    };

    /// <summary>The way of every command: decide, make durable, then tell.</summary>
    private async Task<Outcome<T>> CommandAsync<T>(
        Asker asker, string operation, Func<Decided<PatientEvent>> decide, Func<T> view, Action<IReadOnlyList<PatientEvent>>? tell = null,
        bool needsFreshSignIn = false, Func<AccountHappened>? accountLine = null)
    {
        if ((await StandingOfAsync(asker)).IsEnded)
            return await RefuseEndedAsync(asker, AccessAction.Store, operation);
        if (IsErased)
        {
            await PaceAsync(asker, AccessAction.Store, operation);
            return IsSelf(asker) ? Erased : NoSuchPatient;
        }
        if (await RefuseClosedAsync(asker, operation) is { } closed)
            return closed;
        // Whatever the rules say of the party: its app reaches records alone, which have a way of their own.
        var decided = asker.Scope is null ? decide() : NoSuchPatient;
        if (decided.Refusal is { } refusal)
            return await NotedAsync(asker, operation, refusal);
        // Last of all: who may not, learns nothing by it, and a repeat needs none.
        if (needsFreshSignIn && decided.Events.Count > 0 && FreshSignIn.RefusalFor(asker, Now) is { } tooOld)
            return tooOld;
        if (decided.Events.Count > 0)
        {
            var policyVersion = State.PolicyVersion;
            await CommitAsync(decided.Events, accountLine: accountLine?.Invoke());
            if (State.PolicyVersion != policyVersion)
                PolicyChanged();
            tell?.Invoke(decided.Events);
        }
        return view();
    }

    private PatientView View() => new(
        Id, State.RegisteredAt!.Value, State.Records.Count, State.Consents.Consents.Values.Count(consent => consent.RevokedAt is null), State.PolicyVersion);

    private static Refusal NoSuchPatient => Refusal.NotFound("No such patient.");

    private static Refusal Erased => new(RefusalCode.Erased, "This record was erased.");
}

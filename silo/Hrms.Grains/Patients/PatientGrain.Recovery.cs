using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Recovery;

namespace Hrms.Grains.Patients;

/// <summary>How the patient's account is got back when it is lost. Each step stands in the account's history, in the same append.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<RecoveryView>> MakeRecoverySeedAsync(MakeRecoverySeed command) => CommandAsync(
        command.Asker, "makeRecoverySeed", () => RecoveryRules.MakeSeed(State, command, Now), () => State.Recovery.View(Now),
        needsFreshSignIn: true, accountLine: Line(AccountEventKind.RecoverySeedMade, command.Asker.Actor));

    public Task<Outcome<GuardianView>> InviteGuardianAsync(InviteGuardian command) => CommandAsync(
        command.Asker, "inviteGuardian", () => RecoveryRules.Invite(State, command, Now), () => State.Recovery.Find(command.Command.Value)!.View(),
        needsFreshSignIn: true, accountLine: Line(AccountEventKind.GuardianInvited, command.Asker.Actor, command.Name));

    public async Task<Outcome<GuardianView>> AcceptGuardianAsync(AcceptGuardian command)
    {
        var outcome = await CommandAsync(
            command.Asker, "acceptGuardian", () => RecoveryRules.Accept(State, command, Now), () => State.Recovery.Find(command.Invitation)!.View(),
            needsFreshSignIn: true, accountLine: Line(AccountEventKind.GuardianAccepted, command.Asker.Actor, NameOf(command.Invitation)));
        if (outcome.Succeeded)
            TellGuardian(outcome.Value.Guardian!.Value, command.Invitation, true);
        return outcome;
    }

    public async Task<Outcome<Acknowledgement>> EndGuardianAsync(EndGuardian command)
    {
        var person = State.Recovery.Find(command.Invitation)?.Person;
        var outcome = await CommandAsync(
            command.Asker, "endGuardian", () => RecoveryRules.End(State, command, Now), () => new Acknowledgement(State.PolicyVersion, Now),
            needsFreshSignIn: true, accountLine: Line(AccountEventKind.GuardianEnded, command.Asker.Actor, NameOf(command.Invitation)));
        if (outcome.Succeeded && person is { } guardian)
            TellGuardian(guardian, command.Invitation, false);
        return outcome;
    }

    public Task<Outcome<RecoveryStanding>> ApproveRecoveryAsync(ApproveRecovery command) => NoticingAsync(() => CommandAsync(
        command.Asker, "approveRecovery", () => RecoveryRules.Approve(State, command, Now), () => State.Recovery.StandingOf(command.Code, Now),
        needsFreshSignIn: true,
        accountLine: Line(AccountEventKind.RecoveryApproved, command.Asker.Actor, State.Recovery.Of(new PatientId(command.Asker.Actor.Id))?.Name)));

    public Task<Outcome<RecoveryStanding>> AnnounceRecoveryAsync(AnnounceRecovery command) => NoticingAsync(() => CommandAsync(
        command.Asker, "announceRecovery", () => RecoveryRules.Announce(State, command, Now), () => State.Recovery.StandingOf(command.Code, Now),
        accountLine: Line(AccountEventKind.RecoveryAnnounced, command.Asker.Actor)));

    public Task<Outcome<Acknowledgement>> StopRecoveryAsync(StopRecovery command) => NoticingAsync(() => CommandAsync(
        command.Asker, "stopRecovery", () => RecoveryRules.Stop(State, command, Now), () => new Acknowledgement(State.PolicyVersion, Now),
        accountLine: Line(AccountEventKind.RecoveryStopped, Actor.Patient(Id))));

    public Task<bool> CanRecoverAccountAsync(RecoverAccount command) =>
        Task.FromResult(!IsErased && RecoveryRules.Recover(State, command, Guid.Empty, default, Now).Refusal is null);

    public async Task<Outcome<Guid>> RecoverAccountAsync(RecoverAccount command)
    {
        if (!AccountRules.IsTheAccountsServer(command.Asker))
            return NoSuchPatient;
        // Strangers come here: what is wrong leaves no line, which a flood of them would make many.
        if (!await CanRecoverAccountAsync(command))
            return Refusal.NotFound("This does not get an account back.");
        var (id, ends) = (new Guid(Services.Entropy.Bytes(16)), new CommandId(new Guid(Services.Entropy.Bytes(16))));
        var outcome = await NoticingAsync(() => CommandAsync(
            command.Asker, "recoverAccount", () => RecoveryRules.Recover(State, command, id, ends, Now), () => State.Recovery.Last!.Id, _ => PolicyChanged(),
            accountLine: () => new AccountHappened(Now, new AccountAct(AccountEventKind.AccountRecovered, Actor.Patient(Id), command.Way), ends)));
        if (outcome.Succeeded)
            await PublishKeysAsync();
        return outcome;
    }

    public Task<Outcome<RecoveryView>> RecoveryAsync(Asker asker) => AskAsync(asker, AccessAction.View, "recovery", judge => judge.IsSelf
        ? Answer.Of(judge.AsPatient, () => State.Recovery.View(Now))
        : Answer.None<RecoveryView>(judge));

    public async Task GuardsAsync(GuardedAccount account, bool guards)
    {
        if (!IsErased && RecoveryRules.Learn(State, account, guards, Now) is { Count: > 0 } events)
            await CommitAsync(events);
    }

    public Task<Outcome<IReadOnlyList<GuardedAccount>>> GuardedAsync(Asker asker) => AskAsync(asker, AccessAction.View, "guardedAccounts", judge => judge.IsSelf
        ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<GuardedAccount>)[.. State.Guards.Select(guarded => new GuardedAccount(guarded.Key, guarded.Value))])
        : Answer.None<IReadOnlyList<GuardedAccount>>(judge));

    /// <summary>Tells the guardian's list; a hint, which a repeated command gives again.</summary>
    private void TellGuardian(PatientId guardian, Guid invitation, bool guards) =>
        GrainFactory.GetGrain<IPatientGrain>(guardian.Value).GuardsAsync(new GuardedAccount(invitation, Id), guards).Ignore();

    private string? NameOf(Guid invitation) => State.Recovery.Find(invitation)?.Name;

    /// <summary>These steps are known by what they change: a repeat decides nothing and writes no line.</summary>
    private Func<AccountHappened> Line(AccountEventKind kind, Actor by, string? about = null)
    {
        var command = new CommandId(new Guid(Services.Entropy.Bytes(16)));
        return () => new AccountHappened(Now, new AccountAct(kind, by, About: about), command);
    }
}

using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;

namespace Hrms.Grains.Providers;

/// <summary>Who comes in this provider's name: admission, invitations, the people who run the accounts, and whose tokens are still good.</summary>
public sealed partial class ProviderGrain
{
    /// <summary>How many practitioners are told at a time that their organisation is none any more.</summary>
    private const int ToldAtOnce = 100;

    public async Task<ProviderStanding> StandingAsync()
    {
        await BeNewestAsync();
        return new ProviderStanding(Memberships(), State.Accounts.GoodTokens, State.Accounts.Admission.Status == AdmissionStatus.Admitted);
    }

    public async Task<Outcome<TokenEpoch>> EndTokensAsync(EndTokens command)
    {
        if (await IsEndedAsync(command.Asker))
            return TokenRules.TokenEnded;
        var decided = ProviderTokenRules.End(State, command, Now);
        if (decided.Refusal is null)
            await NoteTokensEndedAsync(command);
        return await DecidedAsync(decided, () => State.Accounts.Tokens);
    }

    public async Task LeavesAsync(ProviderId group)
    {
        if (IsForeign || ProviderTokenRules.Leave(State, group, Now) is not { Count: > 0 } events)
            return;
        await NoteGroupAsync(AccountEventKind.OrganizationLeft, group);
        await CommitAsync(events);
    }

    public Task<Outcome<OrganizationAccountsView>> ProposeAdmissionAsync(ProposeAdmission command) =>
        CommandAsync(command.Asker, () => AdmissionRules.Propose(State, command, Now), () => State.Accounts.ViewAt(Now));

    public Task<Outcome<InvitationView>> AdmitAsync(AdmitOrganization command) =>
        CommandAsync(command.Asker, () => AdmissionRules.Admit(State, command, Now), () => View(InvitationId.From(command.Command)));

    public async Task<Outcome<OrganizationAccountsView>> ExcludeAsync(ExcludeOrganization command)
    {
        var decided = AdmissionRules.Exclude(State, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        // Access goes first; after a fault between the two a repeat finds who is left.
        foreach (var members in State.Members.Keys.Chunk(ToldAtOnce))
            await Task.WhenAll(members.Select(member => GrainFactory.Grain<IProviderGrain>(member).LeavesAsync(Id)));
        return await DecidedAsync(decided, () => State.Accounts.ViewAt(Now));
    }

    public Task<Outcome<InvitationView>> InviteAsync(Invite command) =>
        CommandAsync(command.Asker, () => InvitationRules.Invite(State, command, Now), () => View(InvitationId.From(command.Command)));

    public Task<Outcome<InvitationView>> WithdrawInvitationAsync(WithdrawInvitation command) =>
        CommandAsync(command.Asker, () => InvitationRules.Withdraw(State, command, Now), () => View(command.Invitation));

    public Task<Outcome<InvitationView>> InvitationAsync(InvitationId invitation) => Task.FromResult<Outcome<InvitationView>>(
        State.Accounts.Invitations.ContainsKey(invitation.Value) ? View(invitation) : Refusal.NotFound("No such invitation."));

    public async Task<Outcome<InvitationView>> AcceptInvitationAsync(AcceptInvitation command)
    {
        var decided = InvitationRules.Accept(State, Id, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        var practitioner = State.Accounts.Invitations.GetValueOrDefault(command.Invitation.Value)?.Practitioner;
        // The organisation's word for who this is; what an operator or another organisation said before stands.
        if (practitioner is not null)
            await GrainFactory.Grain<IProviderGrain>(practitioner.Id.Value).RegisterAsync(new RegisterProvider(new Asker(Actor.Organization(Id), PurposeOfUse.HOPERAT), practitioner));
        var accepted = await DecidedAsync(decided, () => View(command.Invitation));
        // Told again when we knew it already, unless the membership has ended since: an earlier try may have ended between the two.
        if (practitioner is not null && State.Members.TryGetValue(practitioner.Id.Value, out var role))
            await GrainFactory.Grain<IProviderGrain>(practitioner.Id.Value).BelongsAsync(Id, true, role);
        return accepted;
    }

    public Task<Outcome<OrganizationAccountsView>> EndStaffAsync(EndStaff command) =>
        CommandAsync(command.Asker, () => InvitationRules.EndStaff(State, command, Now), () => State.Accounts.ViewAt(Now));

    public async Task<bool> HasStaffAsync(Guid account)
    {
        await BeNewestAsync();
        return State.Accounts.Staff.ContainsKey(account);
    }

    public async Task<Outcome<OrganizationAccountsView>> AccountsAsync(Asker asker)
    {
        if (!InvitationRules.Runs(State, asker.Actor) && asker.Actor.Kind is not (ActorKind.Operator or ActorKind.Auditor))
            return Refusal.NotFound("No such organisation.");
        return await IsEndedAsync(asker) ? TokenRules.TokenEnded : State.Accounts.ViewAt(Now);
    }

    /// <summary>Whether the asker's token is one of before a provider ended them all. Of another provider, that one's grain knows.</summary>
    private async ValueTask<bool> IsEndedAsync(Asker asker)
    {
        if (asker.Actor.Kind is not (ActorKind.Practitioner or ActorKind.Organization))
            return false;
        var tokens = asker.Actor.Id == Id.Value ? State.Accounts.GoodTokens : (await GrainFactory.Grain<IProviderGrain>(asker.Actor.Id).StandingAsync()).Tokens;
        return tokens.Ended(asker.Token);
    }

    private InvitationView View(InvitationId invitation) => State.Accounts.Invitations[invitation.Value].ViewAt(Now);

    /// <summary>A command of whoever has a good token: decide, make durable, then tell.</summary>
    private async Task<Outcome<T>> CommandAsync<T>(Asker asker, Func<Decided<ProviderEvent>> decide, Func<T> view) =>
        await IsEndedAsync(asker) ? TokenRules.TokenEnded : await DecidedAsync(decide(), view);

    private async Task<Outcome<T>> DecidedAsync<T>(Decided<ProviderEvent> decided, Func<T> view)
    {
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (decided.Events.Count > 0)
            await CommitAsync(decided.Events);
        return view();
    }
}

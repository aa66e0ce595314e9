using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Providers;

/// <summary>
/// Admitting and excluding organisations. To let one in takes two operators who name the same address for its administrator, so that one stolen account makes no hospital; to shut
/// one out takes one. Called by the organisation's grain.
/// </summary>
public static class AdmissionRules
{
    public static Decided<ProviderEvent> Propose(ProviderState state, ProposeAdmission command, DateTimeOffset now)
    {
        if (RefusalFor(state, command.Asker, now) is { } refusal)
            return refusal;
        var known = state.Accounts.Admission;
        return known.ProposedBy == command.Asker.Actor && known.Administrator == command.Administrator
            ? Decided<ProviderEvent>.AlreadyDone
            : new AdmissionProposed(now, command.Asker.Actor, command.Administrator);
    }

    /// <summary>The organisation is admitted, and its administrator invited.</summary>
    public static Decided<ProviderEvent> Admit(ProviderState state, AdmitOrganization command, DateTimeOffset now)
    {
        var invitation = InvitationId.From(command.Command);
        if (state.Accounts.Invitations.TryGetValue(invitation.Value, out var known) && known.By == command.Asker.Actor)
            return Decided<ProviderEvent>.AlreadyDone;
        if (RefusalFor(state, command.Asker, now) is { } refusal)
            return refusal;
        if (state.Accounts.Admission is not { ProposedBy: { } proposer, Administrator: { } administrator })
            return new Refusal(RefusalCode.WrongState, "Nobody has proposed this organisation. An operator proposes it, another one admits it.");
        if (proposer == command.Asker.Actor)
            return new Refusal(RefusalCode.Forbidden, "Who proposed an organisation does not admit it: that is for another operator.");
        if (administrator != command.Administrator)
            return new Refusal(RefusalCode.Invalid, "The other operator proposed another address for the administrator. Compare them.", "administratorEmail");
        return new Decided<ProviderEvent>(
            [new OrganizationAdmitted(now, command.Asker.Actor), InvitationRules.Invited(invitation, InvitationKind.Administrator, command.Asker, now)], null);
    }

    /// <summary>Its members leave and its tokens are no good any more.</summary>
    public static Decided<ProviderEvent> Exclude(ProviderState state, ExcludeOrganization command, DateTimeOffset now)
    {
        if (RefusalFor(state, command.Asker, now) is { } refusal)
            return refusal;
        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > Limits.ReasonLengthMax)
            return new Refusal(RefusalCode.Invalid, $"A reason has 1 to {Limits.ReasonLengthMax} characters, nothing of a patient's.", "reason");
        return state.Accounts.Admission is { Status: AdmissionStatus.Excluded, ProposedBy: null } ? Decided<ProviderEvent>.AlreadyDone : new Decided<ProviderEvent>(
            [
                .. state.Members.Keys.Select(member => new MemberRemoved(now, new ProviderId(member), command.Asker.Actor)), new OrganizationExcluded(now, command.Asker.Actor, command.Reason),
                new ProviderTokensEnded(now, state.Accounts.Tokens.Number + 1),
            ],
            null);
    }

    private static Refusal? RefusalFor(ProviderState state, Asker asker, DateTimeOffset now)
    {
        if (asker.Actor.Kind != ActorKind.Operator)
            return new Refusal(RefusalCode.Forbidden, "Organisations are admitted by operators.");
        if (state.Profile?.Kind != ProviderKind.Organization)
            return Refusal.NotFound("No such organisation.");
        return FreshSignIn.RefusalFor(asker, now);
    }
}

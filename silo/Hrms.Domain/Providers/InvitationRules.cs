using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Providers;

/// <summary>Who invites whom to an account in an organisation's name, and what following the link makes of it. Called by the organisation's grain.</summary>
public static class InvitationRules
{
    public static Decided<ProviderEvent> Invite(ProviderState state, Invite command, DateTimeOffset now)
    {
        if (!Runs(state, command.Asker.Actor))
            return Refusal.NotFound("No such organisation.");
        var id = InvitationId.From(command.Command);
        if (state.Accounts.Invitations.TryGetValue(id.Value, out var known))
        {
            return known.Kind == command.Kind && known.Practitioner == command.Practitioner && known.Role == command.Role ? Decided<ProviderEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another invitation. Use a new one.", "commandId");
        }
        if (WrongWith(state, command) is { } wrong)
            return wrong;
        if (state.Accounts.Invitations.Values.Count(invitation => invitation.StatusAt(now) == InvitationStatus.Open) >= Limits.OpenInvitationsMax)
            return new Refusal(RefusalCode.LimitExceeded, $"At most {Limits.OpenInvitationsMax} invitations are open at a time. Withdraw some.");
        // A system signs each of its requests; a person has to have proved a moment ago who they are.
        if (command.Asker.Actor.Kind != ActorKind.Organization && FreshSignIn.RefusalFor(command.Asker, now) is { } tooOld)
            return tooOld;
        return Invited(id, command.Kind, command.Asker, now, command.Practitioner, command.Role);
    }

    public static AccountInvited Invited(InvitationId id, InvitationKind kind, Asker asker, DateTimeOffset now, ProviderDraft? practitioner = null, string? role = null) =>
        new(now, id, kind, asker.Actor, now.AddHours(Limits.InvitationHours), practitioner, role);

    public static Decided<ProviderEvent> Withdraw(ProviderState state, WithdrawInvitation command, DateTimeOffset now)
    {
        if ((!Runs(state, command.Asker.Actor) && command.Asker.Actor.Kind != ActorKind.Operator) || !state.Accounts.Invitations.TryGetValue(command.Invitation.Value, out var known))
            return Refusal.NotFound("No such invitation.");
        return known.StatusAt(now) switch
        {
            InvitationStatus.Accepted => new Refusal(RefusalCode.WrongState, "The invitation was followed already. End the membership, or what the person is."),
            InvitationStatus.Open => new InvitationWithdrawn(now, command.Invitation, command.Asker.Actor),
            _ => Decided<ProviderEvent>.AlreadyDone,
        };
    }

    /// <summary>A practitioner becomes a member in the same step; the grain tells the practitioner's.</summary>
    public static Decided<ProviderEvent> Accept(ProviderState state, ProviderId id, AcceptInvitation command, DateTimeOffset now)
    {
        var accepted = new InvitationAccepted(now, command.Invitation, command.Kind, command.Account);
        var known = state.Accounts.Invitations.GetValueOrDefault(command.Invitation.Value);
        if (known?.Account == command.Account)
            return Decided<ProviderEvent>.AlreadyDone;
        if (id == Installation.Id)
            return known is null && command.Kind is InvitationKind.Operator or InvitationKind.Auditor && state.Accounts.Staff.Count < Limits.StaffMax ? accepted : NotGood;
        if (known is null || known.Kind != command.Kind || known.StatusAt(now) != InvitationStatus.Open || state.Accounts.Admission.Status != AdmissionStatus.Admitted)
            return NotGood;
        if (known.Practitioner is { } practitioner)
            return new Decided<ProviderEvent>([accepted, new MemberAdded(now, practitioner.Id, known.Role, known.By)], null);
        return state.Accounts.Staff.Count < Limits.StaffMax ? accepted : NotGood;
    }

    /// <summary>Operators end operators and auditors, and an organisation's administrators; administrators one another.</summary>
    public static Decided<ProviderEvent> EndStaff(ProviderState state, EndStaff command, DateTimeOffset now)
    {
        if (!Runs(state, command.Asker.Actor) && command.Asker.Actor.Kind != ActorKind.Operator)
            return Refusal.NotFound("No such organisation.");
        if (command.Asker.Actor.Id == command.Account)
            return new Refusal(RefusalCode.Forbidden, "Nobody ends what they are themselves: somebody else does.", "account");
        return state.Accounts.Staff.ContainsKey(command.Account) ? new StaffEnded(now, command.Account, command.Asker.Actor) : Decided<ProviderEvent>.AlreadyDone;
    }

    /// <summary>Whether somebody has the organisation's accounts in hand: its own system, and its administrators, as long as it is admitted.</summary>
    public static bool Runs(ProviderState state, Actor actor) => state.Accounts.Admission.Status == AdmissionStatus.Admitted && state.Profile is { } profile && actor.Kind switch
    {
        ActorKind.Organization => actor.Id == profile.Id.Value,
        ActorKind.Administrator => state.Accounts.Staff.ContainsKey(actor.Id),
        _ => false,
    };

    private static Refusal? WrongWith(ProviderState state, Invite command)
    {
        if (command.Kind == InvitationKind.Administrator)
            return command.Practitioner is null && command.Role is null ? null : new Refusal(RefusalCode.Invalid, "An administrator is no practitioner, and has no role.", "practitioner");
        if (command.Kind != InvitationKind.Practitioner || command.Practitioner is not { Kind: ProviderKind.Practitioner } practitioner)
            return new Refusal(RefusalCode.Invalid, "An organisation invites practitioners and administrators.", "kind");
        if (string.IsNullOrWhiteSpace(practitioner.Name) || practitioner.Name.Length > 200)
            return new Refusal(RefusalCode.Invalid, "A practitioner has a name of 1 to 200 characters.", "name");
        if (IsNoCode(practitioner.IdentifierSystem))
            return new Refusal(RefusalCode.Invalid, $"An identifier has a system of 1 to {Limits.CodeLengthMax} characters, such as http://hl7.org/fhir/sid/us-npi.", "identifierSystem");
        if (IsNoCode(practitioner.IdentifierValue))
            return new Refusal(RefusalCode.Invalid, $"An identifier has a value of 1 to {Limits.CodeLengthMax} characters, which the organisation verified.", "identifierValue");
        return command.Role is { } role && IsNoCode(role) ? new Refusal(RefusalCode.Invalid, $"A role is a code of 1 to {Limits.CodeLengthMax} characters.", "role") : null;
    }

    private static bool IsNoCode(string text) => string.IsNullOrWhiteSpace(text) || text.Length > Limits.CodeLengthMax;

    private static Refusal NotGood => new(RefusalCode.WrongState, "The invitation was followed or withdrawn, or is too old. Ask for another one.");
}

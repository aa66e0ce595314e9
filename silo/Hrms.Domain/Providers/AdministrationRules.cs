using Hrms.Contracts;
using Hrms.Domain.Accounts;

namespace Hrms.Domain.Providers;

/// <summary>Who reads how an organisation, a practitioner or the installation is run, what of a stream that is, and who writes into the installation's. Called by the provider's grain.</summary>
public static class AdministrationRules
{
    public static bool MayRead(ProviderState state, ProviderId id, Actor asker) => asker.Kind switch
    {
        ActorKind.Operator or ActorKind.Auditor => state.Profile is not null || id == Installation.Id,
        ActorKind.Practitioner or ActorKind.Organization => state.Profile is { } profile && (asker.Id == profile.Id.Value || (profile.Kind == ProviderKind.CareTeam && state.RegisteredBy == asker)),
        _ => InvitationRules.Runs(state, asker),
    };

    /// <summary>The installation is told by an operator's command on its way, or by the accounts' server.</summary>
    public static Decided<ProviderEvent> Note(ProviderState state, ProviderId id, NoteAct command, DateTimeOffset now)
    {
        if (id != Installation.Id || command.Asker.Actor.Kind != ActorKind.Operator || (command.Kind != AdministrativeActKind.LaneOperated && !AccountRules.IsTheAccountsServer(command.Asker)))
            return Refusal.NotFound("No such installation.");
        if (state.Accounts.Acts.Contains(command.Command))
            return Decided<ProviderEvent>.AlreadyDone;
        var about = command.About.Length > Limits.ReasonLengthMax ? command.About[..Limits.ReasonLengthMax] : command.About;
        return new InstallationActed(now, command.Kind, command.Asker.Actor, about, command.Command, command.DoneAt);
    }

    /// <returns>Null: no act of administration, such as an entry of the index of who shares.</returns>
    public static AdministrativeLine? LineOf(ProviderEvent happened, long version)
    {
        return happened switch
        {
            // In whose record somebody was met first is nobody's business here.
            ProviderRegistered e => Line(AdministrativeActKind.ProviderRegistered, e.By.Kind is ActorKind.Operator or ActorKind.Organization ? e.By : null, e.Draft.Id.Value, e.Draft.Name),
            MemberAdded e => Line(AdministrativeActKind.MemberAdded, e.By, e.Practitioner.Value, e.Role),
            MemberRemoved e => Line(AdministrativeActKind.MemberRemoved, e.By, e.Practitioner.Value),
            OrganizationJoined e => Line(AdministrativeActKind.OrganizationJoined, Actor.Organization(e.Organization), e.Organization.Value, e.Role),
            OrganizationLeft e => Line(AdministrativeActKind.OrganizationLeft, Actor.Organization(e.Organization), e.Organization.Value),
            AdmissionProposed e => Line(AdministrativeActKind.AdmissionProposed, e.By),
            OrganizationAdmitted e => Line(AdministrativeActKind.OrganizationAdmitted, e.By),
            OrganizationExcluded e => Line(AdministrativeActKind.OrganizationExcluded, e.By, about: e.Reason),
            AccountInvited e => Line(AdministrativeActKind.AccountInvited, e.By, e.Practitioner?.Id.Value ?? e.Invitation.Value, e.Role ?? $"{e.Kind}"),
            InvitationWithdrawn e => Line(AdministrativeActKind.InvitationWithdrawn, e.By, e.Invitation.Value),
            InvitationAccepted e => Line(AdministrativeActKind.InvitationAccepted, null, e.Account, $"{e.Kind}"),
            StaffEnded e => Line(AdministrativeActKind.StaffEnded, e.By, e.Account),
            ProviderTokensEnded e => Line(AdministrativeActKind.TokensEnded, e.By),
            InstallationActed e => Line(e.Kind, e.By, about: e.About) with { At = e.DoneAt ?? e.At },
            _ => null,
        };

        AdministrativeLine Line(AdministrativeActKind kind, Actor? by, Guid? whom = null, string? about = null) => new(version, happened.At, kind, by, whom, about);
    }
}

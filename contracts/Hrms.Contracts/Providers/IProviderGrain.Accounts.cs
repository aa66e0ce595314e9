using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>Who comes in an organisation's name: its admission by the consortium, invitations, and whose tokens are still good.</summary>
public partial interface IProviderGrain
{
    /// <summary>Asked by a patient's grain at each question of a provider, and by whoever issues tokens.</summary>
    [Alias("Standing"), AlwaysInterleave]
    Task<ProviderStanding> StandingAsync();

    /// <summary>
    /// Ends every token of the provider's that was issued so far. The provider itself, an organisation's administrator, an operator, or the accounts' server when how
    /// somebody signs in changes.
    /// </summary>
    [Alias("EndProviderTokens")]
    Task<Outcome<TokenEpoch>> EndTokensAsync(EndTokens command);

    /// <summary>Told to a practitioner by an organisation's or care team's grain, and by nobody else, before it lets the practitioner go. Who belongs nowhere any more has no good token.</summary>
    [Alias("Leaves")]
    Task LeavesAsync(ProviderId group);

    [Alias("ProposeAdmission")]
    Task<Outcome<OrganizationAccountsView>> ProposeAdmissionAsync(ProposeAdmission command);

    /// <returns>The invitation of the administrator.</returns>
    [Alias("Admit")]
    Task<Outcome<InvitationView>> AdmitAsync(AdmitOrganization command);

    [Alias("Exclude"), ResponseTimeout(Limits.LongCall)]
    Task<Outcome<OrganizationAccountsView>> ExcludeAsync(ExcludeOrganization command);

    [Alias("Invite")]
    Task<Outcome<InvitationView>> InviteAsync(Invite command);

    [Alias("WithdrawInvitation")]
    Task<Outcome<InvitationView>> WithdrawInvitationAsync(WithdrawInvitation command);

    /// <summary>An invitation, for the page that its link leads to; refused when there is no such, and for the installation's, which nobody knows before.</summary>
    [Alias("Invitation"), AlwaysInterleave]
    Task<Outcome<InvitationView>> InvitationAsync(InvitationId invitation);

    [Alias("AcceptInvitation")]
    Task<Outcome<InvitationView>> AcceptInvitationAsync(AcceptInvitation command);

    [Alias("EndStaff")]
    Task<Outcome<OrganizationAccountsView>> EndStaffAsync(EndStaff command);

    /// <summary>Whether an account is a person's who runs this organisation's accounts, or this installation, now. Asked by whoever issues tokens.</summary>
    [Alias("HasStaff"), AlwaysInterleave]
    Task<bool> HasStaffAsync(Guid account);

    /// <summary>For who runs them, and for operators and auditors.</summary>
    [Alias("Accounts"), AlwaysInterleave]
    Task<Outcome<OrganizationAccountsView>> AccountsAsync(Asker asker);

    /// <summary>
    /// How this party was run, newest first: who did what when. For the party itself, an organisation's administrators, operators and auditors; of the installation for the last two.
    /// </summary>
    /// <param name="before">Only lines of earlier versions of the stream; null: from the newest on.</param>
    [Alias("Administration"), AlwaysInterleave]
    Task<Outcome<AdministrativePage>> AdministrationAsync(Asker asker, long? before, int first);

    /// <summary>Told to the installation's own stream, by the grain or the server that is about to act, and by nobody else. Answers when it is durable.</summary>
    [Alias("NoteAct")]
    Task<Outcome<TokenEpoch>> NoteActAsync(NoteAct command);

    /// <summary>Told to the installation's own stream by an edge before it shows an operator or auditor anything: the look is a line of it.</summary>
    [Alias("NoteLook"), AlwaysInterleave]
    Task<Outcome<AuditorLook>> NoteLookAsync(Asker asker, string what);

    /// <summary>What operators and auditors looked at, newest first. Of the installation; for operators and auditors.</summary>
    /// <param name="before">Only lines of earlier versions of the stream; null: from the newest on.</param>
    [Alias("AuditTrail"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<AuditorLook>>> AuditTrailAsync(Asker asker, long? before, int first);
}

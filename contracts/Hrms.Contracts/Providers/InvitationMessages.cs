namespace Hrms.Contracts;

/// <summary>Whom an invitation makes of somebody.</summary>
[GenerateSerializer]
public enum InvitationKind
{
    Practitioner = 1,
    Administrator = 2,
    Operator = 3,
    Auditor = 4,
}

/// <summary>The people who run the installation itself: its operators and auditors are kept in a stream of their own.</summary>
public static class Installation
{
    public static readonly ProviderId Id = new(NameBasedId.Create("installation", "staff"));
}

/// <summary>An organisation invites somebody. A repeat changes nothing.</summary>
/// <param name="Practitioner">Whom it verified, and answers for; null for an administrator.</param>
/// <param name="Role">The practitioner's role there; null: none.</param>
[GenerateSerializer, Immutable, Alias("Invite")]
public sealed record Invite(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] InvitationKind Kind, [property: Id(3)] ProviderDraft? Practitioner = null,
    [property: Id(4)] string? Role = null);

[GenerateSerializer, Immutable, Alias("WithdrawInvitation")]
public sealed record WithdrawInvitation([property: Id(0)] Asker Asker, [property: Id(1)] InvitationId Invitation);

/// <summary>
/// Said by the accounts' server, and by nobody else: who followed the link has the account. Once; a repeat for the same account changes nothing. The installation's own invitations
/// are made at its machine: its stream learns of them here.
/// </summary>
[GenerateSerializer, Immutable, Alias("AcceptInvitation")]
public sealed record AcceptInvitation([property: Id(0)] InvitationId Invitation, [property: Id(1)] InvitationKind Kind, [property: Id(2)] Guid Account);

/// <summary>Ends what a person is: an administrator of this organisation, or an operator or auditor of the installation.</summary>
[GenerateSerializer, Immutable, Alias("EndStaff")]
public sealed record EndStaff([property: Id(0)] Asker Asker, [property: Id(1)] Guid Account);

/// <param name="Until">From then on it is good no more.</param>
[GenerateSerializer, Immutable, Alias("InvitationView")]
public sealed record InvitationView(
    [property: Id(0)] InvitationId Id, [property: Id(1)] InvitationKind Kind, [property: Id(2)] Actor By, [property: Id(3)] DateTimeOffset At, [property: Id(4)] DateTimeOffset Until,
    [property: Id(5)] ProviderId? Practitioner, [property: Id(6)] string? Role, [property: Id(7)] InvitationStatus Status);

[GenerateSerializer]
public enum InvitationStatus
{
    Open = 1,
    Accepted = 2,
    Withdrawn = 3,
    Expired = 4,
}

/// <summary>A person who runs an organisation's accounts, or the installation.</summary>
[GenerateSerializer, Immutable, Alias("StaffMember")]
public sealed record StaffMember([property: Id(0)] Guid Account, [property: Id(1)] InvitationKind Kind, [property: Id(2)] DateTimeOffset Since);

/// <summary>Who may come in the organisation's name, and who was asked to.</summary>
[GenerateSerializer, Immutable, Alias("OrganizationAccountsView")]
public sealed record OrganizationAccountsView(
    [property: Id(0)] AdmissionStatus Admission, [property: Id(1)] IReadOnlyList<StaffMember> Staff, [property: Id(2)] IReadOnlyList<InvitationView> Invitations);

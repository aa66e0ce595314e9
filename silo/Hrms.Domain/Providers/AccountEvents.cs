using Hrms.Contracts;

namespace Hrms.Domain.Providers;

/// <summary>An operator proposes the organisation.</summary>
/// <param name="Administrator">Who is to run its accounts, by <see cref="MailDigest"/>.</param>
public sealed record AdmissionProposed(DateTimeOffset At, Actor By, Guid Administrator) : ProviderEvent(At);

/// <summary>Another operator agreed.</summary>
public sealed record OrganizationAdmitted(DateTimeOffset At, Actor By) : ProviderEvent(At);

public sealed record OrganizationExcluded(DateTimeOffset At, Actor By, string Reason) : ProviderEvent(At);

/// <param name="Practitioner">Whom the organisation verified; null: an administrator.</param>
public sealed record AccountInvited(
    DateTimeOffset At, InvitationId Invitation, InvitationKind Kind, Actor By, DateTimeOffset Until, ProviderDraft? Practitioner = null, string? Role = null) : ProviderEvent(At);

public sealed record InvitationWithdrawn(DateTimeOffset At, InvitationId Invitation, Actor By) : ProviderEvent(At);

/// <summary>Who followed the link has the account.</summary>
public sealed record InvitationAccepted(DateTimeOffset At, InvitationId Invitation, InvitationKind Kind, Guid Account) : ProviderEvent(At);

/// <summary>An administrator, operator or auditor is none any more.</summary>
public sealed record StaffEnded(DateTimeOffset At, Guid Account, Actor By) : ProviderEvent(At);

/// <summary>Every token of the provider's that was issued before is refused from here on.</summary>
/// <param name="Command">Null: it follows from something else, such as the end of the last membership.</param>
public sealed record ProviderTokensEnded(DateTimeOffset At, long Epoch, Actor? By = null, CommandId? Command = null) : ProviderEvent(At);

/// <summary>Of the installation: somebody is about to do something, or the server did.</summary>
/// <param name="DoneAt">Null: now.</param>
public sealed record InstallationActed(DateTimeOffset At, AdministrativeActKind Kind, Actor By, string About, CommandId Command, DateTimeOffset? DoneAt = null) : ProviderEvent(At);

/// <summary>An auditor or operator looked at something of the installation. A line: no part of the folded state.</summary>
public sealed record AuditorLooked(DateTimeOffset At, Actor By, string What) : ProviderEvent(At);

using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Organizations;

/// <param name="Organization">A registered one (registerProvider).</param>
/// <param name="AdministratorEmail">The person who is to run its accounts. Kept nowhere but as a digest.</param>
public sealed record ProposeOrganizationInput([property: Id] Guid Organization, string AdministratorEmail);

/// <param name="AdministratorEmail">The same that was proposed.</param>
public sealed record AdmitOrganizationInput([property: Id] Guid CommandId, [property: Id] Guid Organization, string AdministratorEmail);

/// <param name="Reason">Why, for the record: 1 to 1,000 characters, nothing of a patient's.</param>
public sealed record ExcludeOrganizationInput([property: Id] Guid Organization, string Reason);

/// <param name="IdentifierSystem">Such as http://hl7.org/fhir/sid/us-npi.</param>
/// <param name="IdentifierValue">What the organisation verified.</param>
/// <param name="Role">The role the practitioner will have there; nothing given: none.</param>
public sealed record InvitePractitionerInput(
    [property: Id] Guid CommandId, [property: Id] Guid Organization, string Email, string Name, string IdentifierSystem, string IdentifierValue, string? Role);

public sealed record InviteAdministratorInput([property: Id] Guid CommandId, [property: Id] Guid Organization, string Email);

public sealed record WithdrawInvitationInput([property: Id] Guid Organization, [property: Id] Guid Invitation);

/// <param name="Organization">Null: the installation's operators and auditors.</param>
public sealed record EndStaffInput([property: Id] Guid? Organization, [property: Id] Guid Account);

public sealed record EndProviderTokensInput([property: Id] Guid CommandId, [property: Id] Guid Provider);

/// <param name="EndedAt">Tokens issued until then are ended.</param>
public sealed record EndProviderTokensPayload(DateTimeOffset? EndedAt, IReadOnlyList<UserError> Errors) : IPayload;

public sealed record OrganizationPayload(OrganizationAccountsType? Accounts, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static OrganizationPayload Of(Outcome<OrganizationAccountsView> outcome) =>
        new(outcome.Succeeded ? new OrganizationAccountsType(outcome.Value) : null, UserError.Of(outcome));
}

/// <param name="Invitation">The link goes by mail alone, whether or not the address has an account.</param>
public sealed record InvitationPayload(InvitationType? Invitation, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static InvitationPayload Of(Outcome<InvitationView> outcome) => new(outcome.Succeeded ? new InvitationType(outcome.Value) : null, UserError.Of(outcome));
}

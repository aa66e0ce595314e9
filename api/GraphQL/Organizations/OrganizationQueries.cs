using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Organizations;

public sealed class OrganizationQueries
{
    [LookUp, Description(
        "Who comes in an organisation's name, and who was asked to; without one, the installation's operators and auditors. For its administrators, its own system, operators and auditors; null for others.")]
    public static async Task<OrganizationAccountsType?> OrganizationAccounts([Id] Guid? organization, IResolveFieldContext context)
    {
        await context.NoteLookAsync($"accounts of {organization ?? Installation.Id.Value}");
        return await context.Provider(organization ?? Installation.Id.Value).AccountsAsync(context.Asker()).OrNull(view => new OrganizationAccountsType(view));
    }

    [LookUp, Description(
        "How an organisation or care team was run, newest first: who did what when; without one, the installation, its server's own doings included. For its administrators and its own system, operators and auditors, of a "
        + "practitioner for the practitioner, too; null for others.")]
    public static async Task<AdministrationType?> Administration([Id] Guid? provider, IResolveFieldContext context, long? before, int first = 25)
    {
        await context.NoteLookAsync($"administration of {provider ?? Installation.Id.Value}");
        return await context.Provider(provider ?? Installation.Id.Value).AdministrationAsync(context.Asker(), before, first).OrNull(page => new AdministrationType(page));
    }

    [Description("What auditors and operators looked at, newest first. For them, whose look at it is a line, too; null for everybody else.")]
    public static async Task<IReadOnlyList<AuditorLookType>?> AuditTrail(IResolveFieldContext context, long? before, int first = 25)
    {
        await context.NoteLookAsync("auditTrail");
        return await context.Provider(Installation.Id.Value).AuditTrailAsync(context.Asker(), before, first)
            .OrNull(looks => (IReadOnlyList<AuditorLookType>)[.. looks.Select(look => new AuditorLookType(look.StreamVersion, look.At, look.By.Id, look.By.Kind, look.What))]);
    }
}

/// <param name="StreamVersion">Its number in the installation's stream, by which pages go on.</param>
/// <param name="Auditor">The auditor's or operator's account.</param>
[Name("AuditorLook")]
public sealed record AuditorLookType(long StreamVersion, DateTimeOffset At, [property: Id] Guid Auditor, ActorKind Kind, string What);

/// <summary>Who comes in an organisation's name.</summary>
[Name("OrganizationAccounts")]
public sealed class OrganizationAccountsType(OrganizationAccountsView view)
{
    [Description("Whether people and systems of the organisation may come.")]
    public AdmissionStatus Admission => view.Admission;

    [Description("Who runs the accounts; of the installation, its operators and auditors.")]
    public IReadOnlyList<StaffMemberType> Staff => [.. view.Staff.Select(member => new StaffMemberType(member.Account, member.Kind, member.Since))];

    [Description("Newest first: those that are open, and the newest 200 of those that are over.")]
    public IReadOnlyList<InvitationType> Invitations => [.. view.Invitations.Select(invitation => new InvitationType(invitation))];
}

/// <param name="Account">The account's number, which its tokens name as their subject.</param>
[Name("StaffMember")]
public sealed record StaffMemberType([property: Id] Guid Account, InvitationKind Kind, DateTimeOffset Since);

/// <summary>An invitation to have an account. No address stands in it.</summary>
[Name("Invitation")]
public sealed class InvitationType(InvitationView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    public InvitationKind Kind => view.Kind;

    public InvitationStatus Status => view.Status;

    public DateTimeOffset InvitedAt => view.At;

    [Description("From then on the link is no good any more.")]
    public DateTimeOffset Until => view.Until;

    [Id, Description("Whom the organisation verified; null for an administrator.")]
    public Guid? Practitioner => view.Practitioner?.Value;

    public string? Role => view.Role;
}

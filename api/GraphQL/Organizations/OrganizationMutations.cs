using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Identity;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Organizations;

/// <summary>Admitting organisations, and who comes in their name. Everything is decided and kept in the organisation's grain; here links are sent.</summary>
public sealed class OrganizationMutations
{
    [Description("An operator proposes that people and systems of a registered organisation may come, and who runs its accounts. Another operator admits it.")]
    public static async Task<OrganizationPayload> ProposeOrganization(ProposeOrganizationInput input, IResolveFieldContext context) => WrongAddress(input.AdministratorEmail) is { } wrong
        ? OrganizationPayload.Of(wrong)
        : OrganizationPayload.Of(await context.Provider(input.Organization).ProposeAdmissionAsync(
            new ProposeAdmission(context.Asker(), MailDigest.Of(new ProviderId(input.Organization), input.AdministratorEmail))));

    [Description("Another operator than who proposed it admits an organisation, naming the same address for its administrator, who is invited by mail.")]
    public static async Task<InvitationPayload> AdmitOrganization(AdmitOrganizationInput input, IResolveFieldContext context) =>
        await InviteAsync(context, input.Organization, input.AdministratorEmail, provider => provider.AdmitAsync(
            new AdmitOrganization(new CommandId(input.CommandId), context.Asker(), MailDigest.Of(new ProviderId(input.Organization), input.AdministratorEmail))));

    [Description("An operator ends it: the organisation's members leave, its administrators are none any more, and no token of it is good.")]
    public static async Task<OrganizationPayload> ExcludeOrganization(ExcludeOrganizationInput input, IResolveFieldContext context)
    {
        var before = await context.Provider(input.Organization).AccountsAsync(context.Asker());
        var excluded = await context.Provider(input.Organization).ExcludeAsync(new ExcludeOrganization(context.Asker(), input.Reason));
        if (excluded.Succeeded)
            await EndAsync(context, before.Value?.Staff.Select(member => member.Account) ?? []);
        return OrganizationPayload.Of(excluded);
    }

    [Description("The organisation's administrator, or its own system, invites a practitioner whom it verified. The link in the mail is good once, for two days; who follows it is a member.")]
    public static async Task<InvitationPayload> InvitePractitioner(InvitePractitionerInput input, IResolveFieldContext context)
    {
        var practitioner = new ProviderDraft(
            ProviderId.FromIdentifier(input.IdentifierSystem, input.IdentifierValue), ProviderKind.Practitioner, input.Name, input.IdentifierSystem, input.IdentifierValue);
        return await InviteAsync(context, input.Organization, input.Email, provider => provider.InviteAsync(
            new Invite(new CommandId(input.CommandId), context.Asker(), InvitationKind.Practitioner, practitioner, input.Role)));
    }

    [Description("The organisation's administrator, or its own system, invites another person to run its accounts.")]
    public static Task<InvitationPayload> InviteAdministrator(InviteAdministratorInput input, IResolveFieldContext context) => InviteAsync(
        context, input.Organization, input.Email, provider => provider.InviteAsync(new Invite(new CommandId(input.CommandId), context.Asker(), InvitationKind.Administrator)));

    [Description("The link of an invitation that nobody followed yet is no good any more.")]
    public static async Task<InvitationPayload> WithdrawInvitation(WithdrawInvitationInput input, IResolveFieldContext context) => InvitationPayload.Of(
        await context.Provider(input.Organization).WithdrawInvitationAsync(new WithdrawInvitation(context.Asker(), new InvitationId(input.Invitation))));

    [Description("Ends that a person runs an organisation's accounts or, where no organisation is named, is an operator or auditor: the account is gone. For another one of them, or an operator.")]
    public static async Task<OrganizationPayload> EndStaff(EndStaffInput input, IResolveFieldContext context)
    {
        var ended = await context.Provider(input.Organization ?? Installation.Id.Value).EndStaffAsync(new EndStaff(context.Asker(), input.Account));
        if (ended.Succeeded)
            await EndAsync(context, [input.Account]);
        return OrganizationPayload.Of(ended);
    }

    [Description("Ends every token of a practitioner or an organisation that was issued until now, whoever issued it. For the party itself, an organisation's administrators, and operators.")]
    public static async Task<EndProviderTokensPayload> EndProviderTokens(EndProviderTokensInput input, IResolveFieldContext context)
    {
        var ended = await context.Provider(input.Provider).EndTokensAsync(new EndTokens(new CommandId(input.CommandId), context.Asker()));
        return new EndProviderTokensPayload(ended.Value?.RaisedAt, UserError.Of(ended));
    }

    private static async Task<InvitationPayload> InviteAsync(
        IResolveFieldContext context, Guid organization, string address, Func<IProviderGrain, Task<Outcome<InvitationView>>> invite)
    {
        if (context.RequestServices!.GetService<IAccountsHere>() is not { } accounts)
            return InvitationPayload.Of(new Refusal(RefusalCode.WrongState, "There are no accounts at this server. Invite people at your identity server."));
        if (WrongAddress(address) is { } wrong)
            return InvitationPayload.Of(wrong);
        var provider = context.Provider(organization);
        var invited = await invite(provider);
        // Sent once it is durable; a repeat of the command sends it again.
        if (invited is { Succeeded: true, Value.Status: InvitationStatus.Open } && (await provider.ViewAsync()).Value is { } view)
            await accounts.SendInvitationAsync(invited.Value, view.Id, view.Name, address.Trim(), context.CancellationToken);
        return InvitationPayload.Of(invited);
    }

    private static async Task EndAsync(IResolveFieldContext context, IEnumerable<Guid> accounts)
    {
        if (context.RequestServices!.GetService<IAccountsHere>() is not { } here)
            return;
        foreach (var account in accounts)
            await here.EndAsync(account, CancellationToken.None);
    }

    private static Refusal? WrongAddress(string address) => address.Contains('@') && address.Length <= 254 && !address.AsSpan().ContainsAny('\r', '\n') ? null
        : new Refusal(RefusalCode.Invalid, "Name an e-mail address, such as name@example.org.", "email");
}

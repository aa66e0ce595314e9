using Hrms.Api.Auth;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// Sends invitations, and makes accounts of those who follow the link. The account is there before the invitation is used up, and opens nothing until it is: what is interrupted in
/// between goes on when the link is followed again.
/// </summary>
internal sealed class Invitations(UserManager<Account> accounts, ConnectedApps apps, IGrainFactory grains, IMailer mailer, IKeyWrap wrap, PublicAddress address, TimeProvider clock, IStringLocalizer<Words> words)
    : IAccountsHere
{
    public async Task SendInvitationAsync(InvitationView invitation, ProviderId organization, string organizationName, string mail, CancellationToken cancellationToken)
    {
        var code = new InvitationCode(invitation.Id, invitation.Kind, organization, invitation.Practitioner, mail, invitation.Until);
        await mailer.SendAsync(Letter.Of(words, "Invitation", mail, code.LinkAt(address.Url, wrap), organizationName, words[$"Invitation.{invitation.Kind}"].Value), cancellationToken);
    }

    public async Task EndAsync(Guid account, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync($"{account:D}") is not { } known || !IsOfStaff(known.Role))
            return;
        await apps.DisconnectAllAsync(known, cancellationToken);
        await accounts.DeleteAsync(known);
    }

    /// <summary>What the link is about, as long as it is good; null: it was used or withdrawn, or is too old, or none of ours.</summary>
    public async Task<Invited?> FindAsync(string? text)
    {
        if (!InvitationCode.TryOpen(text, wrap, out var code) || clock.GetUtcNow() >= code.Until)
            return null;
        var account = await accounts.FindByIdAsync($"{code.Account:D}");
        if (code.Organization == Installation.Id)
            return account is { EmailConfirmed: true } ? null : new Invited(code, null, account);
        var organization = grains.Grain<IProviderGrain>(code.Organization.Value);
        var standing = await organization.InvitationAsync(code.Invitation);
        // Accepted while the account was not ready yet: an earlier try ended between the two.
        var isGood = standing.Value?.Status == InvitationStatus.Open || (standing.Value?.Status == InvitationStatus.Accepted && account is { EmailConfirmed: false });
        return isGood ? new Invited(code, (await organization.ViewAsync()).Value?.Name, account) : null;
    }

    /// <summary>An account that nobody can enter yet. One of before that was never finished is begun anew.</summary>
    /// <returns>What is wrong; empty: it is there.</returns>
    public async Task<IReadOnlyList<string>> BeginAsync(Invited invited, string? password)
    {
        if (invited.Known is { EmailConfirmed: true })
            return [words["Invitation.SignInFirst"]];
        if (invited.Known is not null)
            await accounts.DeleteAsync(invited.Known);
        if (await accounts.FindByEmailAsync(invited.Code.Address) is { } other)
        {
            if (other.EmailConfirmed)
                return [words["Invitation.AddressTaken"]];
            // Somebody typed this address and never confirmed it; who follows the link reads its mail.
            await accounts.DeleteAsync(other);
        }
        var account = Make(invited.Code);
        var made = password is null ? await accounts.CreateAsync(account) : await accounts.CreateAsync(account, password);
        return [.. made.Errors.Select(error => error.Description)];
    }

    /// <summary>The account has its second factor or passkey: the organisation is told, then the account is open.</summary>
    /// <returns>False when the invitation is not good any more; the account stays closed.</returns>
    public async Task<bool> FinishAsync(Invited invited, Account account)
    {
        var accepted = await AcceptAsync(invited, account);
        if (!accepted)
            return false;
        account.EmailConfirmed = true;
        return (await accounts.UpdateAsync(account)).Succeeded;
    }

    /// <summary>A practitioner who has an account belongs to one more organisation.</summary>
    public async Task<bool> AcceptAsync(Invited invited, Account account)
    {
        if (account.Id != invited.Code.Account)
            return false;
        var accepted = await grains.Grain<IProviderGrain>(invited.Code.Organization.Value)
            .AcceptInvitationAsync(new AcceptInvitation(invited.Code.Invitation, invited.Code.Kind, account.Id));
        return accepted.Refusal is null or { Code: RefusalCode.WrongState or RefusalCode.NotFound } ? accepted.Succeeded
            : throw new InvalidOperationException($"The invitation could not be accepted: {accepted.Refusal.Code}.");
    }

    private static Account Make(InvitationCode code) => new()
    {
        Id = code.Account, UserName = $"{Guid.NewGuid():N}", Email = code.Address,
        Role = code.Kind switch
        {
            InvitationKind.Practitioner => HrmsRoles.Practitioner,
            InvitationKind.Administrator => HrmsRoles.Administrator,
            InvitationKind.Operator => HrmsRoles.Operator,
            _ => HrmsRoles.Auditor,
        },
        Party = code.Practitioner?.Value ?? (code.Kind == InvitationKind.Administrator ? code.Organization.Value : code.Account),
    };

    private static bool IsOfStaff(string role) => role is HrmsRoles.Administrator or HrmsRoles.Operator or HrmsRoles.Auditor;
}

/// <summary>Somebody before us with a good link.</summary>
/// <param name="OrganizationName">Null: this installation itself.</param>
/// <param name="Known">The account that the link is for, if it is there already.</param>
internal sealed record Invited(InvitationCode Code, string? OrganizationName, Account? Known);

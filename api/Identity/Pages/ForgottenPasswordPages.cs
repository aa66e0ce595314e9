using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Mail;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>
/// A new password for who reads the account's mail. It gets nobody further than a password does: a second factor is still asked for, and all sessions and apps of before are
/// out. The answer is the same whether or not the address has an account.
/// </summary>
internal static class ForgottenPasswordPages
{
    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/forgot-password", () => new RazorComponentResult<ForgotPassword>());
        account.MapPost("/forgot-password", SendLinkAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/new-password", (string? account, string? token) => new RazorComponentResult<NewPassword>(new { Account = account, Token = token }));
        account.MapPost("/new-password", ChooseAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> SendLinkAsync(
        [FromForm] string? email, UserManager<Account> accounts, IMailer mailer, PublicAddress address, IStringLocalizer<Words> words, CancellationToken cancellationToken)
    {
        if (await accounts.FindByEmailAsync(email?.Trim() ?? "") is { EmailConfirmed: true, PasswordHash: not null } person
            // Who signs in by passkeys alone must not get a weaker way in by mail: the organisation invites again, and a patient has a sheet or guardians.
            && (person.Role == HrmsRoles.Patient || person.TwoFactorEnabled))
        {
            var link = address.At($"/account/new-password{QueryString.Create("account", $"{person.Id:D}").Add("token", await accounts.GeneratePasswordResetTokenAsync(person))}");
            await mailer.SendAsync(Letter.Of(words, "NewPassword", person.Email!, link), cancellationToken);
        }
        return Message.Saying("LinkSent");
    }

    private static async Task<IResult> ChooseAsync(
        [FromForm] string? account, [FromForm] string? token, [FromForm] string? password, UserManager<Account> accounts, TokensOfPeople tokens, IStringLocalizer<Words> words)
    {
        string[] linkOver = [words["NewPassword.LinkOver"]];
        if (!Guid.TryParse(account, out var id) || await accounts.FindByIdAsync($"{id:D}") is not { } person)
            return Again(linkOver);
        if (!await accounts.VerifyUserTokenAsync(person, accounts.Options.Tokens.PasswordResetTokenProvider, UserManager<Account>.ResetPasswordTokenPurpose, token ?? ""))
            return Again(linkOver);
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, person, password ?? "") is { Succeeded: false } wrong)
                return Again([.. wrong.Errors.Select(error => error.Description)]);
        await tokens.EndAsync(person, AccountEventKind.PasswordChanged);
        var result = await accounts.ResetPasswordAsync(person, token ?? "", password ?? "");
        if (result.Succeeded)
        {
            // Who proved to read the mail is not kept out by somebody else's wrong passwords.
            await accounts.SetLockoutEndDateAsync(person, null);
            return Message.Saying("PasswordChosen");
        }
        return Again(result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.InvalidToken)) ? linkOver : [.. result.Errors.Select(error => error.Description)]);

        RazorComponentResult<NewPassword> Again(string[] problems) => new(new { Problems = problems, Account = account, Token = token });
    }
}

using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Mail;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Hrms.Api.Identity.Pages;

/// <summary>
/// A new password for who reads the account's mail. It gets nobody further than a password does: a second factor is still asked for, and all sessions and apps of before are
/// out. The answer is the same whether or not the address has an account.
/// </summary>
internal static class ForgottenPasswordPages
{
    private static readonly string[] LinkOver = ["This link is not good any more: it was used before, or is older than a day. Ask for another one."];

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/forgot-password", () => new RazorComponentResult<ForgotPassword>());
        account.MapPost("/forgot-password", SendLinkAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/new-password", (string? account, string? token) => new RazorComponentResult<NewPassword>(new { Account = account, Token = token }));
        account.MapPost("/new-password", ChooseAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> SendLinkAsync(
        [FromForm] string? email, UserManager<Account> accounts, IMailer mailer, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await accounts.FindByEmailAsync(email?.Trim() ?? "") is { EmailConfirmed: true, PasswordHash: not null } person
            // Who signs in by passkeys alone must not get a weaker way in by mail: the organisation invites again, and a patient has a sheet or guardians.
            && (person.Role == HrmsRoles.Patient || person.TwoFactorEnabled))
        {
            var link = address.At($"/account/new-password{QueryString.Create("account", $"{person.Id:D}").Add("token", await accounts.GeneratePasswordResetTokenAsync(person))}");
            await mailer.SendAsync(new MailMessage(person.Email!, "Choose a new password", $"""
                Somebody, perhaps you, forgot the password of your account. Choose a new one within a day:

                {link}

                If it was not you, you need not do anything.
                """), cancellationToken);
        }
        return new RazorComponentResult<Message>(new { Title = "Look into your mail", Text = "If this address has an account, we sent it a mail. Follow its link within a day." });
    }

    private static async Task<IResult> ChooseAsync([FromForm] string? account, [FromForm] string? token, [FromForm] string? password, UserManager<Account> accounts, TokensOfPatients tokens)
    {
        if (await accounts.FindByIdAsync(account ?? "") is not { } person)
            return Again(LinkOver);
        if (!await accounts.VerifyUserTokenAsync(person, accounts.Options.Tokens.PasswordResetTokenProvider, UserManager<Account>.ResetPasswordTokenPurpose, token ?? ""))
            return Again(LinkOver);
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, person, password ?? "") is { Succeeded: false } wrong)
                return Again([.. wrong.Errors.Select(error => error.Description)]);
        await tokens.EndAsync(person, AccountEventKind.PasswordChanged);
        var result = await accounts.ResetPasswordAsync(person, token ?? "", password ?? "");
        if (result.Succeeded)
        {
            // Who proved to read the mail is not kept out by somebody else's wrong passwords.
            await accounts.SetLockoutEndDateAsync(person, null);
            return new RazorComponentResult<Message>(new { Title = "Done", Text = "Your new password holds, and whoever was signed in before is out." });
        }
        return Again(result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.InvalidToken)) ? LinkOver : [.. result.Errors.Select(error => error.Description)]);

        RazorComponentResult<NewPassword> Again(string[] problems) => new(new { Problems = problems, Account = account, Token = token });
    }
}

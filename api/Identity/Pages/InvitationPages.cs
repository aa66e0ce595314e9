using Hrms.Api.Identity.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>
/// Where the link of an invitation leads: who works here sets a passkey, or a password together with an authenticator app. Until then there is no way in, and a password alone never
/// is one.
/// </summary>
internal static class InvitationPages
{
    private const int RecoveryCodeCount = 10;

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/invitation", async (string? code, HttpContext http, Invitations invitations, SessionOf session) =>
            await invitations.FindAsync(code) is { } invited ? await ShowAsync(invited, code!, [], http, session) : LinkOver());
        account.MapPost("/invitation/password", ChoosePasswordAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/invitation/authenticator", UseAuthenticatorAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/invitation/passkey/options", PasskeyOptionsAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/invitation/passkey", AddPasskeyAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/invitation/accept", AcceptAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> ChoosePasswordAsync(
        [FromForm] string? code, [FromForm] string? password, HttpContext http, Invitations invitations, UserManager<Account> accounts, SessionOf session)
    {
        if (await invitations.FindAsync(code) is not { } invited)
            return LinkOver();
        if (await invitations.BeginAsync(invited, password ?? "") is { Count: > 0 } problems)
            return await ShowAsync(invited, code!, problems, http, session);
        var account = (await accounts.FindByIdAsync($"{invited.Code.Account:D}"))!;
        await accounts.ResetAuthenticatorKeyAsync(account);
        return ShowKey(code!, account, (await accounts.GetAuthenticatorKeyAsync(account))!, []);
    }

    private static async Task<IResult> UseAuthenticatorAsync([FromForm] string? code, [FromForm] string? digits, Invitations invitations, UserManager<Account> accounts, IStringLocalizer<Words> words)
    {
        if (await invitations.FindAsync(code) is not { Known: { EmailConfirmed: false } account } invited || await accounts.GetAuthenticatorKeyAsync(account) is not { } key)
            return LinkOver();
        if (!await accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, (digits ?? "").Replace(" ", "", StringComparison.Ordinal)))
            return ShowKey(code!, account, key, [words["Invitation.WrongCode"]]);
        await accounts.SetTwoFactorEnabledAsync(account, true);
        var recovery = await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodeCount) ?? [];
        return await invitations.FinishAsync(invited, account) ? new RazorComponentResult<RecoveryCodes>(new { Codes = recovery.ToList() }) : LinkOver();
    }

    private static async Task<IResult> PasskeyOptionsAsync([FromForm] string? code, [FromForm] string? credential, Invitations invitations, SignInManager<Account> signIn)
    {
        if (await invitations.FindAsync(code) is not { } invited || (await invitations.BeginAsync(invited, null)).Count > 0)
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        return Results.Text(
            await signIn.MakePasskeyCreationOptionsAsync(new() { Id = $"{invited.Code.Account:D}", Name = invited.Code.Address, DisplayName = invited.Code.Address }), "application/json");
    }

    private static async Task<IResult> AddPasskeyAsync(
        [FromForm] string? code, [FromForm] string? credential, HttpContext http, Invitations invitations, UserManager<Account> accounts, SignInManager<Account> signIn, SessionOf session,
        IStringLocalizer<Words> words)
    {
        if (await invitations.FindAsync(code) is not { } invited)
            return LinkOver();
        var made = string.IsNullOrEmpty(credential) ? null : await PasskeyPages.AttestationAsync(signIn, credential);
        if (invited.Known is not { EmailConfirmed: false } account || made is not { Succeeded: true } || made.UserEntity.Id != $"{account.Id:D}"
            || !(await accounts.AddOrUpdatePasskeyAsync(account, made.Passkey)).Succeeded)
            return await ShowAsync(invited, code!, [words["Passkeys.NotAdded"]], http, session);
        return await invitations.FinishAsync(invited, account) ? Welcome() : LinkOver();
    }

    /// <summary>For a practitioner who has an account: nothing new is made, one more organisation takes them in.</summary>
    private static async Task<IResult> AcceptAsync([FromForm] string? code, HttpContext http, Invitations invitations, SessionOf session) =>
        await invitations.FindAsync(code) is { } invited && await session.AccountAsync(http) is { } account && await invitations.AcceptAsync(invited, account) ? Welcome() : LinkOver();

    private static async Task<IResult> ShowAsync(Invited invited, string code, IReadOnlyList<string> problems, HttpContext http, SessionOf session) => new RazorComponentResult<InvitationForm>(new
    {
        Problems = problems, Code = code, Organization = invited.OrganizationName, What = invited.Code.Kind,
        HasAccount = invited.Known is { EmailConfirmed: true }, IsSignedIn = invited.Known is { } known && (await session.AccountAsync(http))?.Id == known.Id,
    });

    private static RazorComponentResult ShowKey(string code, Account account, string key, string[] problems) => new RazorComponentResult<InvitationAuthenticator>(new
    {
        Problems = problems, Code = code, Key = AccountPages.InGroups(key), Uri = AccountPages.AuthenticatorUri(account, key),
    });

    private static RazorComponentResult<Message> Welcome() => Message.Saying("InvitationAccepted");

    private static RazorComponentResult<Message> LinkOver() => Message.Saying("InvitationOver");
}

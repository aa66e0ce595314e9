using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.OAuth;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>For who is signed in: the connected apps, and how the account is entered.</summary>
internal static class AccountPages
{
    private const int RecoveryCodeCount = 10, LinesOfAPage = 50;

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("", HomeAsync);
        account.MapPost("/apps/disconnect", DisconnectAsync);
        account.MapGet("/history", HistoryAsync);
        account.MapGet("/device/allowed", () => ToldOfDevice("DeviceAllowed"));
        account.MapGet("/device/refused", () => ToldOfDevice("DeviceRefused"));
        account.MapPost("/sign-out-everywhere", SignOutEverywhereAsync);
        account.MapGet("/authenticator", async Task<IResult> (HttpContext http, SessionOf session) =>
            await session.AccountAsync(http) is null ? SignInFirst() : new RazorComponentResult<AuthenticatorPassword>());
        account.MapPost("/authenticator", NewAuthenticatorAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/authenticator/use", UseAuthenticatorAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> HomeAsync(HttpContext http, SessionOf session, ConnectedApps apps, UserManager<Account> accounts, WaysIn ways) => await session.AccountAsync(http) is { } person
        ? new RazorComponentResult<Home>(new
        {
            person.Email, HasSecondFactor = person.TwoFactorEnabled, HasPassword = await accounts.HasPasswordAsync(person), IsPatient = person.Role == Auth.HrmsRoles.Patient,
            HasOneWayIn = await ways.IsOneDeviceAwayFromLossAsync(person, SessionOf.AskerOf(person, http)), ConnectionList = (object)await apps.ListAsync(person, http.RequestAborted),
        })
        : SignInFirst();

    private static async Task<IResult> DisconnectAsync([FromForm] string? app, HttpContext http, SessionOf session, ConnectedApps apps, AccountHistory history)
    {
        if (await session.AccountAsync(http) is not { } person)
            return SignInFirst();
        if ((await apps.ListAsync(person, http.RequestAborted)).FirstOrDefault(known => known.Id == app) is { } connection)
        {
            await history.RecordAsync(person, AccountEventKind.AppDisconnected, connection.Name);
            await apps.DisconnectAsync(person, connection.Id, CancellationToken.None);
        }
        return Results.LocalRedirect("/account");
    }

    private static async Task<IResult> HistoryAsync(string? after, HttpContext http, SessionOf session, AccountHistory history, IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } person)
            return SignInFirst();
        var page = await history.PageAsync(person, new AccountHistoryQuery(SessionOf.AskerOf(person, http), LinesOfAPage, after));
        return new RazorComponentResult<History>(new { Lines = page.Lines.Select(line => (line.At, AccountWords.Of(words, line.Act))).ToList(), Older = page.HasNextPage ? page.EndCursor : null });
    }

    /// <summary>
    /// Makes a new key and shows it, this once. Who finds a browser signed in must not be able to change how the account is entered, nor to see the key: the password is asked
    /// for, and wrong ones count towards the lock-out.
    /// </summary>
    private static async Task<IResult> NewAuthenticatorAsync(
        [FromForm] string? password, HttpContext http, SessionOf session, UserManager<Account> accounts, SignInManager<Account> signIn, AccountHistory history,
        IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } person)
            return SignInFirst();
        if (!(await signIn.CheckPasswordSignInAsync(person, password ?? "", lockoutOnFailure: true)).Succeeded)
        {
            await history.FailedAsync(person);
            return new RazorComponentResult<AuthenticatorPassword>(new { Problems = (string[])[words["Authenticator.WrongPassword"]] });
        }
        await accounts.ResetAuthenticatorKeyAsync(person);
        await signIn.RefreshSignInAsync(person);
        var key = (await accounts.GetAuthenticatorKeyAsync(person))!;
        return new RazorComponentResult<Authenticator>(new
        {
            Key = InGroups(key), Uri = AuthenticatorUri(person, key),
        });
    }

    /// <summary>An authenticator's key as a person types it.</summary>
    internal static string InGroups(string key) => string.Join(' ', key.Chunk(4).Select(part => new string(part))).ToLowerInvariant();

    /// <summary>What opens an authenticator app with its key.</summary>
    internal static string AuthenticatorUri(Account person, string key) => $"otpauth://totp/HRMS:{Uri.EscapeDataString(person.Email!)}?secret={key}&issuer=HRMS&digits=6";

    private static async Task<IResult> UseAuthenticatorAsync(
        [FromForm] string? code, HttpContext http, SessionOf session, UserManager<Account> accounts, SignInManager<Account> signIn, TokensOfPeople tokens,
        AccountHistory history, IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } person)
            return SignInFirst();
        var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (await accounts.IsLockedOutAsync(person) || !await accounts.VerifyTwoFactorTokenAsync(person, accounts.Options.Tokens.AuthenticatorTokenProvider, typed))
        {
            await accounts.AccessFailedAsync(person);
            await history.FailedAsync(person);
            return new RazorComponentResult<Authenticator>(new { Problems = (string[])[words["Authenticator.WrongCode"]] });
        }
        await tokens.EndAsync(person, AccountEventKind.AuthenticatorChanged);
        await accounts.SetTwoFactorEnabledAsync(person, true);
        var codes = await accounts.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodeCount) ?? [];
        // Ends every other session and what apps hold: whoever is to stay comes in by the second factor, too.
        await accounts.UpdateSecurityStampAsync(person);
        await signIn.RefreshSignInAsync(person);
        return new RazorComponentResult<RecoveryCodes>(new { Codes = codes.ToList() });
    }

    /// <summary>Every session and every token of before is out: this browser's, other browsers', apps', devices'.</summary>
    private static async Task<IResult> SignOutEverywhereAsync(
        [FromForm] string? nothing, HttpContext http, SessionOf session, UserManager<Account> accounts, SignInManager<Account> signIn, TokensOfPeople tokens)
    {
        if (await session.AccountAsync(http) is not { } person)
            return SignInFirst();
        await tokens.EndAsync(person, AccountEventKind.SignedOutEverywhere);
        await accounts.UpdateSecurityStampAsync(person);
        await signIn.SignOutAsync();
        return Message.Saying("OutEverywhere");
    }

    private static RazorComponentResult<Message> ToldOfDevice(string what) => new(new { What = what, Next = "/account", NextIs = "Home" });

    private static IResult SignInFirst() => Results.LocalRedirect("/account/sign-in");
}

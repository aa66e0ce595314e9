using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.OwnApp;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using SignInResult = Microsoft.AspNetCore.Identity.SignInResult;

namespace Hrms.Api.Identity.Pages;

/// <summary>Signing in with a password and, when the account has one, the second factor; and out.</summary>
internal static class SignInPages
{
    private static readonly string[] OnTo = [$"{OAuthServer.Authorize}?", $"{OAuthServer.Verify}?", $"{SessionEndpoints.App}/", $"{SessionEndpoints.App}?"];

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sign-in", (string? returnUrl) => new RazorComponentResult<SignIn>(new { ReturnUrl = Own(returnUrl) }));
        account.MapPost("/sign-in", SignInAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/second-factor", (string? returnUrl) => new RazorComponentResult<SecondFactor>(new { ReturnUrl = Own(returnUrl) }));
        account.MapPost("/second-factor", SecondFactorAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/sign-out", async ([FromForm] string? nothing, HttpContext http, SignInManager<Account> signIn, EndedSessions ended) =>
        {
            await ended.EndAsync(http);
            await signIn.SignOutAsync();
            SessionOf.Clear(http);
            return Message.Saying("SignedOut");
        });
    }

    private static async Task<IResult> SignInAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, HttpContext http, UserManager<Account> accounts, SignInManager<Account> signIn,
        IPasswordHasher<Account> hasher, AccountHistory history, IStringLocalizer<Words> words)
    {
        var account = await accounts.FindByEmailAsync(email ?? "");
        var result = SignInResult.Failed;
        if (account is null)
            // An address that nobody has takes the time of one that somebody has.
            hasher.VerifyHashedPassword(null!, Nobodys.Hash(hasher), password ?? "");
        else
        {
            SessionOf.ComesIn(http, SignInWay.Password);
            // Whoever is no patient has a passkey, or a second factor beside the password: the password alone is looked at, and signs nobody in.
            if (account.Role != HrmsRoles.Patient && !account.TwoFactorEnabled)
                await signIn.CheckPasswordSignInAsync(account, password ?? "", lockoutOnFailure: true);
            else
                result = await SignedInAsync(() => signIn.PasswordSignInAsync(account, password ?? "", isPersistent: false, lockoutOnFailure: true));
            if (!result.Succeeded && !result.RequiresTwoFactor)
                await history.FailedAsync(account);
        }
        if (result.RequiresTwoFactor)
            return Results.LocalRedirect($"/account/second-factor{QueryString.Create("returnUrl", Own(returnUrl) ?? "")}");
        return result.Succeeded ? Results.LocalRedirect(Own(returnUrl) ?? "/account")
            : new RazorComponentResult<SignIn>(new { Problems = (string[])[words["SignIn.Wrong"]], Email = email, ReturnUrl = Own(returnUrl) });
    }

    private static async Task<IResult> SecondFactorAsync(
        [FromForm] string? code, [FromForm] string? returnUrl, HttpContext http, SignInManager<Account> signIn, AccountHistory history, IStringLocalizer<Words> words)
    {
        var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
        var isOfApp = typed.Length == 6 && typed.All(char.IsAsciiDigit);
        SessionOf.ComesIn(http, isOfApp ? SignInWay.PasswordAndAuthenticator : SignInWay.PasswordAndRecoveryCode);
        var person = await signIn.GetTwoFactorAuthenticationUserAsync();
        var result = await SignedInAsync(() => isOfApp
            ? signIn.TwoFactorAuthenticatorSignInAsync(typed, isPersistent: false, rememberClient: false)
            : signIn.TwoFactorRecoveryCodeSignInAsync(typed));
        if (!result.Succeeded && person is not null)
            await history.FailedAsync(person);
        return result.Succeeded ? Results.LocalRedirect(Own(returnUrl) ?? "/account")
            : new RazorComponentResult<SecondFactor>(new { Problems = (string[])[words["SecondFactor.Wrong"]], ReturnUrl = Own(returnUrl) });
    }

    private static async Task<SignInResult> SignedInAsync(Func<Task<SignInResult>> signIn)
    {
        try
        {
            return await signIn();
        }
        catch (NotRecordedException gone) when (gone.IsOfNobody)
        {
            return SignInResult.Failed;
        }
    }

    /// <summary>The only addresses that a sign-in leads on to: the one of an app's request, the one for a device's code, that of the guardians, and our own web app's. Everything else could lead anywhere.</summary>
    internal static string? Own(string? returnUrl) =>
        returnUrl is OAuthServer.Verify or SessionEndpoints.App or RecoveryPages.Path || Array.Exists(OnTo, start => returnUrl?.StartsWith(start, StringComparison.Ordinal) == true) ? returnUrl : null;

    private static class Nobodys
    {
        private static string? _hash;

        public static string Hash(IPasswordHasher<Account> hasher) => _hash ??= hasher.HashPassword(null!, Guid.NewGuid().ToString());
    }
}

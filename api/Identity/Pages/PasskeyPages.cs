using System.Buffers.Text;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>Signing in with a passkey (Web Authentication, level 3), and adding and removing them. The script of the page speaks to the authenticator and sends a form.</summary>
internal static class PasskeyPages
{
    /// <summary>How short ago somebody must have signed in who changes how the account is entered.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder account)
    {
        account.MapPost("/sign-in/passkey/options", async ([FromForm] string? returnUrl, SignInManager<Account> signIn) =>
            Results.Text(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json")).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/sign-in/passkey", SignInAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/passkeys", ListAsync);
        account.MapPost("/passkeys/options", OptionsAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/passkeys", AddAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/passkeys/remove", RemoveAsync);
        account.MapGet("/passkey.js", () => Results.Stream(typeof(PasskeyPages).Assembly.GetManifestResourceStream("pages/passkey.js")!, "text/javascript; charset=utf-8"));
    }

    /// <summary>A passkey can't be guessed: it lets its owner in also while somebody's wrong passwords keep the account locked.</summary>
    private static async Task<IResult> SignInAsync(
        [FromForm] string? credential, [FromForm] string? returnUrl, HttpContext http, UserManager<Account> accounts, SignInManager<Account> signIn, IStringLocalizer<Words> words)
    {
        var shown = string.IsNullOrEmpty(credential) ? null : await AssertionAsync(signIn, credential);
        if (shown is not { Succeeded: true } || !await signIn.CanSignInAsync(shown.User))
            return new RazorComponentResult<SignIn>(new { Problems = (string[])[words["Passkeys.NotTaken"]], ReturnUrl = SignInPages.Own(returnUrl) });
        // The counter and the backup flags that the authenticator said.
        await accounts.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey);
        SessionOf.ComesIn(http, SignInWay.Passkey);
        try
        {
            await signIn.SignInAsync(shown.User, SessionOf.By(AuthenticationMethods.Of(shown.Passkey)));
        }
        catch (NotRecordedException gone) when (gone.IsOfNobody)
        {
            return new RazorComponentResult<SignIn>(new { Problems = (string[])[words["Passkeys.NotTaken"]], ReturnUrl = SignInPages.Own(returnUrl) });
        }
        return Results.LocalRedirect(SignInPages.Own(returnUrl) ?? "/account");
    }

    private static async Task<IResult> ListAsync(HttpContext http, SessionOf session, UserManager<Account> accounts) =>
        await session.AccountAsync(http) is { } person ? await ShowAsync(accounts, person, []) : SignInFirst();

    private static async Task<IResult> OptionsAsync(
        [FromForm] string? credential, HttpContext http, SessionOf session, SignInManager<Account> signIn, TimeProvider clock)
    {
        if (await session.AccountAsync(http) is not { } person || !IsFresh(http, clock))
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        return Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = $"{person.Id:D}", Name = person.Email!, DisplayName = person.Email! }), "application/json");
    }

    private static async Task<IResult> AddAsync(
        [FromForm] string? credential, HttpContext http, SessionOf session, UserManager<Account> accounts, SignInManager<Account> signIn, AccountHistory history, TimeProvider clock,
        IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } person || !IsFresh(http, clock))
            return SignInFirst();
        var made = string.IsNullOrEmpty(credential) ? null : await AttestationAsync(signIn, credential);
        if (made is not { Succeeded: true } || made.UserEntity.Id != $"{person.Id:D}")
            return await ShowAsync(accounts, person, [words["Passkeys.NotAdded"]]);
        await history.RecordAsync(person, AccountEventKind.PasskeyAdded);
        if (!(await accounts.AddOrUpdatePasskeyAsync(person, made.Passkey)).Succeeded)
            return await ShowAsync(accounts, person, [words["Passkeys.NotAdded"]]);
        return Results.LocalRedirect("/account/passkeys");
    }

    private static async Task<IResult> RemoveAsync(
        [FromForm] string? id, HttpContext http, SessionOf session, UserManager<Account> accounts, SignInManager<Account> signIn, WaysIn ways, TimeProvider clock, IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } person || !IsFresh(http, clock))
            return SignInFirst();
        if (!await ways.RemovePasskeyAsync(person, id))
            return await ShowAsync(accounts, person, [words["Passkeys.OnlyWay"]]);
        await signIn.RefreshSignInAsync(person);
        return Results.LocalRedirect("/account/passkeys");
    }

    private static async Task<IResult> ShowAsync(UserManager<Account> accounts, Account person, string[] problems) => new RazorComponentResult<Passkeys>(new
    {
        Problems = problems,
        Known = (await accounts.GetPasskeysAsync(person)).OrderBy(passkey => passkey.CreatedAt)
            .Select(passkey => (Base64Url.EncodeToString(passkey.CredentialId), passkey.CreatedAt)).ToList(),
    });

    private static bool IsFresh(HttpContext http, TimeProvider clock) => SessionOf.SignedIn(http) is { } signedIn && clock.GetUtcNow() - signedIn.At < Fresh;

    // What is no answer to a question of ours (no question at all, another shape) is a wrong answer, not a fault.
    private static async Task<PasskeyAssertionResult<Account>?> AssertionAsync(SignInManager<Account> signIn, string credential)
    {
        try
        {
            return await signIn.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    internal static async Task<PasskeyAttestationResult?> AttestationAsync(SignInManager<Account> signIn, string credential)
    {
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static IResult SignInFirst() => Results.LocalRedirect("/account/sign-in");
}

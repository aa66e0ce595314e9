using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>Making an account: the address first, then, where the link of the mail leads, how it is entered.</summary>
internal static class SignUpPages
{
    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sign-up", () => new RazorComponentResult<SignUpForm>());
        account.MapPost("/sign-up", async Task<IResult> ([FromForm] string? email, SignUp signUp, CancellationToken cancellationToken) =>
            await signUp.BeginAsync(email?.Trim() ?? "", cancellationToken) is { Count: > 0 } problems
                ? new RazorComponentResult<SignUpForm>(new { Problems = problems, Email = email })
                : Message.Saying("MailSent")).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/confirm", async (string? account, string? token, SignUp signUp) =>
            await signUp.FindAsync(account, token) is { } person ? Choose(person, token, []) : LinkOver());
        account.MapPost("/confirm", ByPasswordAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/confirm/passkey/options", OptionsAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/confirm/passkey", ByPasskeyAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> ByPasswordAsync([FromForm] string? account, [FromForm] string? token, [FromForm] string? password, SignUp signUp) =>
        await signUp.FindAsync(account, token) is not { } person || await signUp.ByPasswordAsync(person, password ?? "") is not { } problems ? LinkOver()
        : problems.Count > 0 ? Choose(person, token, problems)
        : Message.Saying("Welcome");

    private static async Task<IResult> OptionsAsync([FromForm] string? account, [FromForm] string? token, SignUp signUp, SignInManager<Account> signIn) =>
        await signUp.FindAsync(account, token) is { } person
            ? Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = $"{person.Id:D}", Name = person.Email!, DisplayName = person.Email! }), "application/json")
            : Results.StatusCode(StatusCodes.Status401Unauthorized);

    /// <summary>Who made the passkey has just shown finger, face or PIN, and is signed in.</summary>
    private static async Task<IResult> ByPasskeyAsync(
        [FromForm] string? account, [FromForm] string? token, [FromForm] string? credential, HttpContext http, SignUp signUp, SignInManager<Account> signIn, IStringLocalizer<Words> words)
    {
        if (await signUp.FindAsync(account, token) is not { } person)
            return LinkOver();
        var made = string.IsNullOrEmpty(credential) ? null : await PasskeyPages.AttestationAsync(signIn, credential);
        if (made is not { Succeeded: true } || made.UserEntity.Id != $"{person.Id:D}")
            return Choose(person, token, [words["Passkeys.NotAdded"]]);
        if (!await signUp.ByPasskeyAsync(person, made.Passkey))
            return LinkOver();
        SessionOf.ComesIn(http, SignInWay.Passkey);
        await signIn.SignInAsync(person, SessionOf.By(AuthenticationMethods.Of(made.Passkey)));
        return Results.LocalRedirect("/account");
    }

    private static IResult Choose(Account person, string? token, IReadOnlyList<string> problems) =>
        new RazorComponentResult<Confirm>(new { Problems = problems, Account = $"{person.Id:D}", Token = token, person.Email });

    private static IResult LinkOver() => new RazorComponentResult<Message>(new { What = "ConfirmOver", Next = "/account/sign-up", NextIs = "SignUp" });
}

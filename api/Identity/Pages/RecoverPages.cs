using System.Text.Json.Nodes;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Recovery;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Hrms.Api.Identity.Pages;

/// <summary>For who can't sign in any more: shows the sheet, or comes back when two guardians have approved, and chooses how to sign in from now on. Who tries learns of no account.</summary>
internal static class RecoverPages
{
    private const int SeedBytes = 16;

    private static readonly string[] NotProven = ["Address and sheet do not belong together, or the sheet was used, or a newer one was made. Look at each letter again."];

    private static readonly string[] NotYet =
    [
        "Not yet. Two of your guardians have to approve this very code; then we tell you by mail, and three days later you get the account back here. Or the address is not that of your account.",
    ];

    private static readonly string[] NotTaken = ["The passkey was not added. Try again."];

    public static void Map(RouteGroupBuilder account)
    {
        var recover = account.MapGroup("/recover");
        recover.MapGet("", () => new RazorComponentResult<Recover>());
        recover.MapGet("/sheet", () => new RazorComponentResult<RecoverBySheet>());
        recover.MapPost("/sheet", BySheetAsync).RequireRateLimiting(HrmsIdentity.Tries);
        recover.MapGet("/guardians", (HttpContext http, RecoveryCookies cookies) => Guardians(http, cookies, []));
        recover.MapPost("/guardians", ByGuardiansAsync).RequireRateLimiting(HrmsIdentity.Tries);
        recover.MapGet("/new", (HttpContext http, RecoveryCookies cookies) => cookies.TicketOf(http) is null ? Begin() : New([]));
        recover.MapPost("/new", ByPasswordAsync).RequireRateLimiting(HrmsIdentity.Tries);
        recover.MapPost("/new/passkey/options", OptionsAsync).RequireRateLimiting(HrmsIdentity.Tries);
        recover.MapPost("/new/passkey", ByPasskeyAsync).RequireRateLimiting(HrmsIdentity.Tries);
        recover.MapGet("/stop", (string? token) => new RazorComponentResult<StopRecovering>(new { Token = token }));
        recover.MapPost("/stop", StopAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> BySheetAsync([FromForm] string? email, [FromForm] string? sheet, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies)
    {
        var seed = CheckedCode.Read(sheet, SeedBytes);
        if (await recovery.ProveAsync(email?.Trim() ?? "", SignInWay.RecoverySeed, seed) is not { } account)
            return new RazorComponentResult<RecoverBySheet>(new { Problems = NotProven, Email = email });
        cookies.Give(http, account.Id, SignInWay.RecoverySeed, seed!);
        return Results.LocalRedirect("/account/recover/new");
    }

    private static async Task<IResult> ByGuardiansAsync([FromForm] string? email, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies)
    {
        var secret = cookies.SecretOf(http);
        if (await recovery.ProveAsync(email?.Trim() ?? "", SignInWay.Guardians, secret) is not { } account)
            return Guardians(http, cookies, NotYet, secret);
        cookies.Give(http, account.Id, SignInWay.Guardians, secret);
        return Results.LocalRedirect("/account/recover/new");
    }

    private static async Task<IResult> ByPasswordAsync([FromForm] string? password, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies)
    {
        if (cookies.TicketOf(http) is not { } ticket)
            return Begin();
        return await recovery.ByPasswordAsync(ticket, password ?? "") is not { } problems ? Over(http, cookies) : problems.Count > 0 ? New(problems) : Done(http, cookies);
    }

    private static async Task<IResult> OptionsAsync(
        [FromForm] string? credential, HttpContext http, RecoveryCookies cookies, UserManager<Account> accounts, SignInManager<Account> signIn)
    {
        if (cookies.TicketOf(http) is not { } ticket || await accounts.FindByIdAsync($"{ticket.Account:D}") is not { } person)
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        var options = JsonNode.Parse(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = $"{person.Id:D}", Name = person.Email!, DisplayName = person.Email! }))!;
        // Those of before all go: the same device may hold the new one.
        options["excludeCredentials"] = new JsonArray();
        return Results.Text(options.ToJsonString(), "application/json");
    }

    private static async Task<IResult> ByPasskeyAsync([FromForm] string? credential, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies, SignInManager<Account> signIn)
    {
        if (cookies.TicketOf(http) is not { } ticket)
            return Begin();
        var made = string.IsNullOrEmpty(credential) ? null : await PasskeyPages.AttestationAsync(signIn, credential);
        if (made is not { Succeeded: true } || made.UserEntity.Id != $"{ticket.Account:D}")
            return New(NotTaken);
        return await recovery.ByPasskeyAsync(ticket, made.Passkey) ? Done(http, cookies) : Over(http, cookies);
    }

    private static async Task<IResult> StopAsync([FromForm] string? token, RecoveryLinks links, IGrainFactory grains)
    {
        if (links.Stopped(token) is not { } patient)
            return Say("This link is not good any more", "Sign in and look at your account's page.", "/account", "Your account");
        var stopped = await grains.Grain<IPatientGrain>(patient).StopRecoveryAsync(new StopRecovery(AccountHistory.Server));
        return stopped.Refusal is { Code: not (RefusalCode.NotFound or RefusalCode.Erased) } refusal ? throw new NotRecordedException(refusal)
            : Say("Stopped", "Nobody gets your account back by what your guardians have approved until now. Talk to them, and remove whoever you don't trust any more.", RecoveryPages.Path, "Guardians");
    }

    private static RazorComponentResult<RecoverByGuardians> Guardians(HttpContext http, RecoveryCookies cookies, string[] problems, byte[]? secret = null) =>
        new(new { Problems = problems, Code = CheckedCode.Write(RecoveryCode.Of(secret ?? cookies.SecretOf(http))) });

    private static IResult New(IReadOnlyList<string> problems) => new RazorComponentResult<RecoverNew>(new { Problems = problems });

    private static IResult Done(HttpContext http, RecoveryCookies cookies)
    {
        cookies.Forget(http);
        return Say("Your account is yours again", "Sign in with what you just chose. Then make a new recovery sheet.", "/account/sign-in", "Sign in");
    }

    private static IResult Over(HttpContext http, RecoveryCookies cookies)
    {
        cookies.Forget(http);
        return Say("This does not get the account back any more", "It was used, or stopped, or took too long.", "/account/recover", "Begin anew");
    }

    private static IResult Begin() => Results.LocalRedirect("/account/recover");

    private static RazorComponentResult<Message> Say(string title, string text, string next, string nextText) => new(new { Title = title, Text = text, Next = next, NextText = nextText });
}

using System.Text.Json.Nodes;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Recovery;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>For who can't sign in any more: shows the sheet, or comes back when two guardians have approved, and chooses how to sign in from now on. Who tries learns of no account.</summary>
internal static class RecoverPages
{
    private const int SeedBytes = 16;

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

    private static async Task<IResult> BySheetAsync([FromForm] string? email, [FromForm] string? sheet, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies, IStringLocalizer<Words> words)
    {
        var seed = CheckedCode.Read(sheet, SeedBytes);
        if (await recovery.ProveAsync(email?.Trim() ?? "", SignInWay.RecoverySeed, seed) is not { } account)
            return new RazorComponentResult<RecoverBySheet>(new { Problems = (string[])[words["Sheet.Wrong"]], Email = email });
        cookies.Give(http, account.Id, SignInWay.RecoverySeed, seed!);
        return Results.LocalRedirect("/account/recover/new");
    }

    private static async Task<IResult> ByGuardiansAsync([FromForm] string? email, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies, IStringLocalizer<Words> words)
    {
        var secret = cookies.SecretOf(http);
        if (await recovery.ProveAsync(email?.Trim() ?? "", SignInWay.Guardians, secret) is not { } account)
            return Guardians(http, cookies, [words["ByGuardians.NotYet"]], secret);
        cookies.Give(http, account.Id, SignInWay.Guardians, secret);
        return Results.LocalRedirect("/account/recover/new");
    }

    private static async Task<IResult> ByPasswordAsync([FromForm] string? password, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies, IStringLocalizer<Words> words)
    {
        if (cookies.TicketOf(http) is not { } ticket)
            return Begin();
        return await recovery.ByPasswordAsync(ticket, password ?? "") is not { } problems ? Over(http, cookies, words) : problems.Count > 0 ? New(problems) : Done(http, cookies, words);
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

    private static async Task<IResult> ByPasskeyAsync([FromForm] string? credential, HttpContext http, AccountRecovery recovery, RecoveryCookies cookies, SignInManager<Account> signIn,
        IStringLocalizer<Words> words)
    {
        if (cookies.TicketOf(http) is not { } ticket)
            return Begin();
        var made = string.IsNullOrEmpty(credential) ? null : await PasskeyPages.AttestationAsync(signIn, credential);
        if (made is not { Succeeded: true } || made.UserEntity.Id != $"{ticket.Account:D}")
            return New([words["Passkeys.NotAdded"]]);
        return await recovery.ByPasskeyAsync(ticket, made.Passkey) ? Done(http, cookies, words) : Over(http, cookies, words);
    }

    private static async Task<IResult> StopAsync([FromForm] string? token, RecoveryLinks links, IGrainFactory grains, IStringLocalizer<Words> words)
    {
        if (links.Stopped(token) is not { } patient)
            return Say(words, "StopOver", "/account", "Home.Title");
        var stopped = await grains.Grain<IPatientGrain>(patient).StopRecoveryAsync(new StopRecovery(AccountHistory.Server));
        return stopped.Refusal is { Code: not (RefusalCode.NotFound or RefusalCode.Erased) } refusal ? throw new NotRecordedException(refusal)
            : Say(words, "Stopped", RecoveryPages.Path, "Recovery.Heading");
    }

    private static RazorComponentResult<RecoverByGuardians> Guardians(HttpContext http, RecoveryCookies cookies, string[] problems, byte[]? secret = null) =>
        new(new { Problems = problems, Code = CheckedCode.Write(RecoveryCode.Of(secret ?? cookies.SecretOf(http))) });

    private static IResult New(IReadOnlyList<string> problems) => new RazorComponentResult<RecoverNew>(new { Problems = problems });

    private static IResult Done(HttpContext http, RecoveryCookies cookies, IStringLocalizer<Words> words)
    {
        cookies.Forget(http);
        return Say(words, "Recovered", "/account/sign-in", "SignIn.Title");
    }

    private static IResult Over(HttpContext http, RecoveryCookies cookies, IStringLocalizer<Words> words)
    {
        cookies.Forget(http);
        return Say(words, "RecoverOver", "/account/recover", "Recover.Heading");
    }

    private static IResult Begin() => Results.LocalRedirect("/account/recover");

    internal static RazorComponentResult<Told> Say(IStringLocalizer<Words> words, string what, string next, string nextIs) =>
        new(new { Title = words[$"{what}.Heading"].Value, Text = words[$"{what}.Text"].Value, Next = next, NextText = words[nextIs].Value });
}

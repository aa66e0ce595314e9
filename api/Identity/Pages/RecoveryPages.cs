using System.Security.Cryptography;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.Recovery;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>For a patient who is signed in: how the account is got back should it be lost, and whose accounts they are a guardian of.</summary>
internal static class RecoveryPages
{
    public const string Path = "/account/recovery";

    private const int SeedBytes = 16;

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/recovery", (HttpContext http, AccountRecovery recovery, IGrainFactory grains, SessionOf session) => ShowAsync(http, session, recovery, grains, []));
        account.MapPost("/recovery/sheet", MakeSheetAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/recovery/guardians", InviteAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/recovery/guardians/end", EndAsync);
        account.MapPost("/recovery/stop", StopAsync);
        account.MapGet("/guardian", (string? invitation) => new RazorComponentResult<GuardianInvitation>(new { Invitation = invitation }));
        account.MapPost("/guardian", AcceptAsync).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapPost("/recovery/approve", ApproveAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SessionOf session, AccountRecovery recovery, IGrainFactory grains, string[] problems)
    {
        if (await PatientAsync(http, session) is not { } person)
            return SignInFirst();
        var asker = SessionOf.AskerOf(person, http);
        var own = await grains.Grain<IPatientGrain>(person.Party).RecoveryAsync(asker);
        var guarded = await grains.Grain<IPatientGrain>(person.Party).GuardedAsync(asker);
        if (!own.Succeeded || !guarded.Succeeded)
            throw new NotRecordedException((own.Refusal ?? guarded.Refusal)!);
        List<(Guid, string)> accounts = [];
        foreach (var account in guarded.Value)
            if (await recovery.OfPatientAsync(account.Patient.Value, http.RequestAborted) is { Email: { } email })
                accounts.Add((account.Invitation, email));
        return new RazorComponentResult<Pages.Recovery>(new { Problems = problems, View = own.Value, Guarded = accounts });
    }

    /// <summary>Shows the seed, this once.</summary>
    private static async Task<IResult> MakeSheetAsync([FromForm] string? nothing, HttpContext http, SessionOf session, IGrainFactory grains, IMailer mailer, PublicAddress address, TimeProvider clock, IStringLocalizer<Words> words)
    {
        if (await PatientAsync(http, session) is not { } person)
            return SignInFirst();
        var seed = RandomNumberGenerator.GetBytes(SeedBytes);
        if (Refused(await grains.Grain<IPatientGrain>(person.Party).MakeRecoverySeedAsync(new MakeRecoverySeed(new CommandId(Guid.NewGuid()), SessionOf.AskerOf(person, http), seed))) is { } refused)
            return refused;
        await mailer.SendAsync(Letter.Of(words, "SheetMade", person.Email!, address.At(Path)), CancellationToken.None);
        return new RazorComponentResult<RecoverySheet>(new { Seed = CheckedCode.Write(seed), person.Email, Place = address.Url.Authority, MadeAt = clock.GetUtcNow() });
    }

    /// <summary>The mail goes to whoever was named, account or not: what the person learns of it is that somebody accepted.</summary>
    private static async Task<IResult> InviteAsync(
        [FromForm] string? name, [FromForm] string? email, HttpContext http, SessionOf session, AccountRecovery recovery, IGrainFactory grains, IMailer mailer, RecoveryLinks links,
        IStringLocalizer<Words> words)
    {
        if (await PatientAsync(http, session) is not { } person)
            return SignInFirst();
        var to = email?.Trim() ?? "";
        if (!to.Contains('@') || to.Length > 254)
            return await ShowAsync(http, session, recovery, grains, [words["Recovery.BadEmail"]]);
        var invited = await grains.Grain<IPatientGrain>(person.Party).InviteGuardianAsync(new InviteGuardian(new CommandId(Guid.NewGuid()), SessionOf.AskerOf(person, http), name ?? ""));
        if (invited.Refusal is { Code: RefusalCode.Invalid or RefusalCode.LimitExceeded })
            return await ShowAsync(http, session, recovery, grains, [words["Recovery.BadName"]]);
        if (Refused(invited) is { } refused)
            return refused;
        await mailer.SendAsync(Letter.Of(words, "Guardian", to, links.ToInvitation(person.Party, invited.Value!.Invitation), person.Email!), CancellationToken.None);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> EndAsync([FromForm] string? invitation, [FromForm] bool? guarded, HttpContext http, SessionOf session, IGrainFactory grains)
    {
        if (await PatientAsync(http, session) is not { } person || !Guid.TryParse(invitation, out var id))
            return SignInFirst();
        var asker = SessionOf.AskerOf(person, http);
        var patient = guarded != true ? person.Party : await PatientOfAsync(grains, person, asker, id);
        if (patient is not null && Refused(await grains.Grain<IPatientGrain>(patient.Value).EndGuardianAsync(new EndGuardian(asker, id))) is { } refused)
            return refused;
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> StopAsync([FromForm] string? nothing, HttpContext http, SessionOf session, IGrainFactory grains) =>
        await PatientAsync(http, session) is not { } person ? SignInFirst()
        : Refused(await grains.Grain<IPatientGrain>(person.Party).StopRecoveryAsync(new StopRecovery(SessionOf.AskerOf(person, http)))) ?? Results.LocalRedirect(Path);

    private static async Task<IResult> AcceptAsync([FromForm] string? invitation, HttpContext http, SessionOf session, RecoveryLinks links, IGrainFactory grains, IStringLocalizer<Words> words)
    {
        if (await PatientAsync(http, session) is not { } person)
            return RecoverPages.Say(words, "SignInToAccept", "/account/sign-in", "SignIn.Title");
        var outcome = links.Invited(invitation) is var (patient, id) ? await grains.Grain<IPatientGrain>(patient).AcceptGuardianAsync(new AcceptGuardian(SessionOf.AskerOf(person, http), id))
            : Refusal.NotFound();
        if (outcome.Refusal is { Code: RefusalCode.NotFound or RefusalCode.Erased })
            return RecoverPages.Say(words, "GuardianOver", "/account", "Home.Title");
        return Refused(outcome) ?? RecoverPages.Say(words, "GuardianNow", Path, "Recovery.Heading");
    }

    private static async Task<IResult> ApproveAsync([FromForm] string? invitation, [FromForm] string? code, HttpContext http, SessionOf session, AccountRecovery recovery, IGrainFactory grains,
        IStringLocalizer<Words> words)
    {
        if (await PatientAsync(http, session) is not { } person)
            return SignInFirst();
        var asker = SessionOf.AskerOf(person, http);
        if (CheckedCode.Read(code, RecoveryCode.SizeBytes) is not { } typed || !Guid.TryParse(invitation, out var id) || await PatientOfAsync(grains, person, asker, id) is not { } patient)
            return await ShowAsync(http, session, recovery, grains, [words["Recovery.NotApproved"]]);
        var approved = await grains.Grain<IPatientGrain>(patient).ApproveRecoveryAsync(new ApproveRecovery(asker, typed));
        if (approved.Refusal is { Code: RefusalCode.LimitExceeded })
            return await ShowAsync(http, session, recovery, grains, [words["Recovery.TooMany"]]);
        if (approved.Refusal is { Code: RefusalCode.NotFound or RefusalCode.Erased })
            return await ShowAsync(http, session, recovery, grains, [words["Recovery.NotApproved"]]);
        if (Refused(approved) is { } refused)
            return refused;
        var standing = await recovery.AnnounceAsync(patient, typed, approved.Value!, CancellationToken.None);
        var text = standing.ReadyAt is { } ready ? words["Approved.Second", $"{ready:yyyy-MM-dd HH:mm}"] : words["Approved.First"];
        return new RazorComponentResult<Told>(new { Title = words["Approved.Heading"].Value, Text = text.Value, Next = Path, NextText = words["Recovery.Heading"].Value });
    }

    private static async Task<Guid?> PatientOfAsync(IGrainFactory grains, Account person, Asker asker, Guid invitation)
    {
        var guarded = await grains.Grain<IPatientGrain>(person.Party).GuardedAsync(asker);
        return guarded.Succeeded && guarded.Value.FirstOrDefault(account => account.Invitation == invitation) is { } found ? found.Patient.Value : null;
    }

    private static async Task<Account?> PatientAsync(HttpContext http, SessionOf session) =>
        await session.AccountAsync(http) is { Role: HrmsRoles.Patient } person ? person : null;

    /// <summary>What every refusal but the page's own leads to; null: there is none.</summary>
    private static IResult? Refused<T>(Outcome<T> outcome) => outcome.Refusal is not { } refusal ? null
        : refusal.Code is RefusalCode.FreshSignInNeeded or RefusalCode.TokenEnded ? SignInFirst()
        : throw new NotRecordedException(refusal);

    private static IResult SignInFirst() => Results.LocalRedirect($"/account/sign-in{QueryString.Create("returnUrl", Path)}");
}

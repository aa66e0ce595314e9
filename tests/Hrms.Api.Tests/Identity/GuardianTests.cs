using System.Net;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Identity;

/// <summary>Three people vouch for somebody who lost what they sign in with: two of them are enough, one is not, and none of them sees anything.</summary>
[Trait("Feature", "36"), Collection(nameof(TimeTravel))]
public sealed class GuardianTests(HrmsFixture hrms)
{
    private static readonly TimeSpan Wait = Limits.RecoveryWait + TimeSpan.FromMinutes(1);

    [Fact]
    public async Task ThePhoneIsLost_TwoOfThreeGuardiansApprove_AndTheAccountIsHersAgain()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (lostPhone, lostKey) = (await ana.AddsPasskeyAsync(hrms), await hrms.AuthenticatorAsync());
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var ben = await hrms.GuardianAsync(ana, "Ben");
        using var neighbour = await hrms.GuardianAsync(ana, "The neighbour");
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        var before = await hrms.PatientAsync((await new Bearer(hrms, tokens.Access).ViewerAsync())!.Value, tokens.Access);
        var consent = (await before.GrantsAsync(await hrms.PractitionerAsync(), new Terms())).Id;
        await before.RegistersKeyAsync(lostKey);
        await before.SignsAsync(lostKey, consent);

        // The phone is gone, and with it all of this. Her new browser shows a code, which she reads out to two of the three.
        using var newBrowser = await Browser.OpenAsync(hrms);
        var code = await newBrowser.AsksForCodeAsync();
        Assert.True((await sister.ApprovesAsync(code)).Says("A second guardian has to approve"));
        Assert.DoesNotContain(ana.Mails(), mail => mail.Contains("Somebody gets your account back", StringComparison.Ordinal));
        Assert.True((await neighbour.ApprovesAsync(code)).Says("You are the second"));
        Assert.Contains("Somebody gets your account back", ana.Mails()[^1], StringComparison.Ordinal);
        Assert.True((await newBrowser.ComesBackAsync(ana.Email)).Says("Not yet."));
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);

        hrms.Clock.Advance(Wait);
        Assert.Equal("How do you sign in from now on?", (await newBrowser.ComesBackAsync(ana.Email)).Title);
        var newPhone = await hrms.AuthenticatorAsync();
        Assert.Equal("Your account is yours again", (await newBrowser.ChoosesPasskeyAsync(newPhone)).Title);

        // The new passkey signs in; the old one, the password, her apps, sessions and the old key for consents do not.
        Assert.Equal("Your account", (await newBrowser.SignsInAsync(newPhone)).Title);
        using var thief = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await thief.SignsInAsync(lostPhone)).Title);
        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
        Assert.Equal("Sign in", (await ana.SignsInAsync()).Title);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Null(await new Bearer(hrms, tokens.Access).ViewerAsync());
        await thief.GoesToAsync("/account/forgot-password");
        await thief.SendsAsync("/account/forgot-password", ("email", ana.Email));
        Assert.DoesNotContain(ana.Mails(), mail => mail.Contains("Choose a new password", StringComparison.Ordinal));
        using var again = new Person(hrms, newBrowser);
        var after = await hrms.AsPatientAsync(again);
        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, Assert.Single(await after.KeysAsync()).GetProperty("retiredAt").ValueKind);
        Assert.Equal("WRONG_STATE", (await after.AsksAsync("query($id: ID!, $consent: ID!) { patient(id: $id) { consentToSign(consent: $consent) { version } } }", new { id = after.Id, consent })).Error);
        Assert.Contains("Your account was got back", ana.Mails()[^1], StringComparison.Ordinal);

        // All of it is in her history.
        Assert.Equal(
            ["GUARDIAN_ACCEPTED", "RECOVERY_APPROVED", "RECOVERY_APPROVED", "RECOVERY_ANNOUNCED", "ACCOUNT_RECOVERED"],
            (await after.KindsAsync()).Where(kind => kind.StartsWith("RECOVERY", StringComparison.Ordinal) || kind is "GUARDIAN_ACCEPTED" or "ACCOUNT_RECOVERED").Skip(2));
        Assert.Empty((await after.ChecksHistoryAsync()).Problems);
    }

    [Fact]
    public async Task WithOneGuardian_NothingHappens_HoweverOftenAndHoweverLong()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var ben = await hrms.GuardianAsync(ana, "Ben");
        using var browser = await Browser.OpenAsync(hrms);
        var code = await browser.AsksForCodeAsync();
        await sister.ApprovesAsync(code);
        await sister.ApprovesAsync(code);
        hrms.Clock.Advance(Wait);

        Assert.True((await browser.ComesBackAsync(ana.Email)).Says("Not yet."));
        Assert.Equal("Get your account back", (await browser.GoesToAsync("/account/recover/new")).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task WhoHeardTheCode_InAnotherBrowser_GetsNothing()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var ben = await hrms.GuardianAsync(ana, "Ben");
        using var browser = await Browser.OpenAsync(hrms);
        var code = await browser.AsksForCodeAsync();
        Assert.Equal(code, await browser.AsksForCodeAsync());
        await sister.ApprovesAsync(code);
        await ben.ApprovesAsync(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        hrms.Clock.Advance(Wait);

        using var eavesdropper = await Browser.OpenAsync(hrms);
        Assert.NotEqual(code, await eavesdropper.AsksForCodeAsync());
        Assert.True((await eavesdropper.ComesBackAsync(ana.Email)).Says("Not yet."));
        Assert.Equal("How do you sign in from now on?", (await browser.ComesBackAsync(ana.Email)).Title);
    }

    /// <summary>Two guardians who plot: she reads her mail, and stops it without signing in.</summary>
    [Fact]
    public async Task ThePatientIsTold_AndStopsIt()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var ben = await hrms.GuardianAsync(ana, "Ben");
        using var browser = await Browser.OpenAsync(hrms);
        var code = await browser.AsksForCodeAsync();
        await sister.ApprovesAsync(code);
        await ben.ApprovesAsync(code);
        await ana.SignsInAsync();
        Assert.True((await ana.Browser.GoesToAsync("/account/recovery")).Says("It is not me: stop it"));
        var patient = await hrms.AsPatientAsync(ana);
        var notices = (await patient.AsksAsync("query($id: ID!) { patient(id: $id) { notices { kind until } } }", new { id = patient.Id })).Patient.GetProperty("notices").EnumerateArray().ToList();
        Assert.Equal(["RECOVERY_ANNOUNCED", "RECOVERY_APPROVED", "RECOVERY_APPROVED"], notices.Select(notice => notice.GetProperty("kind").GetString()!).Order());

        using var mailReader = await Browser.OpenAsync(hrms);
        await mailReader.GoesToAsync(ana.NewestLink("/account/recover/stop"));
        Assert.Equal("Stopped", (await mailReader.SendsAsync("/account/recover/stop")).Title);
        hrms.Clock.Advance(Wait);

        Assert.True((await browser.ComesBackAsync(ana.Email)).Says("Not yet."));
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task AGuardianWhoWasRemoved_ApprovesNothingAnyMore()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var ben = await hrms.GuardianAsync(ana, "Ben");
        using var browser = await Browser.OpenAsync(hrms);
        var code = await browser.AsksForCodeAsync();
        await ben.SignsInAsync();
        await ben.Browser.GoesToAsync("/account/recovery");
        await ana.SignsInAsync();
        await ana.Browser.GoesToAsync("/account/recovery");
        await ana.Browser.SendsAsync("/account/recovery/guardians/end");
        Assert.False(ana.Browser.Page.Says("My sister"));

        await ben.Browser.SendsAsync("/account/recovery/approve", ("code", code));
        await sister.SignsInAsync();
        Assert.False((await sister.Browser.GoesToAsync("/account/recovery")).Says(ana.Email));
        hrms.Clock.Advance(Wait);
        Assert.True((await browser.ComesBackAsync(ana.Email)).Says("Not yet."));
    }

    [Fact]
    public async Task AGuardian_SeesNothingOfTheRecord()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var patient = await hrms.AsPatientAsync(ana);
        var lab = await patient.AddsAsync(Clinic.LabResult());
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        var (guardian, stranger) = (await hrms.AsPatientAsync(sister), await hrms.PatientAsync());

        foreach (var query in new[] { "records { totalCount }", "consents { id }", "accountHistory { nodes { kind } }", "notices { kind }", "delegations { id }", $"record(id: \"{lab}\") {{ content }}" })
        {
            var (theirs, ofAStranger) = (await AskAsync(guardian), await AskAsync(stranger));
            Assert.Equal(ofAStranger, theirs);

            async Task<string> AskAsync(Party who) => (await who.AsksAsync($"query($id: ID!) {{ patient(id: $id) {{ {query} }} }}", new { id = patient.Id })).Patient.GetRawText();
        }
    }

    [Fact]
    public async Task NamingAndApproving_AskForAFreshSignIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var browser = await Browser.OpenAsync(hrms);
        var code = await browser.AsksForCodeAsync();
        await sister.Browser.GoesToAsync("/account/recovery");
        await ana.Browser.GoesToAsync("/account/recovery");
        hrms.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("Sign in", (await sister.Browser.SendsAsync("/account/recovery/approve", ("code", code))).Title);
        Assert.Equal("Sign in", (await ana.Browser.SendsAsync("/account/recovery/sheet")).Title);
        await ana.Browser.GoesToAsync("/account/recovery");
        Assert.Equal("Sign in", (await ana.Browser.SendsAsync("/account/recovery/guardians", ("name", "Eve"), ("email", "eve@example.org"))).Title);
        Assert.Equal("If you lose your way in", (await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password))).Title);
    }

    [Fact]
    public async Task NobodyIsTheirOwnGuardian_AndAnInvitationIsForOne_ThatWasSent()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await Person.SignedInAsync(hrms);
        await ana.InvitesAsync(ana, "Me");
        Assert.Equal("This invitation is not good any more", (await ana.AcceptsAsync()).Title);
        await ana.InvitesAsync(sister, "My sister");
        Assert.Equal("You are a guardian now", (await sister.AcceptsAsync()).Title);
        using var stranger = await Person.SignedInAsync(hrms);
        await stranger.Browser.GoesToAsync(sister.NewestLink("/account/guardian"));
        Assert.Equal("This invitation is not good any more", (await stranger.Browser.SendsAsync("/account/guardian")).Title);
        await stranger.Browser.GoesToAsync("/account/guardian?invitation=bm90aGluZw");
        Assert.Equal((HttpStatusCode.OK, "This invitation is not good any more"), ((await stranger.Browser.SendsAsync("/account/guardian")).Status, stranger.Browser.Page.Title));
    }

    /// <summary>Also a guardian is a patient who may be forgotten: then they are nobody's guardian any more, and the list says so.</summary>
    [Fact]
    public async Task AGuardianWhoIsErased_IsNoneAnyMore()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        var patient = await hrms.AsPatientAsync(sister);
        await Deadline.UntilAsync("the guardian's list", async () => (await sister.Browser.GoesToAsync("/account/recovery")).Says(ana.Email) ? "there" : null);

        await patient.ErasesAsync();

        Assert.False((await ana.Browser.GoesToAsync("/account/recovery")).Says("My sister"));
    }
}

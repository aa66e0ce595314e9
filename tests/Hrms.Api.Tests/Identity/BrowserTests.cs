using System.Web;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Organizations;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>People come in, connect apps and come back in a real browser, by the keyboard alone; each page on the way is judged by axe-core.</summary>
[Collection(nameof(TimeTravel))]
public sealed class BrowserTests(HrmsFixture hrms, Chromium chromium)
{
    [Fact]
    public async Task APatient_MakesAnAccountWithAPasskeyAlone_PrintsTheSheet_AndComesBack()
    {
        using var mail = new Person(hrms, await Browser.OpenAsync(hrms));
        await using var ana = await chromium.OpenAsync(hrms);
        await ana.HasAuthenticatorAsync();

        await ana.GoesToAsync("/account/sign-in");
        await ana.SeesAsync("Sign in");
        await ana.PressesAsync("Make one");
        await ana.SeesAsync("Make an account");
        await ana.TypesAsync("E-mail address", mail.Email);
        await ana.PressesAsync("Go on");
        await ana.SeesAsync("Look into your mail");
        await ana.GoesToAsync(mail.NewestLink("/account/confirm"));
        await ana.SeesAsync("Confirm your e-mail address");
        await ana.PressesAsync("Make the account, with a passkey");
        await ana.SeesAsync("Your account");
        Assert.Contains("your only way in", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Make a recovery sheet");
        await ana.SeesAsync("Your recovery sheet");
        await ana.PressesAsync("I have it on paper");
        await ana.PressesAsync("Your account");
        await ana.SeesAsync("Your account");
        Assert.DoesNotContain("your only way in", await ana.TextAsync(), StringComparison.Ordinal);

        await ana.PressesAsync("Passkeys");
        await ana.PressesAsync("Remove this passkey");
        await ana.SeesAsync("Passkeys");
        Assert.Contains("the only way into your account", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Your account");
        await ana.PressesAsync("Sign out");
        await ana.SeesAsync("Signed out");

        await ana.PressesAsync("Sign in");
        await ana.PressesAsync("Sign in with a passkey");
        await ana.SeesAsync("Your account");
        Assert.Contains(mail.Email, await ana.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APatient_MakesAnAccountWithAPassword_AddsAPasskey_AndSignsInWithIt()
    {
        using var mail = new Person(hrms, await Browser.OpenAsync(hrms));
        await using var ana = await chromium.OpenAsync(hrms);
        await ana.HasAuthenticatorAsync();

        await ana.GoesToAsync("/account/sign-up");
        await ana.TypesAsync("E-mail address", mail.Email);
        await ana.PressesAsync("Go on");
        await ana.GoesToAsync(mail.NewestLink("/account/confirm"));
        await ana.TypesAsync("Password", "aaaa aaaa aaaa aaaa");
        await ana.PressesAsync("Make the account, with this password");
        await ana.SeesAsync("Confirm your e-mail address");
        Assert.Contains("different characters", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.TypesAsync("Password", Person.Password);
        await ana.PressesAsync("Make the account, with this password");
        await ana.SeesAsync("Welcome");

        await ana.PressesAsync("Sign in");
        await ana.TypesAsync("E-mail address", mail.Email);
        await ana.TypesAsync("Password", Person.Password);
        await ana.PressesAsync("Sign in with the password");
        await ana.SeesAsync("Your account");
        await ana.PressesAsync("Passkeys");
        await ana.SeesAsync("Passkeys");
        await ana.PressesAsync("Add a passkey on this device");
        await ana.SeesAsync("Passkeys");
        Assert.Contains("Added on", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Your account");
        await ana.PressesAsync("Sign out");
        await ana.SeesAsync("Signed out");

        await ana.PressesAsync("Sign in");
        await ana.PressesAsync("Sign in with a passkey");
        await ana.SeesAsync("Your account");
        Assert.Contains(mail.Email, await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Sign out everywhere");
        await ana.SeesAsync("Signed out everywhere");
    }

    [Fact]
    public async Task APassword_LetsNobodyInWithoutTheAuthenticatorApp_OnceThereIsOne()
    {
        using var person = await Person.SignedInAsync(hrms);
        await using var ana = await chromium.OpenAsync(hrms);
        await SignsInAsync(ana, person, "not my password at all");
        await ana.SeesAsync("Sign in");
        Assert.Contains("do not belong together", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.TypesAsync("Password", Person.Password);
        await ana.PressesAsync("Sign in with the password");
        await ana.SeesAsync("Your account");

        await ana.PressesAsync("Add an authenticator app");
        await ana.SeesAsync("Add an authenticator app");
        await ana.TypesAsync("Your password", Person.Password);
        await ana.PressesAsync("Show the key");
        await ana.SeesAsync("Add an authenticator app");
        var key = AuthenticatorApp.KeyOn(await ana.HtmlAsync());
        await ana.TypesAsync("The six digits", AuthenticatorApp.CodeOf(key));
        await ana.PressesAsync("Use this app");
        await ana.SeesAsync("Keep these codes");
        await ana.PressesAsync("I have kept them");
        await ana.PressesAsync("Sign out");

        await SignsInAsync(ana, person, Person.Password);
        await ana.SeesAsync("One more step");
        await ana.TypesAsync("The six digits", "000 000");
        await ana.PressesAsync("Sign in");
        await ana.SeesAsync("One more step");
        await ana.TypesAsync("The six digits", AuthenticatorApp.CodeOf(key, later: 1));
        await ana.PressesAsync("Sign in");
        await ana.SeesAsync("Your account");
    }

    [Fact, Trait("Feature", "71")]
    public async Task AnApp_IsConnectedAfterReadingWhatItWillSee_AndDisconnectedOnTheAccountsPage()
    {
        using var person = await Person.SignedInAsync(hrms);
        await using var ana = await chromium.OpenAsync(hrms);
        await using var diary = await AppOnThisMachine.StartAsync();
        var app = new OAuthApp(hrms, redirect: diary.Redirect);
        await ana.GoesToAsync(app.Question(("scope", "openid offline_access patient/Observation.rs")));
        await ana.SeesAsync("Sign in");
        await ana.TypesAsync("E-mail address", person.Email);
        await ana.TypesAsync("Password", Person.Password);
        await ana.PressesAsync("Sign in with the password");

        await ana.SeesAsync("Connect Health Diary?");
        Assert.Contains("see your measurements and test results", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Yes, connect it");
        await ana.SeesAsync("Back in the app");
        var tokens = await app.ExchangesAsync(HttpUtility.ParseQueryString(ana.Address.Query)["code"]!);
        Assert.Null(tokens.Error);

        await ana.GoesToAsync("/account");
        await ana.SeesAsync("Your account");
        Assert.Contains("Health Diary, since", await ana.TextAsync(), StringComparison.Ordinal);
        await ana.PressesAsync("Disconnect Health Diary");
        await ana.SeesAsync("Your account");
        Assert.DoesNotContain("Health Diary", await ana.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task WhoForgotThePassword_ChoosesAnotherByMail()
    {
        using var person = await Person.SignedInAsync(hrms);
        await using var ana = await chromium.OpenAsync(hrms);
        await ana.GoesToAsync("/account/sign-in");
        await ana.PressesAsync("Forgot your password?");
        await ana.SeesAsync("Forgot your password?");
        await ana.TypesAsync("E-mail address", person.Email);
        await ana.PressesAsync("Send me a link");
        await ana.SeesAsync("Look into your mail");
        var link = person.NewestLink("/account/new-password");
        await ana.GoesToAsync(link);
        await ana.SeesAsync("Choose a new password");
        await ana.TypesAsync("New password", "another four words now");
        await ana.PressesAsync("Use this password");
        await ana.SeesAsync("Done");
        await SignsInAsync(ana, person, "another four words now");
        await ana.SeesAsync("Your account");

        await ana.GoesToAsync(link);
        await ana.TypesAsync("New password", "yet another four words");
        await ana.PressesAsync("Use this password");
        await ana.SeesAsync("Choose a new password");
        Assert.Contains("not good any more", await ana.TextAsync(), StringComparison.Ordinal);
    }

    [Fact, Trait("Feature", "78")]
    public async Task AHub_IsConnectedByTheCodeThatItShows()
    {
        using var person = await Person.SignedInAsync(hrms);
        await using var ana = await chromium.OpenAsync(hrms);
        var asked = await new OAuthApp(hrms, TestApps.Hub).SendsToAsync("/connect/device", ("client_id", TestApps.Hub), ("scope", "offline_access patient/Observation.crus"));
        await SignsInAsync(ana, person, Person.Password);
        await ana.GoesToAsync("/connect/verify");
        await ana.SeesAsync("Connect a device");
        await ana.TypesAsync("The code on the device", "000000000000");
        await ana.PressesAsync("Go on");
        await ana.SeesAsync("Connect a device");
        await ana.TypesAsync("The code on the device", asked.Body.GetProperty("user_code").GetString()!);
        await ana.PressesAsync("Go on");
        await ana.SeesAsync("Connect Bedside Hub?");
        await ana.PressesAsync("Yes, connect it");
        await ana.SeesAsync("Connected");
    }

    [Fact]
    public async Task WhoIsInvited_ComesInWithAPasswordAndAnAuthenticatorApp()
    {
        using var kim = await hrms.SomebodyAsync();
        await using var visitor = await chromium.OpenAsync(hrms);
        await visitor.GoesToAsync(await hrms.LinkOfTheMachineAsync(InvitationKind.Auditor, kim.Email));
        await visitor.SeesAsync("You are invited");
        await visitor.TypesAsync("Password", Person.Password);
        await visitor.PressesAsync("Use this password");
        await visitor.SeesAsync("Add an authenticator app");
        await visitor.TypesAsync("The six digits", AuthenticatorApp.CodeOf(AuthenticatorApp.KeyOn(await visitor.HtmlAsync())));
        await visitor.PressesAsync("Accept the invitation");
        await visitor.SeesAsync("Keep these codes");
    }

    private static async Task SignsInAsync(Visitor visitor, Person person, string password)
    {
        await visitor.GoesToAsync("/account/sign-in");
        await visitor.TypesAsync("E-mail address", person.Email);
        await visitor.TypesAsync("Password", password);
        await visitor.PressesAsync("Sign in with the password");
    }
}

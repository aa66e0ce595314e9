using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>An app says how its person has to come in (OpenID Connect Core, 3.1.2.1; RFC 9470), and its tokens say how they did (RFC 8176).</summary>
[Collection(nameof(TimeTravel))]
public sealed class SignInAskedTests(HrmsFixture hrms)
{
    private const string Question = "Connect Health Diary?", Phishing = "phr", SeveralFactors = "https://refeds.org/profile/mfa", OneFactor = "https://refeds.org/profile/sfa";

    [Theory]
    [InlineData("prompt", "login"), InlineData("max_age", "0")]
    public async Task WhoIsSignedIn_SignsInOnceMore_AndIsThenAsked(string parameter, string value)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        Assert.Equal("Sign in", (await app.AsksAsync(ana.Browser, (parameter, value))).Title);
        // Going back to the question is no sign-in.
        Assert.Equal("Sign in", (await app.AsksAsync(ana.Browser, (parameter, value))).Title);
        Assert.Equal(Question, (await SignsInAsync(ana)).Title);
        Assert.NotNull(OAuthApp.Of(await ana.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code"));
        // For another request it is one of before.
        Assert.Equal("Sign in", (await new OAuthApp(hrms).AsksAsync(ana.Browser, (parameter, value))).Title);
    }

    [Fact]
    public async Task ASignInThatIsYoungEnough_IsEnough()
    {
        using var ana = await Person.SignedInAsync(hrms);
        hrms.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(Question, (await new OAuthApp(hrms).AsksAsync(ana.Browser, ("max_age", "180"))).Title);
        Assert.Equal("Sign in", (await new OAuthApp(hrms).AsksAsync(ana.Browser, ("max_age", "100"))).Title);
        var silent = await new OAuthApp(hrms).AsksAsync(ana.Browser, ("max_age", "100"), ("prompt", "none"));
        Assert.Equal("login_required", OAuthApp.Of(silent, "error"));
    }

    [Fact]
    public async Task APassword_IsOneFactor_AndTheTokensSaySo_AlsoWhenRefreshed()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        AssertSays(tokens.Access, OneFactor, "pwd");
        AssertSays(tokens.Body.GetProperty("id_token").GetString()!, OneFactor, "pwd");
        AssertSays((await app.RefreshesAsync(tokens.Refresh)).Access, OneFactor, "pwd");
    }

    [Fact]
    public async Task APasswordWithAnAuthenticatorApp_IsSeveralFactors()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account/authenticator");
        var key = AuthenticatorApp.KeyOn((await ana.Browser.SendsAsync("/account/authenticator", ("password", Person.Password))).Html);
        await ana.Browser.SendsAsync("/account/authenticator/use", ("code", AuthenticatorApp.CodeOf(key)));
        // That there is one now says nothing about how the session began.
        Assert.Equal("One more step", await AsksForAsync(ana, SeveralFactors, () => SignsInAsync(ana)));
        Assert.Equal(Question, (await ana.Browser.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 1)))).Title);
        AssertSays((await new OAuthApp(hrms).IsConnectedAsync(ana)).Access, SeveralFactors, "pwd", "otp", "mfa");
    }

    [Fact]
    public async Task APasskey_CanNotBePhished_AndIsSeveralFactorsWhereThatIsAskedFor()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        Assert.Equal(Question, await AsksForAsync(ana, Phishing, () => ana.SignsInAsync(passkey)));
        AssertSays((await new OAuthApp(hrms).IsConnectedAsync(ana)).Access, Phishing, "hwk", "user", "mfa");
        var app = new OAuthApp(hrms);
        Assert.Equal(Question, (await app.AsksAsync(ana.Browser, ("acr_values", $"{SeveralFactors} {Phishing}"))).Title);
        var code = OAuthApp.Of(await ana.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code")!;
        AssertSays((await app.ExchangesAsync(code)).Access, SeveralFactors, "hwk", "user", "mfa");
    }

    [Fact]
    public async Task WhoDoesNotComeInAsTheAppWants_IsLedBackToIt_WithTheReason()
    {
        using var ana = await Person.SignedInAsync(hrms);
        Assert.Equal("Sign in", (await new OAuthApp(hrms).AsksAsync(ana.Browser, ("acr_values", Phishing))).Title);
        Assert.Equal("unmet_authentication_requirements", OAuthApp.Of(await SignsInAsync(ana), "error"));
    }

    private async Task<string> AsksForAsync(Person person, string contextClass, Func<Task<PageShown>> signsIn)
    {
        Assert.Equal("Sign in", (await new OAuthApp(hrms).AsksAsync(person.Browser, ("acr_values", contextClass))).Title);
        return (await signsIn()).Title;
    }

    private static Task<PageShown> SignsInAsync(Person person) => person.Browser.SendsAsync("/account/sign-in", ("email", person.Email), ("password", Person.Password));

    private static void AssertSays(string token, string contextClass, params string[] methods)
    {
        var read = new JsonWebToken(token);
        Assert.Equal(contextClass, read.GetClaim("acr").Value);
        Assert.Equal(methods, read.GetPayloadValue<string[]>("amr"));
    }
}

using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>A password alone is no way in any more once there is an authenticator app; a lost one is made up for by a recovery code, once.</summary>
[Collection(nameof(TimeTravel))]
public sealed class SecondFactorTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WithAnAuthenticator_ThePasswordAloneIsNoWayIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/sign-out");

        Assert.Equal("One more step", (await ana.SignsInAsync()).Title);
        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key)))).Title);
    }

    [Fact]
    public async Task RecoveryCode_IsAWayIn_Once()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (_, codes) = await AddsAuthenticatorAsync(ana);

        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", codes[0]))).Title);
        await ana.SignsInAsync();
        Assert.Equal("One more step", (await ana.Browser.SendsAsync("/account/second-factor", ("code", codes[0]))).Title);
    }

    [Fact]
    public async Task TheKey_IsShownForThePasswordAlone_AndUsingItEndsWhatWasGivenBefore()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        await ana.Browser.GoesToAsync("/account/authenticator");
        Assert.DoesNotContain("<code>", (await ana.Browser.SendsAsync("/account/authenticator", ("password", "not my password"))).Html, StringComparison.Ordinal);

        await AddsAuthenticatorAsync(ana);
        Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    private static async Task<(string Key, IReadOnlyList<string> Codes)> AddsAuthenticatorAsync(Person person)
    {
        await person.Browser.GoesToAsync("/account/authenticator");
        var key = AuthenticatorApp.KeyOn((await person.Browser.SendsAsync("/account/authenticator", ("password", Person.Password))).Html);
        var page = await person.Browser.SendsAsync("/account/authenticator/use", ("code", AuthenticatorApp.CodeOf(key)));
        Assert.Equal("Keep these codes", page.Title);
        return (key, [.. Regex.Matches(page.Html, "<code>(.*?)</code>").Select(match => match.Groups[1].Value)]);
    }
}

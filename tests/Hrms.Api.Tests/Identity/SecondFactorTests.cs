using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;

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
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 1)))).Title);
    }

    /// <summary>RFC 6238, section 5.2: who read it over a shoulder comes too late.</summary>
    [Fact]
    public async Task ACodeOfTheApp_IsGoodOnce_AndTheNextOneIsGood()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        var code = AuthenticatorApp.CodeOf(key, later: 1);
        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", code))).Title);

        using var thief = await Browser.OpenAsync(hrms);
        await thief.GoesToAsync("/account/sign-in");
        await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        Assert.Equal("One more step", (await thief.SendsAsync("/account/second-factor", ("code", code))).Title);
        Assert.Equal("One more step", (await thief.SendsAsync("/account/second-factor", ("code", $"{code[..3]} {code[3..]}"))).Title);
        Assert.Equal("Your account", (await thief.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 2)))).Title);
    }

    /// <summary>Two who come with it at once are still two.</summary>
    [Fact]
    public async Task OfManyWhoComeWithOneCodeAtOnce_OneGetsIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        var browsers = new List<Browser>();
        for (var i = 0; i < 4; i++)
        {
            browsers.Add(await Browser.OpenAsync(hrms));
            await browsers[i].GoesToAsync("/account/sign-in");
            await browsers[i].SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        }
        var code = AuthenticatorApp.CodeOf(key, later: 1);
        var pages = await Task.WhenAll(browsers.Select(browser => browser.SendsAsync("/account/second-factor", ("code", code))));
        browsers.ForEach(browser => browser.Dispose());
        Assert.Single(pages, page => page.Title == "Your account");
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

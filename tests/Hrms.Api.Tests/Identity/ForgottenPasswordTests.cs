using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>Who forgot the password comes back by mail; whoever was in before is out, and nobody learns which addresses have an account.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ForgottenPasswordTests(HrmsFixture hrms)
{
    private const string Another = "another four words now";

    [Fact]
    public async Task NewPassword_LetsIn_AndTheOldOneAndWhatWasGivenBeforeDoNot()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        using var elsewhere = await Browser.OpenAsync(hrms);
        await AsksForLinkAsync(elsewhere, ana.Email);
        Assert.Equal("Done", (await ChoosesAsync(elsewhere, ana, Another)).Title);

        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Equal("Sign in", (await ana.SignsInAsync()).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync(Another)).Title);
        // The link was good once.
        Assert.Equal("Choose a new password", (await ChoosesAsync(elsewhere, ana, Person.Password)).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync(Another)).Title);
    }

    [Fact]
    public async Task AddressWithoutAnAccount_GetsTheSameAnswer()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var browser = await Browser.OpenAsync(hrms);
        var known = await AsksForLinkAsync(browser, ana.Email);
        var unknown = await AsksForLinkAsync(browser, $"{Guid.NewGuid():N}@example.org");
        Assert.Equal(known.Html, unknown.Html);
    }

    [Fact]
    public async Task TooShortAPassword_IsRefused_AndTheLinkStaysGood()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await AsksForLinkAsync(ana.Browser, ana.Email);
        Assert.Equal("Choose a new password", (await ChoosesAsync(ana.Browser, ana, "short")).Title);
        Assert.Equal("Done", (await ChoosesAsync(ana.Browser, ana, Another)).Title);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task ALinkThatSomebodyWrote_IsNotGood(string account)
    {
        using var browser = await Browser.OpenAsync(hrms);
        await browser.GoesToAsync($"/account/new-password?account={account}&token=y");
        Assert.Equal("Choose a new password", (await browser.SendsAsync("/account/new-password", ("password", Another))).Title);
        Assert.Equal("This link is not good any more", (await browser.GoesToAsync($"/account/confirm?account={account}&token=y")).Title);
    }

    private static async Task<PageShown> AsksForLinkAsync(Browser browser, string email)
    {
        await browser.GoesToAsync("/account/forgot-password");
        return await browser.SendsAsync("/account/forgot-password", ("email", email));
    }

    private static async Task<PageShown> ChoosesAsync(Browser browser, Person person, string password)
    {
        await browser.GoesToAsync(person.NewestLink("/account/new-password"));
        return await browser.SendsAsync("/account/new-password", ("password", password));
    }
}

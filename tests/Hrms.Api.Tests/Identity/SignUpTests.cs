using System.Net;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>A person makes an account, confirms the address and signs in; nobody else learns whether an address has one.</summary>
[Collection(nameof(TimeTravel))]
public sealed class SignUpTests(HrmsFixture hrms)
{
    [Fact]
    public async Task Person_SignsUp_Confirms_AndIsARegisteredPatient()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var token = await new OAuthApp(hrms).IsConnectedAsync(ana);

        var patient = await new Bearer(hrms, token.Access).AsksAsync("{ viewer { kind patient { overview { recordCount } } } }");
        Assert.Equal("PATIENT", patient.Data.GetProperty("viewer").GetProperty("kind").GetString());
        Assert.Equal(0, patient.Data.GetProperty("viewer").GetProperty("patient").GetProperty("overview").GetProperty("recordCount").GetInt32());
    }

    [Fact]
    public async Task WithAPasskeyAlone_SheSignsUp_AndIsAskedToPrintASheetAtOnce()
    {
        var (ana, passkey) = await hrms.WithAPasskeyAloneAsync();
        using var _ = ana;
        Assert.True(ana.Browser.Page.Says("your only way in") && !ana.Browser.Page.Says("password"), ana.Browser.Page.Html);
        Assert.Equal("Your recovery sheet", (await ana.Browser.SendsAsync("/account/recovery/sheet")).Title);
        Assert.False((await ana.Browser.GoesToAsync("/account")).Says("your only way in"));

        await ana.Browser.SendsAsync("/account/sign-out");
        Assert.Equal("Your account", (await ana.Browser.SignsInAsync(passkey)).Title);
        var token = await new OAuthApp(hrms).IsConnectedAsync(ana);
        Assert.True(await new Bearer(hrms, token.Access).IsTakenAsync());
    }

    /// <summary>A mail is no way into an account that never had a password.</summary>
    [Fact]
    public async Task WithAPasskeyAlone_NoMailAndNoPassword_LeadsIn()
    {
        var (ana, _) = await hrms.WithAPasskeyAloneAsync();
        using var __ = ana;
        using var thief = await Browser.OpenAsync(hrms);
        await thief.GoesToAsync("/account/forgot-password");
        await thief.SendsAsync("/account/forgot-password", ("email", ana.Email));
        Assert.Single(ana.Mails());
        await thief.GoesToAsync("/account/sign-in");
        foreach (var password in new[] { "", Person.Password })
            Assert.Equal("Sign in", (await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", password))).Title);
    }

    [Fact]
    public async Task BeforeAnythingWasChosen_NobodySignsIn()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        Assert.Equal("Look into your mail", (await ana.SignsUpAsync()).Title);
        Assert.Equal("Sign in", (await ana.SignsInAsync()).Title);
        Assert.Equal("Sign in", (await ana.SignsInAsync("")).Title);
    }

    /// <summary>Somebody who types another's address would otherwise know what leads into the account that its owner confirms.</summary>
    [Fact]
    public async Task WhoTypesTheAddress_ChoosesNothing_ThatIsForWhoReadsItsMail()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        using var thief = await Browser.OpenAsync(hrms);
        await thief.GoesToAsync("/account/sign-up");
        await thief.SendsAsync("/account/sign-up", ("email", ana.Email), ("password", "what the thief would like"));
        await ana.ConfirmsAsync();

        await thief.GoesToAsync("/account/sign-in");
        Assert.Equal("Sign in", (await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", "what the thief would like"))).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task AddressThatHasAnAccount_GetsTheSameAnswer_AndAMailThatSaysSo()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        var first = await ana.SignsUpAsync();
        await ana.ConfirmsAsync();
        var second = await ana.SignsUpAsync();

        Assert.Equal(first.Html, second.Html);
        Assert.Contains("You already have an account", ana.Mails()[^1], StringComparison.Ordinal);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task WhoNeverFollowedTheLink_GetsAnother_AndOfAllLinksOneIsUsed()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        var first = await ana.SignsUpAsync();
        var link = ana.NewestLink("/account/confirm");
        hrms.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(first.Html, (await ana.SignsUpAsync()).Html);
        Assert.Equal("Welcome", (await ana.ConfirmsAsync()).Title);
        Assert.Equal("This link is not good any more", (await ana.Browser.GoesToAsync(link)).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    /// <summary>Nor is the form that it led to before.</summary>
    [Fact]
    public async Task LinkThatWasUsed_IsNotGoodAgain_AndChangesNothing()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await ana.SignsUpAsync();
        using var left = await Browser.OpenAsync(hrms);
        await left.GoesToAsync(ana.NewestLink("/account/confirm"));
        var passkey = await hrms.AuthenticatorAsync();
        var answer = passkey.Creates(JsonElement.Parse(await left.FetchesAsync("/account/confirm/passkey", "/account/confirm/passkey/options")));
        var form = left.Page;

        Assert.Equal("Welcome", (await ana.ConfirmsAsync()).Title);

        Assert.Equal("This link is not good any more", (await left.SendsAsync("/account/confirm/passkey", ("credential", answer))).Title);
        left.Shows(form);
        Assert.Equal("This link is not good any more", (await left.SendsAsync("/account/confirm", ("password", "what the thief would like"))).Title);
        left.Shows(form);
        await Assert.ThrowsAsync<HttpRequestException>(() => left.FetchesAsync("/account/confirm/passkey", "/account/confirm/passkey/options"));
        Assert.Equal("This link is not good any more", (await left.GoesToAsync(ana.NewestLink("/account/confirm"))).Title);
        Assert.Equal("Sign in", (await left.SignsInAsync(passkey)).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    /// <summary>Two browsers with the same link: one chooses.</summary>
    [Fact]
    public async Task OfManyWhoFollowTheLinkAtOnce_OneChooses()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await ana.SignsUpAsync();
        var browsers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Browser.OpenAsync(hrms)));
        foreach (var browser in browsers)
            await browser.GoesToAsync(ana.NewestLink("/account/confirm"));
        var pages = await Task.WhenAll(browsers.Select((browser, i) => browser.SendsAsync("/account/confirm", ("password", $"{Person.Password} {i}"))));
        Assert.All(pages, page => Assert.True(page.Title is "Welcome" or "This link is not good any more", page.Title));
        var chosen = Array.FindIndex(pages, page => page.Title == "Welcome");
        Assert.Single(pages, page => page.Title == "Welcome");
        Assert.Equal("Your account", (await ana.SignsInAsync($"{Person.Password} {chosen}")).Title);
        Array.ForEach(browsers, browser => browser.Dispose());
    }

    [Fact]
    public async Task ShortPassword_OrAPasskeyThatIsNone_IsRefused_AndTheLinkStaysGood()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await ana.SignsUpAsync();
        Assert.Contains("role=\"alert\"", (await ana.ConfirmsAsync("short")).Html, StringComparison.Ordinal);
        Assert.True((await ana.Browser.SendsAsync("/account/confirm/passkey")).Says("The passkey was not added."));
        using var ben = await Person.SignedInAsync(hrms);
        await ben.Browser.GoesToAsync("/account/passkeys");
        var question = JsonElement.Parse(await ben.Browser.FetchesAsync("/account/passkeys", "/account/passkeys/options"));
        Assert.True((await ana.Browser.SendsAsync("/account/confirm/passkey", ("credential", (await hrms.AuthenticatorAsync()).Creates(question)))).Says("The passkey was not added."));
        Assert.Equal("Sign in", (await ana.SignsInAsync("short")).Title);
        Assert.Equal("Welcome", (await ana.ConfirmsAsync()).Title);
    }

    [Theory]
    [InlineData(""), InlineData("?account=x&token=y"), InlineData("?account=00000000-0000-0000-0000-000000000001&token=y"), InlineData("?token=y")]
    public async Task LinkThatIsNone_IsToldSo(string query)
    {
        using var browser = await Browser.OpenAsync(hrms);
        var page = await browser.GoesToAsync($"/account/confirm{query}");
        Assert.Equal((HttpStatusCode.OK, "This link is not good any more"), (page.Status, page.Title));
    }

    [Fact]
    public async Task WhatIsNoAddress_GetsNoMail()
    {
        using var browser = await Browser.OpenAsync(hrms);
        await browser.GoesToAsync("/account/sign-up");
        Assert.True((await browser.SendsAsync("/account/sign-up", ("email", "nobody"))).Says("Type an e-mail address"));
    }

    [Fact]
    public async Task AFormOfAnotherSite_ChangesNothing()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await hrms.HostAsync();
        using var content = new FormUrlEncodedContent([new("email", ana.Email)]);
        using var answer = await hrms.Http.PostAsync("/account/sign-up", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(ana.Mails());
    }

    [Fact]
    public async Task ACopyOfTheDatabase_NamesNobody()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var rows = await hrms.QueryAsync(
            "select (select string_agg(account::text, ' ') from identity.account) || coalesce((select string_agg(t::text, ' ') from identity.account_token t), '')", row => row.GetString(0));
        Assert.DoesNotContain(ana.Email, rows!, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ana.Email.Split('@')[0], rows!, StringComparison.OrdinalIgnoreCase);
    }
}

using System.Net;
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
    public async Task BeforeTheAddressIsConfirmed_NobodySignsIn()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        Assert.Equal("Look into your mail", (await ana.SignsUpAsync()).Title);
        Assert.Equal("Sign in", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task AddressThatHasAnAccount_GetsTheSameAnswer_AndAMailThatSaysSo()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        var first = await ana.SignsUpAsync();
        await ana.ConfirmsAsync();
        var second = await ana.SignsUpAsync("another password of somebody");

        Assert.Equal(first.Html, second.Html);
        Assert.Contains("You already have an account", ana.Mails()[^1], StringComparison.Ordinal);
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task LinkThatWasUsed_IsNotGoodAgain_AndChangesNothing()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await ana.SignsUpAsync();
        Assert.Equal("Welcome", (await ana.ConfirmsAsync()).Title);
        await ana.ConfirmsAsync();
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task ShortPassword_IsRefused_AndNoMailIsSent()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        var page = await ana.SignsUpAsync("short");
        Assert.Contains("role=\"alert\"", page.Html, StringComparison.Ordinal);
        Assert.Empty(ana.Mails());
    }

    [Fact]
    public async Task AFormOfAnotherSite_ChangesNothing()
    {
        using var ana = new Person(hrms, await Browser.OpenAsync(hrms));
        await hrms.HostAsync();
        using var content = new FormUrlEncodedContent([new("email", ana.Email), new("password", Person.Password)]);
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

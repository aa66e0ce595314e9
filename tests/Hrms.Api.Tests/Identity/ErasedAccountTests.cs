using Hrms.Api.Identity.Accounts;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>Who had the record erased has no account any more, whatever is interrupted in between.</summary>
[Trait("Feature", "62"), Collection(nameof(TimeTravel))]
public sealed class ErasedAccountTests(HrmsFixture hrms)
{
    [Fact]
    public async Task ErasingTheRecord_DeletesTheAccount_AndTheAddressIsFreeAgain()
    {
        using var person = await Person.SignedInAsync(hrms);
        var passkey = await person.AddsPasskeyAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(person);
        var ana = await hrms.PatientAsync((await new Bearer(hrms, tokens.Access).ViewerAsync())!.Value, tokens.Access);
        var account = await AccountOfAsync(ana.Id);
        var certificate = (await ana.ErasesAsync()).GetProperty("id").GetGuid();

        // Nobody comes in from now on, whether or not anything was deleted yet.
        using var elsewhere = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await person.SignsInAsync()).Title);
        Assert.Equal("Sign in", (await elsewhere.SignsInAsync(passkey)).Title);
        // An answer that was lost on its way can still be asked for.
        Assert.Equal(certificate, (await ana.ErasesAsync()).GetProperty("id").GetGuid());

        Assert.Equal((1, 1, true), await LeftAsync(account));
        hrms.Clock.Advance(TimeSpan.FromMinutes(6));
        await hrms.SweepsAccountsAsync();
        Assert.Equal((0, 0, false), await LeftAsync(account));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);

        await hrms.SweepsAccountsAsync();
        await person.SignsUpAsync();
        await person.ConfirmsAsync();
        Assert.Equal("Your account", (await person.SignsInAsync()).Title);
    }

    /// <summary>The process that would have deleted it ended before: the next one begins with the first erasure.</summary>
    [Fact]
    public async Task AfterACrash_TheNextProcessDeletesIt()
    {
        using var person = await Person.SignedInAsync(hrms);
        var ana = await hrms.AsPatientAsync(person);
        var account = await AccountOfAsync(ana.Id);
        await ana.ErasesAsync();
        hrms.Clock.Advance(TimeSpan.FromMinutes(6));

        var host = await hrms.HostAsync();
        await ActivatorUtilities.CreateInstance<AccountDeletion>(host.Services).SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 0, false), await LeftAsync(account));
        Assert.Equal("Sign in", (await person.SignsInAsync()).Title);
    }

    private async Task<Guid> AccountOfAsync(Guid patient) =>
        (await hrms.QueryAsync("select id from identity.account where party = @patient", row => Tuple.Create(row.GetGuid(0)), ("patient", patient)))!.Item1;

    /// <summary>How many accounts, passkeys and entries of apps there are.</summary>
    private async Task<(long Accounts, long Passkeys, bool Given)> LeftAsync(Guid account) => (await hrms.QueryAsync(
        """
        select (select count(*) from identity.account where id = @account), (select count(*) from identity.account_passkey where user_id = @account),
            exists (select from identity.oauth_token where subject = @account::text) or exists (select from identity.oauth_authorization where subject = @account::text)
        """,
        row => Tuple.Create(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)), ("account", account)))!.ToValueTuple();
}

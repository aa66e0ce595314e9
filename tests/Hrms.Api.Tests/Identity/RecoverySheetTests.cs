using Hrms.Api.Identity.Recovery;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>A sheet of paper gets a lost account back: once, by itself, and nothing in the database does.</summary>
[Trait("Feature", "36"), Collection(nameof(TimeTravel))]
public sealed class RecoverySheetTests(HrmsFixture hrms)
{
    private const string NewPassword = "other words, still mine";

    [Fact]
    public async Task WithTheSheet_SheChoosesANewPassword_AndWhateverLedInBeforeDoesNot()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        var sheet = await ana.PrintsSheetAsync();
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);

        using var browser = await Browser.OpenAsync(hrms);
        Assert.Equal("How do you sign in from now on?", (await browser.ShowsSheetAsync(ana.Email, sheet)).Title);
        Assert.True((await browser.ChoosesPasswordAsync("short")).Html.Contains("role=\"alert\"", StringComparison.Ordinal));
        Assert.Equal("Your account is yours again", (await browser.ChoosesPasswordAsync(NewPassword)).Title);

        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
        Assert.Equal("Sign in", (await ana.SignsInAsync()).Title);
        using var thief = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await thief.SignsInAsync(passkey)).Title);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Null(await new Bearer(hrms, tokens.Access).ViewerAsync());
        Assert.Equal("Your account", (await ana.SignsInAsync(NewPassword)).Title);
        Assert.True((await ana.Browser.GoesToAsync("/account")).Says("None."));

        // It was good once, and the browser that used it has nothing left of it.
        Assert.Equal("Get your account back", (await browser.GoesToAsync("/account/recover/new")).Title);
        Assert.Equal("With the recovery sheet", (await thief.ShowsSheetAsync(ana.Email, sheet)).Title);
    }

    [Fact]
    public async Task ANewSheet_TakesTheFormersPlace()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (first, second) = (await ana.PrintsSheetAsync(), await ana.PrintsSheetAsync());
        Assert.NotEqual(first, second);
        using var browser = await Browser.OpenAsync(hrms);
        Assert.Equal("With the recovery sheet", (await browser.ShowsSheetAsync(ana.Email, first)).Title);
        Assert.Equal("How do you sign in from now on?", (await browser.ShowsSheetAsync(ana.Email, $" {second.Replace('-', ' ').ToLowerInvariant()} ")).Title);
    }

    [Fact]
    public async Task WhoTries_LearnsOfNoAccount()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.PrintsSheetAsync();
        var wrong = CheckedCode.Write(new byte[16]);
        using var thief = await Browser.OpenAsync(hrms);
        var known = await thief.ShowsSheetAsync(ana.Email, wrong);
        var unknown = await thief.ShowsSheetAsync($"nobody-{ana.Email}", wrong);
        var notASheet = await thief.ShowsSheetAsync(ana.Email, "ABCD");

        Assert.Equal(Same(known, ana.Email), Same(unknown, $"nobody-{ana.Email}"));
        Assert.Equal(Same(known, ana.Email), Same(notASheet, ana.Email));

        static string Same(PageShown page, string email) => System.Text.RegularExpressions.Regex.Replace(page.Html, "value=\"CfDJ[^\"]*\"", "").Replace(email, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACopyOfTheDatabase_HasNoSheet()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var seed = CheckedCode.Read(await ana.PrintsSheetAsync(), 16)!;
        var patient = await hrms.AsPatientAsync(ana);
        foreach (var text in new[] { Convert.ToHexStringLower(seed), Convert.ToBase64String(seed) })
            Assert.Equal(0L, (await hrms.QueryAsync(
                """
                select (select count(*) from identity.account a where a::text like '%' || @text || '%') + (select count(*) from identity.account_token t where t::text like '%' || @text || '%')
                    + (select count(*) from journal j where stream_id = @stream and (encode(payload, 'hex') like '%' || @text || '%' or encode(payload, 'escape') like '%' || @text || '%'))
                """,
                row => Tuple.Create(row.GetInt64(0)), ("text", text), ("stream", patient.Id)))!.Item1);
    }

    /// <summary>The server ended after the patient's grain had said yes, and before it changed how the account is entered.</summary>
    [Fact]
    public async Task InterruptedInBetween_NobodySignsInByWhatWasBefore_AndTheSameSheetGoesOn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var sheet = await ana.PrintsSheetAsync();
        var patient = await hrms.AsPatientAsync(ana);
        var grain = (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(patient.Id);
        Assert.True((await grain.RecoverAccountAsync(new RecoverAccount(
            new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.PATRQT), SignInWay.RecoverySeed, CheckedCode.Read(sheet, 16)!, null))).Succeeded);

        Assert.Equal("Not now", (await ana.SignsInAsync()).Title);

        using var browser = await Browser.OpenAsync(hrms);
        await browser.ShowsSheetAsync(ana.Email, sheet);
        Assert.Equal("Your account is yours again", (await browser.ChoosesPasswordAsync(NewPassword)).Title);
        Assert.Equal("Your account", (await ana.SignsInAsync(NewPassword)).Title);
        Assert.Equal("With the recovery sheet", (await browser.ShowsSheetAsync(ana.Email, sheet)).Title);
    }

    /// <summary>Two browsers with the same sheet: one chooses.</summary>
    [Fact]
    public async Task OfTwoWhoUseItAtOnce_OneChooses()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var sheet = await ana.PrintsSheetAsync();
        Browser[] browsers = [await Browser.OpenAsync(hrms), await Browser.OpenAsync(hrms)];
        foreach (var browser in browsers)
            await browser.ShowsSheetAsync(ana.Email, sheet);
        var pages = await Task.WhenAll(browsers.Select((browser, i) => browser.ChoosesPasswordAsync($"{NewPassword} {i}")));
        Assert.Single(pages, page => page.Title == "Your account is yours again");
        var chosen = Array.FindIndex(pages, page => page.Title == "Your account is yours again");
        Assert.Equal("Your account", (await ana.SignsInAsync($"{NewPassword} {chosen}")).Title);
        Array.ForEach(browsers, browser => browser.Dispose());
    }
}

using System.Net;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>An app gets into an account by its owner's yes alone, once for each code, and for as long as the owner lets it.</summary>
[Collection(nameof(TimeTravel))]
public sealed class CodeFlowTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WhatTheScreenSays_IsWhatTheAppAsksFor()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await new OAuthApp(hrms).AsksAsync(ana.Browser);

        Assert.Equal("Connect Health Diary?", page.Title);
        Assert.True(page.Says("decide who else may see it"));
        Assert.True(page.Says("go on doing this while you are away"));
        Assert.Contains("form-action 'self' http://127.0.0.1:7777;", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoIsNotSignedIn_SignsInFirst_AndIsLedOnToTheQuestion()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/sign-out");

        Assert.Equal("Sign in", (await new OAuthApp(hrms).AsksAsync(ana.Browser)).Title);
        var question = await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        Assert.Equal("Connect Health Diary?", question.Title);
    }

    [Fact]
    public async Task No_GivesNoCode()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await new OAuthApp(hrms).AsksAsync(ana.Browser);
        var answer = await ana.Browser.SendsAsync("/connect/authorize", ("decision", "deny"));
        Assert.Equal("access_denied", OAuthApp.Of(answer, "error"));
        Assert.Null(OAuthApp.Of(answer, "code"));
    }

    [Fact]
    public async Task YesThatTheAppPutsIntoItsAddress_IsNoYes()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await new OAuthApp(hrms).AsksAsync(ana.Browser, ("decision", "allow"));
        Assert.Equal("Connect Health Diary?", page.Title);
    }

    [Fact]
    [Trait("Fault", "F39")]
    public async Task Code_IsGoodOnce_AndUsingItAgainEndsWhatItGave()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var code = await app.IsAllowedAsync(ana);
        var first = await app.ExchangesAsync(code);
        Assert.True(await TakenAsync(first.Access));

        var second = await app.ExchangesAsync(code);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (second.Status, second.Error));
        Assert.False(await TakenAsync(first.Access));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(first.Refresh)).Error);
    }

    [Fact]
    [Trait("Fault", "F39")]
    public async Task RefreshToken_IsGoodOnce_AndUsingItAgainEndsTheWholeFamily()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var first = await app.IsConnectedAsync(ana);
        var second = await app.RefreshesAsync(first.Refresh);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.True(await TakenAsync(second.Access));

        Assert.Equal("invalid_grant", (await app.RefreshesAsync(first.Refresh)).Error);
        Assert.False(await TakenAsync(second.Access));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(second.Refresh)).Error);
    }

    [Theory]
    [Trait("Fault", "F39")]
    [InlineData(59, true), InlineData(61, false)]
    public async Task Code_IsGoodForAMinute(int afterSeconds, bool isTaken)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        using var _ = hrms.Clock.Stand();
        var code = await app.IsAllowedAsync(ana);
        hrms.Clock.Advance(TimeSpan.FromSeconds(afterSeconds));
        Assert.Equal(isTaken ? null : "invalid_grant", (await app.ExchangesAsync(code)).Error);
    }

    [Fact]
    [Trait("Fault", "F39")]
    public async Task AccessToken_IsGoodForFiveMinutes_AndRefreshedItGoesOn_ForTwelveIdleHours()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        hrms.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await TakenAsync(tokens.Access));
        hrms.Clock.Advance(TimeSpan.FromMinutes(7));
        Assert.False(await TakenAsync(tokens.Access));

        tokens = await app.RefreshesAsync(tokens.Refresh);
        Assert.True(await TakenAsync(tokens.Access));
        hrms.Clock.Advance(TimeSpan.FromHours(12.1));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task AfterThirtyDays_ThePersonSignsInAgain_HoweverOftenTheAppRefreshed()
    {
        await hrms.HostAsync();
        var app = new OAuthApp(hrms);
        var (tokens, due) = await AtOneMomentAsync(async () =>
        {
            using var ana = await Person.SignedInAsync(hrms);
            return (await app.IsConnectedAsync(ana), hrms.Clock.GetUtcNow() + TimeSpan.FromDays(30));
        });
        while (hrms.Clock.GetUtcNow() + TimeSpan.FromHours(11) < due)
        {
            hrms.Clock.Advance(TimeSpan.FromHours(11));
            tokens = await app.RefreshesAsync(tokens.Refresh);
            Assert.Null(tokens.Error);
        }
        using var _ = hrms.Clock.Stand();
        hrms.Clock.AdvanceTo(due - TimeSpan.FromSeconds(2));
        tokens = await app.RefreshesAsync(tokens.Refresh);
        Assert.Null(tokens.Error);
        hrms.Clock.AdvanceTo(due + TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    [Fact, Trait("Feature", "71")]
    public async Task PatientDisconnectsAnApp_AndItIsDeadAtOnce_TheOthersGoOn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (diary, other) = (new OAuthApp(hrms), new OAuthApp(hrms, TestApps.Other));
        var (theirs, kept) = (await diary.IsConnectedAsync(ana), await other.IsConnectedAsync(ana));
        var page = await ana.Browser.GoesToAsync("/account");
        Assert.True(page.Says("Health Diary") && page.Says("Other App"));

        // The first form of the page: apps are in the order of their names.
        page = await ana.Browser.SendsAsync("/account/apps/disconnect");
        Assert.False(page.Says("Health Diary"));
        Assert.False(await TakenAsync(theirs.Access));
        Assert.Equal("invalid_grant", (await diary.RefreshesAsync(theirs.Refresh)).Error);
        Assert.True(await TakenAsync(kept.Access));
        Assert.Null((await other.RefreshesAsync(kept.Refresh)).Error);
    }

    [Fact]
    public async Task RevokedByTheAppItself_BothTokensAreDead()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        var revoked = await app.SendsToAsync("/connect/revoke", ("token", tokens.Refresh), ("token_type_hint", "refresh_token"), ("client_id", TestApps.Diary));
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task Socket_TakesAnAccessToken_AndNoneThatWasRevoked()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var tokens = await new OAuthApp(hrms).IsConnectedAsync(ana);
        var url = new Uri((await hrms.HostAsync()).Url, "graphql").ToString();
        await using (await SocketClient.ConnectAsync(url, payload: new { authorization = $"Bearer {tokens.Access}" })) { }

        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/apps/disconnect");
        await using var socket = await SocketClient.ConnectAsync(url, initialise: false);
        await socket.SendAsync(new { type = "connection_init", payload = new { authorization = $"Bearer {tokens.Access}" } });
        Assert.Equal(4403, await socket.ClosedWithAsync());
    }

    [Fact]
    public async Task WhatAnAccessTokenSays_IsWhoItIsFor_AndNoMore()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var token = new JsonWebToken((await new OAuthApp(hrms).IsConnectedAsync(ana)).Access);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal(
            ["acr", "amr", "aud", "auth_time", "client_id", "exp", "hrms_epoch", "iat", "iss", "jti", "oi_au_id", "oi_prst", "oi_tkn_id", "patient", "role", "scope", "sub"],
            token.Claims.Select(claim => claim.Type).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The server is asked at its own addresses alone, and none of them is missed.</summary>
    [Theory]
    [InlineData("/connect/token"), InlineData("/Connect/TOKEN"), InlineData("/connect/token/")]
    public async Task TheTokenEndpoint_IsTheServers_HoweverItsAddressIsWritten(string address)
    {
        var answer = await new OAuthApp(hrms).SendsToAsync(address, ("grant_type", "refresh_token"), ("refresh_token", "no such token"), ("client_id", TestApps.Diary));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Discovery_SaysWhatHolds()
    {
        await hrms.HostAsync();
        var found = JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken));
        Assert.Equal(["S256"], found.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(["code"], found.GetProperty("response_types_supported").EnumerateArray().Select(type => type.GetString()));
        Assert.StartsWith("http://localhost:", found.GetProperty("issuer").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(found.GetProperty("grant_types_supported").EnumerateArray(), grant => grant.GetString() is "password" or "implicit");
    }

    private async Task<T> AtOneMomentAsync<T>(Func<Task<T>> act)
    {
        using var _ = hrms.Clock.Stand();
        return await act();
    }

    private Task<bool> TakenAsync(string token) => new Bearer(hrms, token).IsTakenAsync();
}

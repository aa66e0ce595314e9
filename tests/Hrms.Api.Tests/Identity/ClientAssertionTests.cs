using System.Net;
using System.Security.Cryptography;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>An organisation's system signs each request with its own key (RFC 7523): once, for five minutes, for us.</summary>
[Trait("Fault", "F39")]
[Collection(nameof(TimeTravel))]
public sealed class ClientAssertionTests(HrmsFixture hrms)
{
    [Fact]
    public async Task TheOrganizationsSystem_ActsAsTheOrganization()
    {
        var answer = await SendsAsync(await AssertionAsync());
        Assert.Null(answer.Error);
        Assert.Equal(hrms.Apps.ClinicOrganization, await new Bearer(hrms, answer.Access).ViewerAsync());
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact, Trait("Feature", "70")]
    public async Task ScopesOfWhoSignsIn_AreNotForASystem()
    {
        Assert.Equal("system/Observation.rs", new JsonWebToken((await SendsAsync(await AssertionAsync(), "system/Observation.rs")).Access).GetClaim("scope").Value);
        foreach (var scope in new[] { "patient/Observation.rs", "user/Observation.rs", "system/Condition.rs", "system/*.rs" })
            Assert.Equal("invalid_scope", (await SendsAsync(await AssertionAsync(), scope)).Error);
    }

    [Theory, Trait("Feature", "70")]
    [InlineData("JWT"), InlineData("client-authentication+jwt")]
    public async Task WhatSmartAndNewerClientsCallAnAssertion_IsOne(string type) => Assert.Null((await SendsAsync(await AssertionAsync(type: type))).Error);

    [Theory]
    [InlineData("at+jwt"), InlineData("dpop+jwt"), InlineData("oi_act+jwt")]
    public async Task AnotherKindOfToken_IsNoAssertion(string type) => await AssertRefusedAsync(await AssertionAsync(type: type));

    [Fact]
    public async Task AssertionThatWasUsed_IsNotGoodAgain()
    {
        var assertion = await AssertionAsync();
        Assert.Null((await SendsAsync(assertion)).Error);
        Assert.Equal("invalid_client", (await SendsAsync(assertion)).Error);
    }

    [Fact]
    public async Task AssertionForLongerThanFiveMinutes_IsRefused() => await AssertRefusedAsync(await AssertionAsync(lifetime: TimeSpan.FromMinutes(7)));

    [Fact]
    public async Task AssertionWithoutANumber_IsRefused() => await AssertRefusedAsync(await AssertionAsync(number: null));

    [Fact]
    public async Task AssertionForSomebodyElse_IsRefused() => await AssertRefusedAsync(await AssertionAsync(audience: "https://elsewhere.example/"));

    [Fact]
    public async Task AssertionOfAForeignKey_IsRefused_AlsoWhenItSaysWhereItsKeyIs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertRefusedAsync(await AssertionAsync(key: key));
        await AssertRefusedAsync(await AssertionAsync(key: key, header: new() { ["jku"] = "https://elsewhere.example/jwks" }));
    }

    [Fact]
    public async Task NoAssertion_IsRefused()
    {
        var answer = await new OAuthApp(hrms).SendsAsync(("grant_type", "client_credentials"), ("client_id", TestApps.Clinic), ("scope", "account"));
        AssertRefused(answer);
    }

    [Fact]
    public async Task PublicClient_HasNoCredentialsOfItsOwn()
    {
        var answer = await new OAuthApp(hrms).SendsAsync(("grant_type", "client_credentials"), ("client_id", TestApps.Diary));
        AssertRefused(answer);
    }

    private async Task AssertRefusedAsync(string assertion) => AssertRefused(await SendsAsync(assertion));

    /// <summary>OpenIddict names the parts of the request that are wrong; that the client is not who it says is one of them.</summary>
    private static void AssertRefused(TokenAnswer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{answer.Status}");
        Assert.True(answer.Error is "invalid_client" or "invalid_request" or "invalid_token" or "unauthorized_client", answer.Error);
        Assert.False(answer.Body.TryGetProperty("access_token", out _));
    }

    private Task<TokenAnswer> SendsAsync(string assertion, string scope = "account") => new ClinicSystem(hrms).AsksForTokenAsync(assertion, scope);

    private Task<string> AssertionAsync(
        TimeSpan? lifetime = null, string? number = "", string? audience = null, ECDsa? key = null, Dictionary<string, object>? header = null, string type = "client-authentication+jwt") =>
        new ClinicSystem(hrms).AssertionAsync(lifetime, number, audience, key, header, type);
}

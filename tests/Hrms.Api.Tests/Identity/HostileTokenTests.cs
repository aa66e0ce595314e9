using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>What attackers send: each gets its refusal, and none a token, a page of another site or a look at a record.</summary>
[Trait("Fault", "F39")]
[Collection(nameof(TimeTravel))]
public sealed class HostileTokenTests(HrmsFixture hrms)
{
    private const string Elsewhere = "https://elsewhere.example/callback";

    [Theory]
    [InlineData("redirect_uri", Elsewhere), InlineData("redirect_uri", "http://127.0.0.1:7777/callback/../evil"), InlineData("redirect_uri", "http://127.0.0.1:7777.evil.example/callback")]
    [InlineData("client_id", "nobody")]
    public async Task WrongClientOrForeignRedirect_LeadsNowhere(string name, string value)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await new OAuthApp(hrms).AsksAsync(ana.Browser, (name, value));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
    }

    [Theory]
    [InlineData("code_challenge", null), InlineData("code_challenge_method", "plain"), InlineData("scope", "everything"), InlineData("response_type", "token")]
    [InlineData("response_type", "code id_token"), InlineData("request", "eyJhbGciOiJub25lIn0.e30.")]
    public async Task WeakRequest_IsRefused(string name, string? value)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await new OAuthApp(hrms).AsksAsync(ana.Browser, (name, value));
        Assert.True(page.Status == HttpStatusCode.BadRequest || OAuthApp.Of(page, "error") is not null, $"{page.Status} {page.Location}");
        Assert.Null(OAuthApp.Of(page, "code"));
    }

    [Fact]
    public async Task CodeWithAnotherVerifierOrByAnotherApp_IsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        Assert.Equal("invalid_grant", (await app.ExchangesAsync(await app.IsAllowedAsync(ana), verifier: new string('a', 43))).Error);
        Assert.Equal("invalid_grant", (await new OAuthApp(hrms, TestApps.Other).ExchangesAsync(await app.IsAllowedAsync(ana))).Error);
    }

    [Fact]
    public async Task RefreshTokenOfAnotherApp_IsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var tokens = await new OAuthApp(hrms).IsConnectedAsync(ana);
        Assert.Equal("invalid_grant", (await new OAuthApp(hrms, TestApps.Other).RefreshesAsync(tokens.Refresh)).Error);
    }

    /// <summary>RFC 7009, section 2.1: whose token it is, is looked at first.</summary>
    [Fact]
    public async Task AnotherApp_RevokesNothing()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        var clinic = new ClinicSystem(hrms);
        foreach (var token in new[] { tokens.Access, tokens.Refresh })
        {
            await new OAuthApp(hrms, TestApps.Other).SendsToAsync("/connect/revoke", ("token", token), ("client_id", TestApps.Other));
            await clinic.SendsAsync("/connect/revoke", await clinic.AssertionAsync(), ("token", token));
            await app.SendsToAsync("/connect/revoke", ("token", token));
        }
        Assert.True(await TakenAsync(tokens.Access));
        Assert.True(await TakenAsync((await app.RefreshesAsync(tokens.Refresh)).Access));
    }

    [Fact]
    public async Task IdentityAndRefreshTokens_AreNoAccessTokens()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var tokens = await new OAuthApp(hrms).IsConnectedAsync(ana);
        Assert.True(await TakenAsync(tokens.Access));
        Assert.False(await TakenAsync(tokens.Body.GetProperty("id_token").GetString()!));
        Assert.False(await TakenAsync(tokens.Refresh));
    }

    [Fact]
    public async Task AccessTokenThatWasTamperedWith_IsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var ben = await Person.SignedInAsync(hrms);
        var (anas, bens) = ((await new OAuthApp(hrms).IsConnectedAsync(ana)).Access.Split('.'), (await new OAuthApp(hrms).IsConnectedAsync(ben)).Access.Split('.'));
        var jwks = JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken)).GetProperty("keys")[0];
        var header = JsonElement.Parse(Base64UrlEncoder.Decode(anas[0]));

        // Another's claims under one's own signature; no signature; the public key taken for a shared secret.
        Assert.False(await TakenAsync($"{anas[0]}.{bens[1]}.{anas[2]}"));
        Assert.False(await TakenAsync($"{Encoded(new { alg = "none", typ = "at+jwt" })}.{anas[1]}."));
        var confused = $"{Encoded(new { alg = "HS256", typ = "at+jwt", kid = header.GetProperty("kid").GetString() })}.{anas[1]}";
        foreach (var secret in (byte[][])[Encoding.UTF8.GetBytes(jwks.GetRawText()), Base64UrlEncoder.DecodeBytes(jwks.GetProperty("x").GetString())])
            Assert.False(await TakenAsync($"{confused}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(confused)))}"));
    }

    [Fact]
    public async Task TokenOfAForeignKey_IsRefused_ByBothIssuers()
    {
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var issuer = JsonElement.Parse(await (await HttpAsync()).GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken)).GetProperty("issuer").GetString();
        foreach (var (type, name) in ((string, string?)[])[("at+jwt", issuer), ("JWT", DevelopmentIssuer.Issuer), ("at+jwt", DevelopmentIssuer.Issuer), ("JWT", issuer)])
            Assert.False(await TakenAsync(new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = name, Audience = DevelopmentIssuer.Audience, TokenType = type, SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
                Claims = TokenCommand.Claims(Guid.NewGuid(), null, null, null, false)!.ToDictionary(claim => claim.Type, claim => (object)claim.Value),
            })));
    }

    [Fact]
    public async Task SessionCookie_OpensNothingButThePages()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await ana.Browser.GoesToAsync("/graphql?query=%7Bviewer%7Bid%7D%7D");
        Assert.DoesNotContain("\"id\"", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/"), InlineData("//elsewhere.example/"), InlineData("/\\elsewhere.example"), InlineData("/connect/authorize@elsewhere.example"), InlineData("javascript:alert(1)")]
    public async Task SignInThatShouldLeadElsewhere_LeadsHome(string returnUrl)
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync($"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        var page = await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password), ("returnUrl", returnUrl));
        Assert.Equal("Your account", page.Title);
    }

    [Fact]
    public async Task HostHeader_ChangesNoNameOfOurs()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        request.Headers.Host = "elsewhere.example";
        using var answer = await (await HttpAsync()).SendAsync(request, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("elsewhere", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPasswords_LockTheAccount_AndTheRightOneIsNoWayInThen()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var thief = await Browser.OpenAsync(hrms);
        for (var i = 0; i < 10; i++)
        {
            await thief.GoesToAsync("/account/sign-in");
            await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", $"not this one, nor {i}"));
        }
        await thief.GoesToAsync("/account/sign-in");
        Assert.Equal("Sign in", (await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password))).Title);
    }

    private async Task<HttpClient> HttpAsync()
    {
        await hrms.HostAsync();
        return hrms.Http;
    }

    private Task<bool> TakenAsync(string token) => new Bearer(hrms, token).IsTakenAsync();

    private static string Encoded(object header) => Base64UrlEncoder.Encode(JsonSerializer.Serialize(header));
}

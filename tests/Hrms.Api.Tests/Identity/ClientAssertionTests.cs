using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

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

    /// <summary>From when it was issued, and from now, by a clock that may be half a minute off.</summary>
    [Theory]
    [InlineData(0, 300, true), InlineData(0, 301, false), InlineData(0, 360, false), InlineData(0, 420, false)]
    [InlineData(-200, 100, true), InlineData(-200, 101, false), InlineData(-299, 1, true)]
    [InlineData(30, 330, true), InlineData(30, 331, false), InlineData(31, 120, false), InlineData(31, 331, false)]
    [InlineData(-60, 1, true), InlineData(-60, -29, true), InlineData(-60, -31, false), InlineData(-300, -61, false)]
    public async Task AnAssertion_IsForFiveMinutesAtMost(int issuedSeconds, int expiresSeconds, bool isTaken)
    {
        await hrms.HostAsync();
        using var _ = hrms.Clock.Stand();
        var answer = await SendsAsync(await new ClinicSystem(hrms).AssertionAsync(lifetime: TimeSpan.FromSeconds(expiresSeconds), issued: TimeSpan.FromSeconds(issuedSeconds)));
        if (isTaken)
            Assert.Null(answer.Error);
        else
            AssertRefused(answer);
    }

    /// <summary>SMART App Launch 2, client-confidential-asymmetric, wants the last two of every server.</summary>
    [Theory, Trait("Feature", "70")]
    [InlineData("ES256"), InlineData("ES384"), InlineData("RS384")]
    public async Task ASystem_SignsByAnAlgorithmThatDiscoveryNames(string algorithm)
    {
        Assert.Null((await SendsAsync(await new ClinicSystem(hrms).AssertionAsync(algorithm: algorithm))).Error);
        foreach (var path in new[] { "/.well-known/openid-configuration", "/fhir/.well-known/smart-configuration" })
            Assert.Contains(algorithm, JsonElement.Parse(await hrms.Http.GetStringAsync(path, TestContext.Current.CancellationToken))
                .GetProperty("token_endpoint_auth_signing_alg_values_supported").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task AnAlgorithmThatDiscoveryDoesNotName_IsRefused_AlsoByARegisteredKey()
    {
        var rsa = new RsaSecurityKey(((RsaSecurityKey)hrms.Apps.ClinicKeys["RS384"]).Rsa) { KeyId = "clinic-3" };
        var (header, claims) = await PartsAsync();
        foreach (var algorithm in new[] { "RS256", "RS512", "PS384", "RS384" })
        {
            var signed = $"{Encoded(header with { Algorithm = algorithm, KeyId = rsa.KeyId })}.{claims}";
            var hash = algorithm[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
            var signature = rsa.Rsa.SignData(Encoding.ASCII.GetBytes(signed), hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
            var answer = await SendsAsync($"{signed}.{Base64UrlEncoder.Encode(signature)}");
            if (algorithm == "RS384")
                Assert.Null(answer.Error);
            else
                AssertRefused(answer);
        }
    }

    [Theory]
    [InlineData("none"), InlineData("None"), InlineData("NONE"), InlineData("")]
    public async Task AnAssertionThatNobodySigned_IsRefused(string algorithm)
    {
        var (header, claims) = await PartsAsync();
        await AssertRefusedAsync($"{Encoded(header with { Algorithm = algorithm })}.{claims}.");
        // With the signature of before.
        await AssertRefusedAsync($"{Encoded(header with { Algorithm = algorithm })}.{claims}.{(await AssertionAsync()).Split('.')[2]}");
    }

    /// <summary>Everybody knows it: who takes it for a shared secret lets everybody in.</summary>
    [Theory]
    [InlineData("ES256", "HS256"), InlineData("ES256", "HS384"), InlineData("ES384", "HS384"), InlineData("RS384", "HS256"), InlineData("RS384", "HS384")]
    public async Task ThePublicKey_IsNoSharedSecret(string ofKey, string algorithm)
    {
        var key = hrms.Apps.ClinicKeys[ofKey];
        var known = TestApps.PublicKey(key, ofKey);
        var info = key is RsaSecurityKey rsa ? rsa.Rsa.ExportSubjectPublicKeyInfo() : ((ECDsaSecurityKey)key).ECDsa.ExportSubjectPublicKeyInfo();
        byte[][] secrets =
        [
            info, Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", info)), JsonSerializer.SerializeToUtf8Bytes(known),
            Base64UrlEncoder.DecodeBytes(known.GetValueOrDefault("x") ?? known["n"]), Encoding.ASCII.GetBytes(known.GetValueOrDefault("x") ?? known["n"]),
        ];
        var (header, claims) = await PartsAsync();
        foreach (var secret in secrets)
        {
            var signed = $"{Encoded(header with { Algorithm = algorithm, KeyId = key.KeyId })}.{claims}";
            var bytes = Encoding.ASCII.GetBytes(signed);
            await AssertRefusedAsync($"{signed}.{Base64UrlEncoder.Encode(algorithm == "HS256" ? HMACSHA256.HashData(secret, bytes) : HMACSHA384.HashData(secret, bytes))}");
        }
    }

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

    /// <summary>The header of an assertion that would be taken, and its claims as they stand in it.</summary>
    private async Task<(Header, string Claims)> PartsAsync() => (new Header("ES256", "clinic-1", "JWT"), (await AssertionAsync()).Split('.')[1]);

    private static string Encoded(Header header) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(header));

    private sealed record Header([property: JsonPropertyName("alg")] string Algorithm, [property: JsonPropertyName("kid")] string KeyId, [property: JsonPropertyName("typ")] string Type);

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

using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>An organisation's own system, which signs each request to the server with its own key (RFC 7523).</summary>
public sealed class ClinicSystem(HrmsFixture hrms)
{
    /// <summary>Its own token (client credentials).</summary>
    public Task<TokenAnswer> AsksForTokenAsync(string assertion, string scope = "account") =>
        SendsAsync("/connect/token", assertion, ("grant_type", "client_credentials"), ("scope", scope));

    /// <summary>Asks what a token is good for (RFC 7662).</summary>
    public async Task<TokenAnswer> IntrospectsAsync(string token) => await SendsAsync("/connect/introspect", await AssertionAsync(), ("token", token));

    public Task<TokenAnswer> SendsAsync(string path, string assertion, params (string Name, string Value)[] form) => new OAuthApp(hrms).SendsToAsync(path,
        [.. form, ("client_id", TestApps.Clinic), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)]);

    /// <summary>What it signs. What is given here stands in the place of what is right.</summary>
    /// <param name="algorithm">One of those that it has a key for; its own key is that one's.</param>
    /// <param name="issued">How long after now it says that it was issued.</param>
    public async Task<string> AssertionAsync(
        TimeSpan? lifetime = null, string? number = "", string? audience = null, ECDsa? key = null, Dictionary<string, object>? header = null, string type = "client-authentication+jwt",
        string algorithm = SecurityAlgorithms.EcdsaSha256, TimeSpan issued = default)
    {
        await hrms.HostAsync();
        var discovered = JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken));
        // By the clock of the installation, which other tests move; the signing library has the machine's.
        var now = hrms.Clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = TestApps.Clinic, ["sub"] = TestApps.Clinic, ["aud"] = audience ?? discovered.GetProperty("issuer").GetString()!,
            ["iat"] = (now + issued).ToUnixTimeSeconds(), ["exp"] = (now + (lifetime ?? TimeSpan.FromMinutes(4))).ToUnixTimeSeconds(),
        };
        if (number is not null)
            claims["jti"] = number.Length > 0 ? number : $"{Guid.NewGuid()}";
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims, TokenType = type, AdditionalHeaderClaims = header,
            SigningCredentials = new SigningCredentials(key is null ? hrms.Apps.ClinicKeys[algorithm] : new ECDsaSecurityKey(key) { KeyId = "clinic-1" }, algorithm),
        });
    }
}

using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
using Hrms.Api.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Only who brings a token of the issuer, for this API, that is still good and names a party, gets anything.</summary>
public sealed class TokenTests(HrmsFixture hrms)
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task NoToken_IsRefused() => await AssertRefusedAsync("");

    [Fact]
    public async Task TokenOfAnotherKey_IsRefused() => await AssertRefusedAsync(await TokenAsync(key: new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))));

    [Fact]
    public async Task ExpiredToken_IsRefused() => await AssertRefusedAsync(await TokenAsync(expires: Start.AddHours(1)));

    [Fact]
    public async Task TokenForAnotherAudience_IsRefused() => await AssertRefusedAsync(await TokenAsync(audience: "urn:hrms:elsewhere"));

    [Fact]
    public async Task TokenOfAnotherIssuer_IsRefused() => await AssertRefusedAsync(await TokenAsync(issuer: "urn:hrms:elsewhere"));

    [Fact]
    public async Task TokenThatNamesNoParty_IsRefused() => await AssertRefusedAsync(await TokenAsync(claims: [new Claim(HrmsClaims.Role, HrmsRoles.Patient)]));

    /// <summary>No line of a history is without a person or a system (45 CFR 164.312(a)(2)(i)).</summary>
    [Theory]
    [InlineData(HrmsRoles.Patient)]
    [InlineData(HrmsRoles.Practitioner)]
    [InlineData(HrmsRoles.Organization)]
    [InlineData(HrmsRoles.Operator)]
    public async Task TokenThatNamesNobody_IsRefused(string role) => await AssertRefusedAsync(await TokenAsync(claims:
    [
        new Claim("sub", $"{Guid.Empty}"), new Claim(HrmsClaims.Role, role), new Claim(role, $"{Guid.Empty}"), new Claim(HrmsClaims.Scope, TokenScope.Account),
    ]));

    [Theory]
    [InlineData(HrmsRoles.Patient, "ana")]
    [InlineData(HrmsRoles.Operator, "c0ffee00-0000-0000-0000-000000000000")]
    public async Task TokenThatSaysBadlyOnWhoseBehalf_IsRefused(string role, string ward) => await AssertRefusedAsync(await TokenAsync(claims:
    [
        new Claim("sub", $"{Guid.NewGuid()}"), new Claim(HrmsClaims.Role, role), new Claim(HrmsClaims.Patient, $"{Guid.NewGuid()}"), new Claim(HrmsClaims.OnBehalfOf, ward),
    ]));

    [Theory, Trait("Feature", "3")]
    [InlineData("FooBar")]
    [InlineData("1")]
    [InlineData("TREAT,HRESCH")]
    [InlineData("")]
    [InlineData("TREAT", "HRESCH")]
    public async Task TokenThatPinsNoPurposeThatCanBeUnderstood_IsRefused(params string[] pinned) => await AssertRefusedAsync(await TokenAsync(
        claims: [.. TokenCommand.Claims(Guid.NewGuid(), null, null, null, false)!, .. pinned.Select(purpose => new Claim(HrmsClaims.PurposeOfUse, purpose))]));

    [Theory, Trait("Feature", "3")]
    [InlineData("{\"system\":\"http://example.org/policies/purposeOfUse\",\"code\":\"FooBar\"}", "http://example.org/policies/purposeOfUse|FooBar")]
    [InlineData("{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActReason\",\"code\":\"HRESCH\"}", "HRESCH")]
    public async Task TokenThatPinsAPurposeAsIuaWritesIt_PinsIt(string coding, string purpose)
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var pinned = new Claim(HrmsClaims.PurposeOfUse, $"[{coding}]", JsonClaimValueTypes.JsonArray);
        var researcher = new Stranger(hrms, await TokenAsync(claims: [.. TokenCommand.Claims(null, drLee.Id, null, null, false)!, pinned]));

        await researcher.SeesAsync(ana, Contracts.PurposeOfUse.TREAT);

        Assert.Equal(purpose, Assert.Single(await ana.HistoryAsync(), line => line.Actor == drLee.Id).Purpose);
        await AssertRefusedAsync(await TokenAsync(claims:
        [
            .. TokenCommand.Claims(null, drLee.Id, null, null, false)!, new Claim(HrmsClaims.PurposeOfUse, $"[{coding},{coding}]", JsonClaimValueTypes.JsonArray),
        ]));
    }

    [Fact]
    public async Task UnsignedToken_IsRefused()
    {
        var ana = await hrms.PatientAsync();
        var parts = ana.Token.Split('.');
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        await AssertRefusedAsync($"{header}.{parts[1]}.");
    }

    [Fact]
    public async Task TokenWithChangedClaims_IsRefused()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        await AssertRefusedAsync(string.Join('.', ana.Token.Split('.')[0], ben.Token.Split('.')[1], ana.Token.Split('.')[2]));
    }

    [Fact]
    public async Task GoodToken_IsTaken()
    {
        var token = await TokenAsync();
        var answer = await new Stranger(hrms, token).AsksAsync("{ viewer { kind } }");
        Assert.Equal("PATIENT", answer.Data.GetProperty("viewer").GetProperty("kind").GetString());
    }

    private async Task AssertRefusedAsync(string token)
    {
        await hrms.HostAsync();
        var stranger = new Stranger(hrms, token);
        var question = await stranger.AsksAsync("{ viewer { id } }");
        var command = await stranger.AsksAsync("mutation($id: ID!) { registerPatient(input: { commandId: $id }) { patient { id } } }", new { id = Guid.NewGuid() });

        Assert.Equal("UNAUTHENTICATED", question.Error);
        Assert.Equal("UNAUTHENTICATED", command.Error);
        await AssertToldAsync(token, question, command);
        using var upload = new HttpRequestMessage(HttpMethod.Post, "ingest/v1/samples") { Content = new StringContent("{}") };
        upload.Headers.Authorization = new("Bearer", token);
        using var refused = await hrms.Http.SendAsync(upload, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    /// <summary>RFC 6750, section 3: who brought a token is told at every edge that it is no good, and not why; who brought none, how one comes.</summary>
    private async Task AssertToldAsync(string token, params Answer[] answers)
    {
        const string Question = "graphql?query={viewer{id}}";
        var brought = token.Length > 0;
        Assert.All(answers, answer => Assert.Equal(brought ? 401 : 200, answer.Status));
        foreach (var (address, accept) in new[]
        {
            (Question, "application/json"), (Question, "application/graphql-response+json"), (Question, "text/event-stream"), ($"fhir/Patient/{Guid.NewGuid()}/$everything", "application/fhir+json"),
            ("metrics", "text/plain"), ("operations", "text/html"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = brought ? new("Bearer", token) : null;
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var (status, challenge) = brought ? (401, "Bearer error=\"invalid_token\"") : address == Question ? (200, "") : (401, "Bearer");
            Assert.Equal((address, status, challenge), (address, (int)answer.StatusCode, $"{answer.Headers.WwwAuthenticate}"));
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(address == Question, body.Contains("\"UNAUTHENTICATED\"", StringComparison.Ordinal));
        }
    }

    private async Task<string> TokenAsync(
        SecurityKey? key = null, string issuer = DevelopmentIssuer.Issuer, string audience = DevelopmentIssuer.Audience, DateTime? expires = null, Claim[]? claims = null)
    {
        key ??= (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Key;
        claims ??= [.. TokenCommand.Claims(Guid.NewGuid(), null, null, null, false)!];
        var token = new JwtSecurityToken(
            issuer, audience, claims, Start, expires ?? TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1), new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256));
        return new JwtSecurityTokenHandler { OutboundClaimTypeMap = new Dictionary<string, string>() }.WriteToken(token);
    }

    private sealed class Stranger(HrmsFixture hrms, string token) : Party(hrms, Guid.Empty, token);
}

using System.Globalization;
using System.Text.Json;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>Clients that others wrote and certified (the npm packages <c>openid-client</c> and <c>oauth4webapi</c>) find their way by discovery alone.</summary>
[Collection(nameof(TimeTravel))]
public sealed class IndependentClientTests(HrmsFixture hrms)
{
    [Fact]
    public async Task CodeFlow_Refresh_AndRevocation_AreCompletedByAnIndependentClient() => await CompletesAsync("openid offline_access account");

    [Fact, Trait("Feature", "70")]
    public async Task SmartStandaloneLaunch_IsCompletedByAnIndependentClient()
    {
        var done = await CompletesAsync("openid fhirUser launch/patient offline_access patient/Observation.rs");
        var patient = done.GetProperty("patient").GetGuid();
        Assert.EndsWith($"/fhir/Patient/{patient}", done.GetProperty("fhirUser").GetString(), StringComparison.Ordinal);
        var herself = await hrms.PatientAsync(patient);
        var lab = await herself.AddsAsync(Clinic.LabResult());
        await herself.AddsAsync(Clinic.Prescription());
        Assert.Equal([lab], await new Bearer(hrms, done.GetProperty("access").GetString()!).SeesAsync(herself));
    }

    [Fact]
    public async Task RotationOfRefreshTokens_AndASystemsOwnTokens_AskedAboutAndRevoked_AreCompletedByAnotherIndependentClient()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var client = new ClientOfOthers("oauth4webapi.mjs");
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(hrms.Apps.ClinicKey));
        await client.TellsAsync(JsonSerializer.Serialize(new
        {
            issuer = (await IssuerAsync()).AbsoluteUri, clientId = TestApps.Diary, redirect = TestApps.Redirect, scope = "openid offline_access account", aheadSeconds = Ahead(),
            systemId = TestApps.Clinic, systemKey = new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, d = key.D, kid = "clinic-1" },
        }));
        await client.TellsAsync(await IsAllowedAsync(ana, await client.QuestionAsync()));
        var done = await client.EndsAsync();

        Assert.Equal("pwd", done.GetProperty("claims").GetProperty("amr")[0].GetString());
        Assert.True(done.GetProperty("rotated").GetBoolean());
        Assert.Equal("invalid_grant", done.GetProperty("afterRevocation").GetString());
        // Of its own token a client learns that it is good, and until when; of another's nothing.
        var known = done.GetProperty("known");
        Assert.True(known.GetProperty("active").GetBoolean(), $"{done}");
        Assert.InRange(known.GetProperty("exp").GetInt64() - hrms.Clock.GetUtcNow().ToUnixTimeSeconds(), 1, 300);
        Assert.False(done.GetProperty("ofAnother").GetProperty("active").GetBoolean());
        Assert.NotEqual("done", done.GetProperty("byAPublicClient").GetString());
        Assert.False(done.GetProperty("afterwards").GetProperty("active").GetBoolean());
    }

    private async Task<JsonElement> CompletesAsync(string scope)
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var client = new ClientOfOthers("run.mjs", (await IssuerAsync()).AbsoluteUri, TestApps.Diary, TestApps.Redirect, scope, Ahead().ToString(CultureInfo.InvariantCulture));
        await client.TellsAsync(await IsAllowedAsync(ana, await client.QuestionAsync()));
        var done = await client.EndsAsync();
        Assert.InRange(done.GetProperty("expiresIn").GetInt32(), 1, 300);
        Assert.Equal("invalid_grant", done.GetProperty("afterwards").GetString());
        return done;
    }

    /// <returns>Where the person's browser is led back to.</returns>
    private static async Task<string> IsAllowedAsync(Person person, Uri question)
    {
        Assert.Equal("Connect Health Diary?", (await person.Browser.GoesToAsync(question.PathAndQuery)).Title);
        return (await person.Browser.SendsAsync("/connect/authorize", ("decision", "allow"))).Location!.AbsoluteUri;
    }

    private async Task<Uri> IssuerAsync() => (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url;

    /// <summary>How many seconds the installation's clock is ahead of the machine's.</summary>
    private long Ahead() => (long)(hrms.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds;
}

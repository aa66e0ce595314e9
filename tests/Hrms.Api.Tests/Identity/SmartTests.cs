using System.Net;
using System.Text.Json;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>SMART App Launch 2, standalone: a patient allows an app a part of their record.</summary>
[Trait("Feature", "70"), Collection(nameof(TimeTravel))]
public sealed class SmartTests(HrmsFixture hrms)
{
    private const string Part = "openid fhirUser launch/patient offline_access patient/Observation.rs?category=laboratory patient/Condition.crus";

    [Fact]
    public async Task TheScreen_SaysInPlainWordsWhatTheAppWillSee()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var page = await new OAuthApp(hrms).AsksAsync(ana.Browser, ("scope", $"{Part} user/Observation.rs"));

        Assert.Equal("Connect Health Diary?", page.Title);
        Assert.True(page.Says("see your measurements and test results (only laboratory)"));
        Assert.True(page.Says("see and add to and change your illnesses and health problems"));
        Assert.True(page.Says("see your measurements and test results, and the same of everybody whose record you may see"));
        Assert.True(page.Says("know which record is yours"));
        Assert.False(page.Says("decide who else may see it"));
    }

    [Fact]
    public async Task TheApp_IsToldWhoThePatientIs_AndReachesWhatItWasAllowed()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana, Part);
        Assert.Equal(Part.Split(' ').Order(), tokens.Body.GetProperty("scope").GetString()!.Split(' ').Order());
        var patient = tokens.Body.GetProperty("patient").GetGuid();
        Assert.EndsWith($"/fhir/Patient/{patient}", new JsonWebToken(tokens.Body.GetProperty("id_token").GetString()).GetClaim("fhirUser").Value, StringComparison.Ordinal);

        var herself = await hrms.PatientAsync(patient);
        var lab = await herself.AddsAsync(Clinic.LabResult());
        await herself.AddsAsync(Clinic.Prescription());
        var diagnosis = await herself.AddsAsync(Clinic.Diagnosis());
        foreach (var access in new[] { tokens.Access, (await app.RefreshesAsync(tokens.Refresh)).Access })
            Assert.Equal(new[] { lab, diagnosis }.Order(), (await new Bearer(hrms, access).SeesAsync(herself)).Order());
        Assert.Equal(TestApps.Diary, (await herself.HistoryAsync())[1].App);
    }

    [Fact]
    public async Task RefreshedForLess_ItIsLess_AndForMoreItIsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana, "launch/patient offline_access patient/Observation.rs patient/Condition.rs");
        var herself = await hrms.PatientAsync(tokens.Body.GetProperty("patient").GetGuid());
        await herself.AddsAsync(Clinic.LabResult());
        var diagnosis = await herself.AddsAsync(Clinic.Diagnosis());

        var less = await app.SendsAsync(
            ("grant_type", "refresh_token"), ("refresh_token", tokens.Refresh), ("client_id", TestApps.Diary), ("scope", "offline_access patient/Condition.rs"));
        Assert.Equal([diagnosis], await new Bearer(hrms, less.Access).SeesAsync(herself));
        var more = await app.SendsAsync(
            ("grant_type", "refresh_token"), ("refresh_token", less.Refresh), ("client_id", TestApps.Diary), ("scope", "offline_access patient/Observation.rs"));
        Assert.Equal("invalid_grant", more.Error);
    }

    [Theory]
    [InlineData("patient/Observation.read")]
    [InlineData("patient/Observation.sr")]
    [InlineData("patient/Observation.rs?code=1")]
    [InlineData("patient/Nothing.rs")]
    [InlineData("patient/Patient.rs?category=x")]
    [InlineData("patient/Observation.d")]
    [InlineData("patient/*.cruds")]
    [InlineData("user/Condition.rs")]
    [InlineData("user/*.rs")]
    [InlineData("system/Observation.rs")]
    [InlineData("launch")]
    [InlineData("everything")]
    public async Task ScopeThatIsNone_OrThatTheAppWasNotRegisteredWith_IsRefused(string scope)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var answer = await new OAuthApp(hrms).AsksAsync(ana.Browser, ("scope", $"openid {scope}"));
        Assert.True(OAuthApp.Of(answer, "error") == "invalid_scope", $"{answer.Status} {answer.Location} {answer.Html}");
    }

    [Fact]
    public async Task AnAppThatMeansAnotherServer_IsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var ours = (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>();
        var app = new OAuthApp(hrms);
        Assert.Equal("invalid_request", OAuthApp.Of(await app.AsksAsync(ana.Browser, ("aud", "https://elsewhere.example/fhir")), "error"));
        Assert.Equal("Connect Health Diary?", (await app.AsksAsync(ana.Browser, ("aud", ours.At("/fhir").AbsoluteUri))).Title);
    }

    [Theory]
    [InlineData("/.well-known/smart-configuration")]
    [InlineData("/fhir/.well-known/smart-configuration")]
    public async Task SmartConfiguration_LeadsToWhatIsThere(string path)
    {
        var host = await hrms.HostAsync();
        using var answer = await hrms.Http.GetAsync(new Uri(host.Url, path), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var said = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var found = JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken));
        string[] same =
        [
            "issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint", "grant_types_supported",
            "response_types_supported", "code_challenge_methods_supported", "scopes_supported",
        ];
        Assert.All(same, name => Assert.Equal(Values(found.GetProperty(name)), Values(said.GetProperty(name))));
        Assert.Contains("permission-v2", Values(said.GetProperty("capabilities")));
        Assert.Contains("launch-ehr", Values(said.GetProperty("capabilities")));
    }

    private static IEnumerable<string> Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.GetString()!).Order(StringComparer.Ordinal) : [value.GetString()!];
}

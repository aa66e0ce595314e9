using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>A client that others wrote and certified (the npm package <c>openid-client</c>) finds its way by discovery alone.</summary>
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

    private async Task<JsonElement> CompletesAsync(string scope)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var issuer = (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url;
        var folder = typeof(IndependentClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "OAuthClientFolder").Value!;
        var ahead = ((long)(hrms.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var node = Process.Start(new ProcessStartInfo("node", ["run.mjs", issuer.AbsoluteUri, TestApps.Diary, TestApps.Redirect, scope, ahead])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = node.StandardError.ReadToEndAsync();
        if (await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not { } address)
            throw new InvalidOperationException(await errors);

        Assert.Equal("Connect Health Diary?", (await ana.Browser.GoesToAsync(new Uri(address).PathAndQuery)).Title);
        var back = await ana.Browser.SendsAsync("/connect/authorize", ("decision", "allow"));
        await node.StandardInput.WriteLineAsync(back.Location!.AbsoluteUri);
        var printed = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(node.ExitCode == 0, await errors);
        var done = JsonElement.Parse(printed);
        Assert.InRange(done.GetProperty("expiresIn").GetInt32(), 1, 300);
        Assert.Equal("invalid_grant", done.GetProperty("afterwards").GetString());
        return done;
    }
}

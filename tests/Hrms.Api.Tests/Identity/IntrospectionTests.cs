using System.Net;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>Whether a token is still good is told to the system that it was issued to, and to nobody else (RFC 7662).</summary>
[Collection(nameof(TimeTravel))]
public sealed class IntrospectionTests(HrmsFixture hrms)
{
    private readonly ClinicSystem _clinic = new(hrms);

    [Fact]
    public async Task ItsOwnToken_IsActive_UntilItIsRevoked()
    {
        var token = (await _clinic.AsksForTokenAsync(await _clinic.AssertionAsync())).Access;
        Assert.True(IsActive(await _clinic.IntrospectsAsync(token)));

        Assert.Equal(HttpStatusCode.OK, (await _clinic.SendsAsync("/connect/revoke", await _clinic.AssertionAsync(), ("token", token))).Status);
        Assert.False(IsActive(await _clinic.IntrospectsAsync(token)));
        Assert.False(await new Bearer(hrms, token).IsTakenAsync());
    }

    [Fact]
    public async Task APatientsToken_IsNothingToIt_NorWhatItSays()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var tokens = await new OAuthApp(hrms).IsConnectedAsync(ana);
        foreach (var token in new[] { tokens.Access, tokens.Refresh, tokens.Body.GetProperty("id_token").GetString()!, "no-token-at-all" })
        {
            var answer = await _clinic.IntrospectsAsync(token);
            Assert.False(IsActive(answer));
            Assert.False(answer.Body.TryGetProperty("sub", out _) || answer.Body.TryGetProperty("scope", out _), $"{answer.Body}");
        }
    }

    [Fact]
    public async Task WhoDoesNotSignTheQuestion_IsToldNothing()
    {
        var token = (await _clinic.AsksForTokenAsync(await _clinic.AssertionAsync())).Access;
        using var ana = await Person.SignedInAsync(hrms);
        var tokens = await new OAuthApp(hrms).IsConnectedAsync(ana);
        var app = new OAuthApp(hrms);
        AssertRefused(await app.SendsToAsync("/connect/introspect", ("token", token)));
        AssertRefused(await app.SendsToAsync("/connect/introspect", ("token", token), ("client_id", TestApps.Clinic)));
        // An app has no secret: anybody could ask in its name.
        AssertRefused(await app.SendsToAsync("/connect/introspect", ("token", tokens.Access), ("client_id", TestApps.Diary)));
        var used = await _clinic.AssertionAsync();
        Assert.True(IsActive(await _clinic.SendsAsync("/connect/introspect", used, ("token", token))));
        AssertRefused(await _clinic.SendsAsync("/connect/introspect", used, ("token", token)));
    }

    private static bool IsActive(TokenAnswer answer) => answer.Error is null && answer.Body.GetProperty("active").GetBoolean();

    private static void AssertRefused(TokenAnswer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{answer.Status} {answer.Body}");
        Assert.False(answer.Body.TryGetProperty("active", out _), $"{answer.Body}");
    }
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>A hub without a browser is connected by its owner, who types the code that it shows (RFC 8628).</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "78")]
public sealed class DeviceFlowTests(HrmsFixture hrms)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code", Scope = "offline_access patient/Observation.crus";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task TheOwnerTypesTheCode_AndTheHubActsForThem_WithinWhatTheyRead()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, asked) = await AskAsync();
        Assert.EndsWith("/connect/verify", asked.GetProperty("verification_uri").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d{4}-\d{4}$", asked.GetProperty("user_code").GetString());
        Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);

        await ana.Browser.GoesToAsync("/connect/verify");
        var screen = await TypesAsync(ana, asked);
        Assert.Equal("Connect Bedside Hub?", screen.Title);
        Assert.True(screen.Says("see and add to and change your measurements and test results"), screen.Html);
        hrms.Clock.Advance(Interval);
        Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);
        Assert.Equal("Connected", (await ana.Browser.SendsAsync("/connect/verify", ("decision", "allow"))).Title);

        var tokens = await PollAsync(hub, asked);
        var patient = new JsonWebToken(tokens.Access).GetClaim("patient").Value;
        var bearer = new Bearer(hrms, tokens.Access);
        var owner = await hrms.PatientAsync(Guid.Parse(patient));
        var added = await bearer.AddsToAsync(owner, Clinic.LabResult());
        Assert.Null(added.Refusal);
        Assert.NotNull((await bearer.AddsToAsync(owner, Clinic.Prescription())).Refusal);
        Assert.Equal("INSUFFICIENT_SCOPE", (await bearer.AsksAsync(
            "mutation($input: RegisterDeviceInput!) { registerDevice(input: $input) { device { id } } }", new { input = new { commandId = Guid.NewGuid(), patient, name = "Watch" } })).Error);
    }

    /// <summary>By a client that others wrote (the npm package <c>openid-client</c>), which waits and polls as it is told.</summary>
    [Theory]
    [InlineData("allow", null), InlineData("deny", "access_denied")]
    public async Task AnIndependentHub_IsConnected_OrToldThatItIsNot(string decision, string? error)
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var hub = new ClientOfOthers("device.mjs", (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url.AbsoluteUri, TestApps.Hub, Scope);
        await ana.Browser.GoesToAsync((await hub.QuestionAsync()).PathAndQuery);
        Assert.Equal("Connect Bedside Hub?", (await ana.Browser.SendsAsync("/connect/verify")).Title);
        await ana.Browser.SendsAsync("/connect/verify", ("decision", decision));
        await hub.TellsAsync("answered");
        var done = await hub.EndsAsync();

        Assert.Equal(error, done.TryGetProperty("error", out var said) ? said.GetString() : null);
        if (error is not null)
            return;
        var owner = await hrms.AsPatientAsync(ana);
        Assert.InRange(done.GetProperty("expiresIn").GetInt32(), 1, 300);
        Assert.Null((await new Bearer(hrms, done.GetProperty("access").GetString()!).AddsToAsync(owner, Clinic.LabResult())).Refusal);
    }

    /// <summary>Section 3.5: each poll that comes too early makes the interval five seconds longer.</summary>
    [Fact]
    public async Task AHubThatPollsTooFast_IsToldToSlowDown_AndHasToWaitLongerEachTime()
    {
        var (hub, asked) = await AskAsync();
        var (other, of) = await AskAsync();
        Assert.Equal(5, asked.GetProperty("interval").GetInt32());
        Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);
        Assert.Equal("slow_down", (await PollAsync(hub, asked)).Error);
        hrms.Clock.Advance(Interval);
        Assert.Equal("slow_down", (await PollAsync(hub, asked)).Error);
        hrms.Clock.Advance(3 * Interval);
        Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);
        hrms.Clock.Advance(2 * Interval);
        Assert.Equal("slow_down", (await PollAsync(hub, asked)).Error);
        // Another hub's code has an interval of its own.
        Assert.Equal("authorization_pending", (await PollAsync(other, of)).Error);
    }

    [Fact]
    public async Task AHubThatWaitsAsItWasTold_IsNeverToldToSlowDown_AlsoWhenOneRequestIsQuickerThanTheNext()
    {
        var (hub, asked) = await AskAsync();
        foreach (var seconds in new[] { 0, 5, 4.2, 5.8, 5, 4.1 })
        {
            hrms.Clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);
        }
    }

    /// <summary>Who was too fast, and slows down as the standard says, is connected like every other.</summary>
    [Fact]
    public async Task AHubThatSlowedDown_GetsItsTokensWhenTheOwnerSaysYes()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, asked) = await AskAsync();
        for (var i = 0; i < 3; i++)
            await PollAsync(hub, asked);
        await ana.Browser.GoesToAsync("/connect/verify");
        await TypesAsync(ana, asked);
        await ana.Browser.SendsAsync("/connect/verify", ("decision", "allow"));
        Assert.True(await new Bearer(hrms, (await PollAsync(hub, asked)).Access).IsTakenAsync());
    }

    /// <summary>Ten at once, whichever process each of them reaches: the first is not too early, all others are.</summary>
    [Fact]
    public async Task OfManyPollsAtOnce_OneIsInTime()
    {
        var (hub, asked) = await AskAsync();
        var told = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PollAsync(hub, asked)));
        Assert.Equal(1, told.Count(answer => answer.Error == "authorization_pending"));
        Assert.Equal(9, told.Count(answer => answer.Error == "slow_down"));
    }

    [Fact]
    public async Task WhoSaysNo_IsSeenByTheHub_WhichGetsNothing()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, asked) = await AskAsync();
        await ana.Browser.GoesToAsync("/connect/verify");
        await TypesAsync(ana, asked);

        Assert.Equal("Not connected", (await ana.Browser.SendsAsync("/connect/verify", ("decision", "deny"))).Title);

        Assert.Equal("access_denied", (await PollAsync(hub, asked)).Error);
        await ana.Browser.GoesToAsync("/connect/verify");
        Assert.True((await TypesAsync(ana, asked)).Says("There is no device with this code"));
    }

    [Fact]
    public async Task TheCode_IsForOneYes_AndForTenMinutes()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, used) = await AskAsync();
        await ana.Browser.GoesToAsync("/connect/verify");
        await TypesAsync(ana, used);
        await ana.Browser.SendsAsync("/connect/verify", ("decision", "allow"));
        var tokens = await PollAsync(hub, used);
        Assert.True(await new Bearer(hrms, tokens.Access).IsTakenAsync());
        Assert.Equal("invalid_grant", (await PollAsync(hub, used)).Error);

        using var ben = await Person.SignedInAsync(hrms);
        await ben.Browser.GoesToAsync("/connect/verify");
        Assert.True((await TypesAsync(ben, used)).Says("There is no device with this code"));
        var (late, over) = await AskAsync();
        hrms.Clock.Advance(TimeSpan.FromMinutes(10.1));
        Assert.True((await TypesAsync(ben, over)).Says("There is no device with this code"));
        Assert.Equal("expired_token", (await PollAsync(late, over)).Error);
    }

    /// <summary>Section 5.4: nothing but our own form, sent by who is signed in, answers for a code, whatever a link says.</summary>
    [Fact]
    public async Task ALink_FillsInTheCode_AndAnswersNothing()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, asked) = await AskAsync();
        var link = new Uri(asked.GetProperty("verification_uri_complete").GetString()!).PathAndQuery;

        var page = await ana.Browser.GoesToAsync($"{link}&decision=allow");
        Assert.Equal("Connect a device", page.Title);
        Assert.False(page.Says("Bedside Hub"));
        Assert.True(page.Says("Never type a code that somebody sent you"));
        // A form of somebody else's, in the browser where she is signed in.
        Assert.Equal("Connect a device", (await ana.Browser.SendsAsync("/connect/verify", ("decision", "allow"), ("__RequestVerificationToken", "guessed"))).Title);
        Assert.Equal("authorization_pending", (await PollAsync(hub, asked)).Error);

        await ana.Browser.GoesToAsync(link);
        Assert.Equal("Connect Bedside Hub?", (await ana.Browser.SendsAsync("/connect/verify")).Title);
    }

    [Fact]
    public async Task WhoIsNotSignedIn_SignsInFirst_AndIsLedBackToTheCode()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/sign-out");
        var (_, asked) = await AskAsync();

        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync(new Uri(asked.GetProperty("verification_uri_complete").GetString()!).PathAndQuery)).Title);
        var page = await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));

        Assert.Equal("Connect a device", page.Title);
        Assert.True(page.Says(asked.GetProperty("user_code").GetString()!) || page.Says(Regex.Replace(asked.GetProperty("user_code").GetString()!, "-", "")), page.Html);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("patient/Observation.crus account")]
    [InlineData("user/Observation.rs")]
    [InlineData("patient/Condition.rs")]
    [InlineData("patient/Nonsense.rs")]
    public async Task AHub_MayNotAskForMoreThanPartsOfOneRecord_OfThoseItIsRegisteredFor(string scope)
    {
        var answer = await new OAuthApp(hrms, TestApps.Hub).SendsToAsync("/connect/device", ("client_id", TestApps.Hub), ("scope", scope));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task AnAppThatIsNotRegisteredForIt_GetsNoCode()
    {
        var answer = await new OAuthApp(hrms).SendsToAsync("/connect/device", ("client_id", TestApps.Diary), ("scope", "patient/Observation.rs"));
        Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task TheHub_IsOnTheAccountsPage_AndIsDeadWhenDisconnected()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (hub, asked) = await AskAsync();
        await ana.Browser.GoesToAsync("/connect/verify");
        await TypesAsync(ana, asked);
        await ana.Browser.SendsAsync("/connect/verify", ("decision", "allow"));
        var tokens = await PollAsync(hub, asked);
        Assert.True((await ana.Browser.GoesToAsync("/account")).Says("Bedside Hub"));

        await ana.Browser.SendsAsync("/account/apps/disconnect");

        Assert.False(await new Bearer(hrms, tokens.Access).IsTakenAsync());
        Assert.Equal("invalid_grant", (await hub.RefreshesAsync(tokens.Refresh)).Error);
    }

    private async Task<(OAuthApp, JsonElement)> AskAsync()
    {
        var hub = new OAuthApp(hrms, TestApps.Hub);
        var answer = await hub.SendsToAsync("/connect/device", ("client_id", TestApps.Hub), ("scope", Scope));
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Body}");
        return (hub, answer.Body);
    }

    private static Task<PageShown> TypesAsync(Person person, JsonElement asked) =>
        person.Browser.SendsAsync("/connect/verify", ("user_code", asked.GetProperty("user_code").GetString()!));

    private static Task<TokenAnswer> PollAsync(OAuthApp hub, JsonElement asked) => hub.SendsAsync(
        ("grant_type", Grant), ("device_code", asked.GetProperty("device_code").GetString()!), ("client_id", TestApps.Hub));
}

using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>
/// Somebody takes back what a stream or an export runs on: a passkey, an app, a session, the account itself. When the page is back, nothing more is sent, and the stream ends.
/// </summary>
[Collection(nameof(TimeTravel))]
[Trait("Fault", "F35")]
public sealed class EndedSignInsTests(HrmsFixture hrms)
{
    private const string RecordAdded = "subscription($id: ID!) { recordAdded(patient: $id) { id } }", NewPassword = "other words, still mine";

    /// <summary>Records of an export that no network holds at once: what the kernel may keep of a connection is less.</summary>
    private const int Records = 95, RecordBytes = 40_000;

    [Theory]
    [InlineData("a passkey was removed"), InlineData("the app was disconnected"), InlineData("a new password was chosen"), InlineData("everybody was signed out"), InlineData("the account was got back")]
    [InlineData("signed out on the page"), InlineData("signed out by the web app")]
    public async Task AStream_EndsBeforeTheNextEvent_When(string what)
    {
        using var ana = await OwnerAsync();
        await using var stream = await ListensAsync(ana, what);
        var first = await ana.App.AddsAsync(Clinic.LabResult());
        Assert.Equal(first, (await stream.NextAsync()).GetProperty("recordAdded").GetProperty("id").GetGuid());

        await HappensAsync(ana, what);
        var anew = await SignedInAnewAsync(ana.App.Id);
        await anew.AddsAsync(Clinic.LabResult());

        await stream.EndsAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("a passkey was removed"), InlineData("the app was disconnected"), InlineData("the account was got back"), InlineData("signed out on the page")]
    public async Task AnExportOnItsWay_SendsNothingMore_When(string what)
    {
        using var ana = await OwnerAsync();
        await ana.App.ImportsToAsync(ana.App, Clinic.Bundle([.. Enumerable.Range(0, Records).Select(Large)]));
        using var slow = new HttpClient(new SocketsHttpHandler { ConnectCallback = SmallAsync }) { BaseAddress = hrms.Http.BaseAddress };
        using var request = IsOfTheBrowser(what) ? ana.Web.Request(HttpMethod.Get, Everything(ana)) : new HttpRequestMessage(HttpMethod.Get, Everything(ana));
        if (IsOfTheBrowser(what))
            request.Headers.Add("Cookie", ana.Person.Browser.Cookies);
        else
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ana.App.Token);
        using var answer = await slow.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);

        await HappensAsync(ana, what);

        var rest = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var sent = new FhirPage(200, null, rest, null, null).Records.Count;
        Assert.InRange(sent, 1, Records - 1);
    }

    /// <summary>Anybody can lock an account by wrong passwords: that must throw nobody out who is in. It only keeps guessers, and what would be renewed, waiting.</summary>
    [Fact]
    public async Task WrongPasswordsOfAStranger_EndNobodysStream()
    {
        using var ana = await OwnerAsync();
        var app = new OAuthApp(hrms);
        var refresh = (await app.IsConnectedAsync(ana.Person)).Refresh;
        await using var stream = await ListensAsync(ana, "locked");
        using var stranger = await Browser.OpenAsync(hrms);
        for (var i = 0; i < 10; i++)
        {
            await stranger.GoesToAsync("/account/sign-in");
            await stranger.SendsAsync("/account/sign-in", ("email", ana.Person.Email), ("password", $"not her password, nor {i}"));
        }
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(refresh)).Error);

        var lab = await ana.App.AddsAsync(Clinic.LabResult());

        Assert.Equal(lab, (await stream.NextAsync()).GetProperty("recordAdded").GetProperty("id").GetGuid());
        Assert.NotNull(await ana.Web.SessionAsync());
    }

    /// <summary>Not only is the cookie forgotten: a copy of it is worth nothing.</summary>
    [Fact]
    public async Task ACopyOfTheCookie_IsNobodys_OnceItsPersonSignedOut_AndTheirOtherBrowserStays()
    {
        using var ana = await OwnerAsync();
        using var elsewhere = await Browser.OpenAsync(hrms);
        await elsewhere.GoesToAsync("/account/sign-in");
        await elsewhere.SendsAsync("/account/sign-in", ("email", ana.Person.Email), ("password", Person.Password));
        var copied = ana.Person.Browser.Cookies;
        Assert.Equal(200, await WithAsync(copied));

        await HappensAsync(ana, "signed out on the page");

        Assert.Equal(401, await WithAsync(copied));
        Assert.Equal("Your account", (await elsewhere.GoesToAsync("/account")).Title);

        async Task<int> WithAsync(string cookies)
        {
            using var client = new HttpClient { BaseAddress = hrms.Http.BaseAddress };
            using var request = ana.Web.Request(HttpMethod.Get, "session");
            request.Headers.Add("Cookie", cookies);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
    }

    private static string Everything(Owner ana) => $"fhir/Patient/{ana.App.Id}/$everything?_count=100";

    private static bool IsOfTheBrowser(string what) => what.StartsWith("signed out", StringComparison.Ordinal);

    private Task<LiveStream> ListensAsync(Owner ana, string what) => IsOfTheBrowser(what)
        ? ana.Web.ListensAsync(RecordAdded, new { id = ana.App.Id }) : LiveStream.OpenAsync(hrms.Http, ana.App, RecordAdded, new { id = ana.App.Id });

    /// <summary>Answers when the page that says so is back.</summary>
    private async Task HappensAsync(Owner ana, string what)
    {
        var browser = ana.Person.Browser;
        switch (what)
        {
            case "a passkey was removed":
                await browser.GoesToAsync("/account/passkeys");
                Assert.False((await browser.SendsAsync("/account/passkeys/remove")).Says("Remove this passkey"));
                break;
            case "the app was disconnected":
                await browser.GoesToAsync("/account");
                Assert.False((await browser.SendsAsync("/account/apps/disconnect")).Says("Health Diary"));
                break;
            case "a new password was chosen":
                await browser.GoesToAsync("/account/forgot-password");
                await browser.SendsAsync("/account/forgot-password", ("email", ana.Person.Email));
                await browser.GoesToAsync(ana.Person.NewestLink("/account/new-password"));
                Assert.Equal("Done", (await browser.SendsAsync("/account/new-password", ("password", NewPassword))).Title);
                break;
            case "everybody was signed out":
                await browser.GoesToAsync("/account");
                Assert.Equal("Signed out everywhere", (await browser.SendsAsync("/account/sign-out-everywhere")).Title);
                break;
            case "the account was got back":
                using (var another = await Browser.OpenAsync(hrms))
                {
                    await another.ShowsSheetAsync(ana.Person.Email, ana.Sheet);
                    Assert.Equal("Your account is yours again", (await another.ChoosesPasswordAsync(NewPassword)).Title);
                }
                break;
            case "signed out on the page":
                await browser.GoesToAsync("/account");
                Assert.Equal("Signed out", (await browser.SendsAsync("/account/sign-out")).Title);
                break;
            default:
                using (var answer = await ana.Web.SendsAsync(ana.Web.Request(HttpMethod.Post, "session/sign-out")))
                    Assert.Equal(204, (int)answer.StatusCode);
                break;
        }
    }

    private async Task<Owner> OwnerAsync()
    {
        var person = await Person.SignedInAsync(hrms);
        await person.AddsPasskeyAsync(hrms);
        return new Owner(person, await person.PrintsSheetAsync(), await hrms.AsPatientAsync(person), await WebApp.OfAsync(hrms, person));
    }

    /// <summary>The patient by a token of after all of it.</summary>
    private async Task<Patient> SignedInAnewAsync(Guid patient)
    {
        hrms.Clock.Advance(TimeSpan.FromSeconds(2));
        return await hrms.PatientAsync(patient, await hrms.SignedInAgainAsync(await hrms.TokenAsync(patient: patient)));
    }

    private static System.Text.Json.JsonElement Large(int number)
    {
        var lab = JsonNode.Parse(Clinic.LabResult($"2025-03-01T08:{number / 60:00}:{number % 60:00}Z").GetRawText())!.AsObject();
        lab["note"] = new JsonArray(new JsonObject { ["text"] = new string('x', RecordBytes) });
        return System.Text.Json.JsonSerializer.SerializeToElement(lab);
    }

    /// <summary>A connection that takes little at a time.</summary>
    private static async ValueTask<Stream> SmallAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed record Owner(Person Person, string Sheet, Patient App, WebApp Web) : IDisposable
    {
        public void Dispose() => Person.Dispose();
    }
}

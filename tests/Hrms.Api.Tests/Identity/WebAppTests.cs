using System.Net;
using System.Net.WebSockets;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Api.Tests.Organizations;
using Hrms.Contracts;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace Hrms.Api.Tests.Identity;

/// <summary>Our own web app has the session's cookie in the place of tokens: nobody else's page, and nothing beside it, can use that cookie.</summary>
[Collection(nameof(TimeTravel))]
public sealed class WebAppTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WhoIsSignedIn_IsKnownToTheApp_AndReadsAndWritesByTheCookieAlone()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var session = (await app.SessionAsync())!.Value;
        Assert.Equal(("patient", ana.Email, "https://refeds.org/profile/sfa"), (session.GetProperty("kind").GetString(), session.GetProperty("email").GetString(), session.GetProperty("acr").GetString()));
        var id = session.GetProperty("id").GetGuid();

        Assert.Equal(id, (await app.AsksAsync(WebApp.Viewer)).Data.GetProperty("viewer").GetProperty("id").GetGuid());
        var lee = await hrms.PractitionerAsync();
        var granted = await app.AsksAsync(
            "mutation($input: GrantConsentInput!) { grantConsent(input: $input) { consent { status } errors { code } } }",
            new { input = new { commandId = Guid.NewGuid(), patient = id, grantee = new { practitioner = lee.Id }, purposes = new[] { "TREAT" }, data = new { classes = new[] { DataClass.Laboratory } } } });
        Assert.Equal("ACTIVE", granted.Data.GetProperty("grantConsent").GetProperty("consent").GetProperty("status").GetString());
        using var everything = await app.SendsAsync(app.Request(HttpMethod.Get, $"fhir/Patient/{id}/$everything"));
        Assert.Equal(HttpStatusCode.OK, everything.StatusCode);
    }

    [Theory]
    [InlineData("X-CSRF", null)]
    [InlineData("Origin", "https://elsewhere.example"), InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site"), InlineData("Sec-Fetch-Site", "same-site"), InlineData("Sec-Fetch-Site", "none")]
    public async Task APageOfAnotherSite_IsNobody_WhateverCookieTheBrowserSendsAlong(string header, string? value)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        HttpRequestMessage Forged(HttpRequestMessage request)
        {
            request.Headers.Remove(header);
            if (value is not null)
                request.Headers.Add(header, value);
            return request;
        }

        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(Forged(app.Request(HttpMethod.Post, "graphql", new { query = WebApp.Viewer })))).Error);
        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(Forged(app.Request(HttpMethod.Get, $"graphql?query={Uri.EscapeDataString(WebApp.Viewer)}")))).Error);
        using var export = await app.SendsAsync(Forged(app.Request(HttpMethod.Get, $"fhir/Patient/{Guid.NewGuid()}/$everything")));
        Assert.Equal(HttpStatusCode.Unauthorized, export.StatusCode);
        using var signOut = await app.SendsAsync(Forged(app.Request(HttpMethod.Post, "session/sign-out")));
        Assert.Equal(HttpStatusCode.Forbidden, signOut.StatusCode);
        Assert.NotNull(await app.SessionAsync());
    }

    [Fact]
    public async Task ARequestThatSaysNothingOfItsOrigin_IsNobodys()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var request = app.Request(HttpMethod.Post, "graphql", new { query = WebApp.Viewer });
        request.Headers.Remove("Origin");
        request.Headers.Remove("Sec-Fetch-Site");
        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(request)).Error);
    }

    [Theory]
    [InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData("multipart/form-data; boundary=x")]
    public async Task WhatAFormCanSend_IsNoRequest(string contentType)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var request = app.Request(HttpMethod.Post, "graphql");
        request.Content = new StringContent($$"""{"query":"{{WebApp.Viewer}}"}""");
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        Assert.Equal(415, (await app.AsksAsync(request)).Status);
    }

    [Fact]
    public async Task BesideAToken_TheCookieIsNothing()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (app, ben) = (await WebApp.OfAsync(hrms, ana), await hrms.PatientAsync());
        HttpRequestMessage With(string authorization)
        {
            var request = app.Request(HttpMethod.Post, "graphql", new { query = WebApp.Viewer });
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            return request;
        }

        Assert.Equal(ben.Id, (await app.AsksAsync(With($"Bearer {ben.Token}"))).Data.GetProperty("viewer").GetProperty("id").GetGuid());
        foreach (var bad in new[] { "Bearer nonsense", "Bearer ", "Basic YTpi", "" })
            Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(With(bad))).Error);
    }

    [Theory]
    [InlineData("ingest/v1/samples"), InlineData("operations"), InlineData("metrics")]
    public async Task ElsewhereTheCookieIsNothing(string address)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        using var answer = await app.SendsAsync(app.Request(address.StartsWith("ingest", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, address));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task ASocket_TakesTheCookieFromOurOwnOriginAlone()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var url = $"{app.Origin}/graphql";
        Assert.Equal((await app.SessionAsync())!.Value.GetProperty("id").GetGuid(), await ViewerAsync(app.Origin));
        Assert.Null(await ViewerAsync(null));
        await Assert.ThrowsAsync<WebSocketException>(() => ViewerAsync("https://elsewhere.example"));

        async Task<Guid?> ViewerAsync(string? origin)
        {
            await using var socket = await SocketClient.ConnectAsync(url, origin, cookies: ana.Browser.Cookies);
            await socket.SubscribeAsync("1", WebApp.Viewer);
            var told = await socket.ReceiveAsync();
            return told.GetProperty("payload").TryGetProperty("data", out var data) && data.ValueKind == System.Text.Json.JsonValueKind.Object
                && data.GetProperty("viewer") is { ValueKind: System.Text.Json.JsonValueKind.Object } viewer ? viewer.GetProperty("id").GetGuid() : null;
        }
    }

    [Fact]
    public async Task AStreamOfEvents_TakesTheCookie()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var request = app.Request(HttpMethod.Post, "graphql", new { query = WebApp.Viewer });
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await app.SendsAsync(request);
        Assert.Contains("\"kind\":\"PATIENT\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedOut_TheBrowserForgets_AndTheAppIsNobodys()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        using var answer = await app.SendsAsync(app.Request(HttpMethod.Post, "session/sign-out"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("\"cookies\"", answer.Headers.GetValues("Clear-Site-Data").Single(), StringComparison.Ordinal);
        Assert.Null(await app.SessionAsync());
        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(WebApp.Viewer)).Error);
    }

    [Fact]
    public async Task SignedOutEverywhere_ByWhateverWay_TheAppIsNobodysAtOnce()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var id = (await app.SessionAsync())!.Value.GetProperty("id").GetGuid();
        (await (await hrms.PatientAsync(id)).SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = id }, "endedAt")).Done();
        Assert.Null(await app.SessionAsync());
        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(WebApp.Viewer)).Error);
    }

    [Fact]
    public async Task WhoBelongsNowhereAnyMore_IsNobodyToTheApp()
    {
        var hospital = await hrms.HospitalAsync();
        var app = await WebApp.OfAsync(hrms, hospital.Administrator);
        Assert.Equal("ADMINISTRATOR", (await app.AsksAsync(WebApp.Viewer)).Data.GetProperty("viewer").GetProperty("kind").GetString());
        (await (await hrms.OperatorAsync()).SendsAsync("excludeOrganization", new { organization = hospital.Id, reason = "No hospital any more" }, "accounts { admission }")).Done();
        Assert.Equal("UNAUTHENTICATED", (await app.AsksAsync(WebApp.Viewer)).Error);
    }

    [Fact]
    public async Task WhatAsksForAFreshSignIn_GetsItOnThePage_WhichLeadsBackToTheApp()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var id = (await app.SessionAsync())!.Value.GetProperty("id").GetGuid();
        hrms.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await ExportsAsync());

        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/session/sign-in?returnUrl=/app/export")).Title);
        await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        Assert.Equal("/app/export", ana.Browser.Page.Response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, await ExportsAsync());

        async Task<HttpStatusCode> ExportsAsync()
        {
            using var answer = await app.SendsAsync(app.Request(HttpMethod.Get, $"fhir/Patient/{id}/$everything"));
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("https://elsewhere.example/app"), InlineData("//elsewhere.example/app"), InlineData("/\\elsewhere.example"), InlineData("/application"), InlineData("/account/sign-out")]
    public async Task ASignIn_LeadsNowhereElse(string returnUrl)
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync($"/session/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password))).Title);
    }

    /// <summary>Session fixation: who has planted a cookie of theirs in somebody's browser has nothing of the session that begins there.</summary>
    [Fact]
    public async Task ASignIn_BeginsASessionOfItsOwn_WhateverCookieWasThereBefore()
    {
        using var attacker = await Person.SignedInAsync(hrms);
        var planted = Sessions(attacker).Single();
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/sign-out");
        ana.Browser.Keeps(planted);
        Assert.True((await ana.Browser.GoesToAsync("/account")).Says(attacker.Email));

        await ana.SignsInAsync();

        Assert.NotEqual(planted, Sessions(ana).Single());
        Assert.True((await ana.Browser.GoesToAsync("/account")).Says(ana.Email));
        Assert.True((await attacker.Browser.GoesToAsync("/account")).Says(attacker.Email));

        static IEnumerable<string> Sessions(Person person) => person.Browser.Cookies.Split("; ").Where(cookie => cookie.StartsWith("hrms-session=", StringComparison.Ordinal));
    }

    /// <summary>The prefix has browsers refuse the cookie from a site beside ours, for a part of our site, and in the clear (RFC 6265bis, 4.1.3.2).</summary>
    [Fact]
    public void OverTls_EveryCookieOfASignIn_HasThePrefix()
    {
        var second = new CookieAuthenticationOptions();
        HrmsAccounts.ConfigureSecondFactor(second, secure: true);
        Assert.Equal(("__Host-hrms-second-factor", true, CookieSecurePolicy.Always, SameSiteMode.Strict), (second.Cookie.Name, second.Cookie.HttpOnly, second.Cookie.SecurePolicy, second.Cookie.SameSite));
        Assert.Null(second.Cookie.Domain);
        Assert.Null(second.Cookie.Path);
    }

    [Fact]
    public void OverTls_TheCookieIsOfThisHostAlone_AndNoScriptReadsIt()
    {
        var cookie = new CookieAuthenticationOptions();
        SessionOf.Configure(cookie, secure: true);
        Assert.Equal(("__Host-hrms-session", true, CookieSecurePolicy.Always, SameSiteMode.Lax), (cookie.Cookie.Name, cookie.Cookie.HttpOnly, cookie.Cookie.SecurePolicy, cookie.Cookie.SameSite));
        Assert.Null(cookie.Cookie.Domain);
    }
}

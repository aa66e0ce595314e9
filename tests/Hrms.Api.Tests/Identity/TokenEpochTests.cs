using System.Globalization;
using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>Who signs out everywhere, or changes how they sign in, has ended every token of before, whoever issued it and wherever it is used.</summary>
[Collection(nameof(TimeTravel))]
public sealed class TokenEpochTests(HrmsFixture hrms)
{
    private const string Consents = "query($id: ID!) { patient(id: $id) { consents { id } } }";

    [Fact]
    public async Task SigningOutEverywhere_EndsTokensOfOurServerAndOfOthers_AndANewSignInGoesOn()
    {
        using var person = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(person);
        var (ours, of) = (new Bearer(hrms, tokens.Access), await new Bearer(hrms, tokens.Access).ViewerAsync());
        var elsewhere = new Bearer(hrms, await OfAnotherServerAsync(of!.Value));
        Assert.Null((await ours.AsksAsync(Consents, new { id = of })).Error);
        Assert.Null((await elsewhere.AsksAsync(Consents, new { id = of })).Error);

        await person.Browser.GoesToAsync("/account");
        Assert.Equal("Signed out everywhere", (await person.Browser.SendsAsync("/account/sign-out-everywhere")).Title);

        Assert.Equal("UNAUTHENTICATED", (await ours.AsksAsync(Consents, new { id = of })).Error);
        Assert.Equal("UNAUTHENTICATED", (await elsewhere.AsksAsync(Consents, new { id = of })).Error);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Equal("Sign in", (await person.Browser.GoesToAsync("/account")).Title);

        await person.SignsInAsync();
        var anew = new Bearer(hrms, (await new OAuthApp(hrms).IsConnectedAsync(person)).Access);
        Assert.Null((await anew.AsksAsync(Consents, new { id = of })).Error);
        hrms.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await new Bearer(hrms, await OfAnotherServerAsync(of.Value)).AsksAsync(Consents, new { id = of })).Error);
        var lines = await (await hrms.PatientAsync(of.Value, await OfAnotherServerAsync(of.Value))).HistoryAsync();
        Assert.Equal(2, lines.Count(line => line is { Permitted: false, Reason: "TOKEN_ENDED" }));
    }

    [Fact]
    public async Task TheMutation_EndsTheCallersTokenToo_ItsCodesRefreshTokensAndBrowserSessions()
    {
        using var person = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(person);
        var code = await app.IsAllowedAsync(person);
        var ours = new Bearer(hrms, tokens.Access);
        var id = await ours.ViewerAsync();

        var command = new { commandId = Guid.NewGuid(), patient = id };
        Assert.Null((await ours.SendsAsync("signOutEverywhere", command, "endedAt")).Refusal);

        Assert.Equal("UNAUTHENTICATED", (await ours.SendsAsync("signOutEverywhere", command, "endedAt")).Refusal);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Equal("invalid_grant", (await app.ExchangesAsync(code)).Error);
        Assert.Equal("Sign in", (await app.AsksAsync(person.Browser)).Title);
    }

    [Fact]
    public async Task EveryWayIn_IsClosedToAnOldToken()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ben.AddsAsync(Clinic.LabResult());
        await ben.AppointsAsync(ana, DelegateLevel.Full);
        var (guardian, app) = (await hrms.ActingForAsync(ana, ben), await hrms.AppOfAsync(ana, "patient/*.crus"));
        Assert.Single(await guardian.SeesAsync(ben));

        (await ana.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();

        foreach (var old in new[] { ana, app })
        {
            Assert.Equal("UNAUTHENTICATED", (await old.TriesToReadAsync(ana, lab)).Error);
            Assert.Equal("UNAUTHENTICATED", (await old.AsksAsync("query($id: ID!) { patient(id: $id) { records { totalCount } } }", new { id = ana.Id })).Error);
            Assert.Equal("UNAUTHENTICATED", (await old.AddsToAsync(ana, Clinic.LabResult())).Refusal);
            Assert.Equal("UNAUTHENTICATED", (await old.AmendsAsync(ana, lab, 1, Clinic.LabResult())).Refusal);
        }
        Assert.Equal("UNAUTHENTICATED", (await ana.TriesToEraseAsync(ana)).Refusal);
        Assert.Equal("UNAUTHENTICATED", (await ana.TriesToAppointAsync(ana, ben, DelegateLevel.View)).Refusal);
        Assert.Equal("UNAUTHENTICATED", (await guardian.AsksAsync("query($id: ID!) { patient(id: $id) { records { totalCount } } }", new { id = ben.Id })).Error);
        Assert.Equal("UNAUTHENTICATED", (await guardian.AddsToAsync(ben, Clinic.LabResult())).Refusal);
    }

    /// <summary>Only the patient's grain knows that it was ended; over HTTP that looks as with any other token that is no good (RFC 6750, section 3), whatever was asked, and the body says what it says anyway.</summary>
    [Fact]
    [Trait("Fault", "F39")]
    public async Task AnEndedToken_Is401_WhateverIsAsked()
    {
        var ana = await hrms.PatientAsync();
        (await ana.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();

        foreach (var (query, accept) in new[]
        {
            (Consents, "application/json"), ("query($id: ID!) { viewer { kind } patient(id: $id) { id consents { id } } }", "application/graphql-response+json"),
            ("mutation($id: ID!) { revokeConsent(input: { commandId: $id, patient: $id, consent: $id }) { errors { code } } }", "application/graphql-response+json"),
            // Who does not ask for what was wrong is told by the status.
            ("mutation($id: ID!) { revokeConsent(input: { commandId: $id, patient: $id, consent: $id }) { consent { id } } }", "application/json"),
            ("subscription($id: ID!) { noticeAdded(patient: $id) { kind } }", "text/event-stream"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = System.Net.Http.Json.JsonContent.Create(new { query, variables = new { id = ana.Id } }) };
            request.Headers.Authorization = new("Bearer", ana.Token);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((query, 401, "Bearer error=\"invalid_token\""), (query, (int)answer.StatusCode, $"{answer.Headers.WwwAuthenticate}"));
        }
        var page = await ana.GetsOnceAsync($"fhir/Patient/{ana.Id}/$everything");
        Assert.Equal((401, "Bearer error=\"invalid_token\""), (page.Status, page.Challenge));
    }

    [Fact, Trait("Fault", "F35")]
    [Trait("Fault", "F35")]
    public async Task StreamsThatRun_AreEnded_AlsoWhereTheDelegateListens()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        await ben.AppointsAsync(ana, DelegateLevel.Full);
        await using var own = await OpenAsync(ana, ana);
        await using var wards = await OpenAsync(await hrms.ActingForAsync(ana, ben), ben);

        (await ana.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();
        await ben.AddsAsync(Clinic.LabResult());

        await own.EndsAsync(TimeSpan.FromSeconds(10));
        await wards.EndsAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task ANewPassword_EndsWhatWasGivenOutBefore_AtOnce()
    {
        using var person = await Person.SignedInAsync(hrms);
        var ours = new Bearer(hrms, (await new OAuthApp(hrms).IsConnectedAsync(person)).Access);
        var id = await ours.ViewerAsync();
        await person.Browser.GoesToAsync("/account/forgot-password");
        await person.Browser.SendsAsync("/account/forgot-password", ("email", person.Email));
        await person.Browser.GoesToAsync(person.NewestLink("/account/new-password"));
        Assert.Null((await ours.AsksAsync(Consents, new { id })).Error);

        await person.Browser.SendsAsync("/account/new-password", ("password", "other words, still mine"));

        Assert.Equal("UNAUTHENTICATED", (await ours.AsksAsync(Consents, new { id })).Error);
    }

    [Fact]
    public async Task NobodyElse_EndsAPatientsTokens()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        foreach (var other in new Party[] { drLee, await hrms.PatientAsync() })
            Assert.Equal("NOT_FOUND", (await other.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Refusal);
        Assert.Empty(await ana.ConsentsAsync());
    }

    private Task<LiveStream> OpenAsync(Party listener, Patient patient) =>
        LiveStream.OpenAsync(hrms.Http, listener, "subscription($id: ID!) { noticeAdded(patient: $id) { kind } }", new { id = patient.Id });

    /// <summary>A token of a server that knows of no epochs, issued by the installation's clock.</summary>
    private async Task<string> OfAnotherServerAsync(Guid patient)
    {
        var issued = new Claim("iat", hrms.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);
        return (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>()
            .Issue([.. TokenCommand.Claims(patient, null, null, null, false)!, issued], TimeSpan.FromDays(400), TimeProvider.System);
    }
}

using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Identity;

/// <summary>What can do harm that lasts asks for a sign-in of the last minutes, in a way that an app can act on.</summary>
[Collection(nameof(TimeTravel))]
public sealed class StepUpTests(HrmsFixture hrms)
{
    private const string Needed = "INSUFFICIENT_USER_AUTHENTICATION";

    [Fact]
    public async Task AnOldSignIn_IsToldToSignInAgain_AndWithANewOneItIsDone()
    {
        using var person = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(person);
        var fresh = new Bearer(hrms, tokens.Access);
        var id = (await fresh.ViewerAsync())!.Value;
        Assert.Null((await AppointsAsync(fresh, id)).Refusal);

        hrms.Clock.Advance(TimeSpan.FromMinutes(6));
        var old = new Bearer(hrms, (await app.RefreshesAsync(tokens.Refresh)).Access);
        var refused = await AppointsAsync(old, id);
        Assert.Equal(Needed, refused.Refusal);
        Assert.Contains("max_age=300", refused.Message, StringComparison.Ordinal);
        Assert.Equal(300, refused.Payload.GetProperty("errors")[0].GetProperty("maxAge").GetInt32());
        Assert.Empty((await old.AsksAsync("query($id: ID!) { patient(id: $id) { consents { id } } }", new { id })).Patient.GetProperty("consents").EnumerateArray());

        Assert.Equal("Sign in", (await app.AsksAsync(person.Browser, ("max_age", "300"))).Title);
        Assert.Equal("Connect Health Diary?", (await person.Browser.SendsAsync("/account/sign-in", ("email", person.Email), ("password", Person.Password))).Title);
        var code = OAuthApp.Of(await person.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code")!;
        Assert.Null((await AppointsAsync(new Bearer(hrms, (await app.ExchangesAsync(code)).Access), id)).Refusal);
    }

    [Fact]
    public async Task WhatAsksForAFreshSignIn_AndWhoIsNotAskedLearnsNothingByIt()
    {
        var (ana, drLee, stranger) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PatientAsync());
        hrms.Clock.Advance(TimeSpan.FromMinutes(10));
        var ghost = Guid.NewGuid();
        object Input(Guid patient, object more) => Merged(new { commandId = Guid.NewGuid(), patient }, more);
        (string Mutation, object More, Party Who, string Fields)[] harmful =
        [
            ("appointDelegate", new { @delegate = Guid.NewGuid(), role = DelegateRole.Representative, level = DelegateLevel.View }, ana, "delegation { id }"),
            ("chooseDefaultPolicy", new { policy = DefaultPolicy.Permit }, ana, "policy { default }"),
            ("changeOptOut", new { optedOut = true, impactAcknowledged = true }, ana, "policy { optedOut }"),
            ("eraseRecord", new { impactAcknowledged = true }, ana, "certificate { id }"),
            ("breakGlass", new { reason = "Unconscious", minutes = 5 }, drLee, "glass { id }"),
        ];
        foreach (var (mutation, more, who, fields) in harmful)
        {
            Assert.Equal(Needed, (await who.SendsOnceAsync(mutation, Input(ana.Id, more), fields)).Refusal);
            var asStranger = who == drLee ? drLee : (Party)stranger;
            Assert.Equal(
                (await asStranger.SendsOnceAsync(mutation, Input(ghost, more), fields)).Refusal, (await asStranger.SendsOnceAsync(mutation, Input(ana.Id, more), fields)).Refusal);
        }
        Assert.Empty(await ana.NoticesAsync());
    }

    [Fact]
    public async Task ThePatientsOwnKey_IsRegisteredAndRetired_AfterAFreshSignInAlone()
    {
        var (ana, phone) = (await hrms.PatientAsync(), await hrms.AuthenticatorAsync());
        hrms.Clock.Advance(TimeSpan.FromMinutes(10));
        var (creation, request) = await ana.BeginsKeyAsync();
        phone.Creates(creation);
        var input = Signing.KeyInput(ana, phone, phone.Gets(request));
        Assert.Equal(Needed, (await ana.SendsOnceAsync("registerPatientKey", input, Signing.KeyFields)).Refusal);
        Assert.Empty(await ana.KeysAsync());

        // The authenticator need not be asked again.
        var registered = (await (await ana.SignedInAgainAsync()).SendsOnceAsync("registerPatientKey", input, Signing.KeyFields)).Done();
        var retire = new { commandId = Guid.NewGuid(), patient = ana.Id, patientKey = registered.Payload.GetProperty("patientKey").GetProperty("id").GetGuid() };
        Assert.Equal(Needed, (await ana.SendsOnceAsync("retirePatientKey", retire, Signing.KeyFields)).Refusal);
        (await (await ana.SignedInAgainAsync()).SendsOnceAsync("retirePatientKey", retire, Signing.KeyFields)).Done();
    }

    [Fact]
    public async Task TheWholeRecord_IsTakenAwayAfterAFreshSignIn_AndTheAnswerSaysWhichOne()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.AddsAsync(Clinic.Prescription());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var app = await hrms.AppOfAsync(ana, "patient/*.rs");
        hrms.Clock.Advance(TimeSpan.FromMinutes(10));
        var everything = $"fhir/Patient/{ana.Id}/$everything?_count=1";

        var refused = await ana.GetsOnceAsync(everything);
        Assert.Equal(401, refused.Status);
        Assert.Equal("login", refused.Issue.Code);
        Assert.Contains("error=\"insufficient_user_authentication\"", refused.Challenge, StringComparison.Ordinal);
        Assert.Contains("max_age=\"300\"", refused.Challenge, StringComparison.Ordinal);

        // An app goes on with what its screen said, and a doctor with what the consent says.
        Assert.Single((await app.GetsOnceAsync(everything)).Records);
        Assert.Equal(200, (await drLee.GetsOnceAsync(everything)).Status);

        // Reading all pages takes longer than a sign-in is fresh.
        var again = await ana.SignedInAgainAsync();
        var first = await again.GetsOnceAsync(everything);
        Assert.Single(first.Records);
        hrms.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await again.GetsOnceAsync(first.Next!)).Status);
        hrms.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(401, (await again.GetsOnceAsync(first.Next!)).Status);
    }

    [Fact]
    public async Task WhatOnlyNarrows_IsInNobodysWay()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var delegation = await ana.AppointsAsync(ben, DelegateLevel.Full);
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        hrms.Clock.Advance(TimeSpan.FromMinutes(10));

        (await ana.SendsOnceAsync("endDelegation", new { commandId = Guid.NewGuid(), patient = ana.Id, delegation }, "delegation { id }")).Done();
        (await ana.SendsOnceAsync("revokeConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, consent = consent.Id }, "consent { id }")).Done();
        (await ana.SendsOnceAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();
    }

    private static Task<Reply> AppointsAsync(Party asker, Guid patient) => asker.SendsOnceAsync(
        "appointDelegate",
        new { commandId = Guid.NewGuid(), patient, @delegate = Guid.NewGuid(), role = DelegateRole.Representative, level = DelegateLevel.View }, "delegation { id }");

    private static Dictionary<string, object?> Merged(params object[] parts) => parts.SelectMany(part => part.GetType().GetProperties(), (part, property) => KeyValuePair.Create(property.Name, property.GetValue(part))).ToDictionary();
}

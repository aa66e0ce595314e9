using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Organizations;

/// <summary>SMART App Launch 2, EHR launch: the hospital's system opens an app for the patient whom its doctor has before her; and a doctor chooses a patient where nothing was launched.</summary>
[Trait("Feature", "70"), Collection(nameof(TimeTravel))]
public sealed class EhrLaunchTests(HrmsFixture hrms)
{
    private const string Wanted = "launch openid offline_access patient/Observation.rs";

    [Fact]
    public async Task TheApp_IsToldWhichPatientIsOpen_AndReachesThisPatientAlone()
    {
        var (hospital, kim, doctor, ana, ben) = await WorldAsync();
        var (lab, bens) = (await ana.AddsAsync(Clinic.LabResult()), await ben.AddsAsync(Clinic.LabResult()));
        await ana.AddsAsync(Clinic.Prescription());
        foreach (var patient in new[] { ana, ben })
            await patient.PermitsAsync(new { practitioner = doctor });
        var stay = Guid.NewGuid();
        var app = new OAuthApp(hrms, TestApps.Chart);

        var page = await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", await LaunchAsync(hospital, ana.Id, doctor, stay)));
        Assert.True(page.Says($"{ana.Id}") && page.Says("see this patient's measurements and test results"), page.Html);
        var tokens = await app.ExchangesAsync(OAuthApp.Of(await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code")!);

        Assert.Equal((ana.Id, stay), (tokens.Body.GetProperty("patient").GetGuid(), tokens.Body.GetProperty("encounter").GetGuid()));
        var refreshed = await app.RefreshesAsync(tokens.Refresh);
        Assert.Equal((ana.Id, stay), (refreshed.Body.GetProperty("patient").GetGuid(), refreshed.Body.GetProperty("encounter").GetGuid()));
        foreach (var chart in new[] { new Bearer(hrms, tokens.Access), new Bearer(hrms, refreshed.Access) })
        {
            Assert.Equal([lab], await chart.SeesAsync(ana));
            Assert.Empty(await chart.SeesAsync(ben));
            Assert.Null(await chart.ReadsAsync(ben, bens));
        }
    }

    /// <summary>By a client that others wrote (the npm package <c>openid-client</c>), which is told the FHIR base and the handle, and nothing else.</summary>
    [Fact]
    public async Task AnIndependentApp_CompletesTheLaunch()
    {
        var (hospital, kim, doctor, ana, ben) = await WorldAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ben.AddsAsync(Clinic.LabResult());
        foreach (var patient in new[] { ana, ben })
            await patient.PermitsAsync(new { practitioner = doctor });
        var stay = Guid.NewGuid();
        var fhir = (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().At("/fhir").AbsoluteUri;
        var ahead = (long)hrms.Clock.Ahead.TotalSeconds;
        using var chart = new ClientOfOthers("launch.mjs", fhir, await LaunchAsync(hospital, ana.Id, doctor, stay), TestApps.Chart, TestApps.Redirect, Wanted, $"{ahead}");
        var page = await kim.Browser.GoesToAsync((await chart.QuestionAsync()).PathAndQuery);
        Assert.True(page.Says($"{ana.Id}"), page.Html);
        await chart.TellsAsync((await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow"))).Location!.AbsoluteUri);
        var done = await chart.EndsAsync();

        Assert.Equal((ana.Id, stay), (done.GetProperty("patient").GetGuid(), done.GetProperty("encounter").GetGuid()));
        Assert.Equal(ana.Id, done.GetProperty("refreshedPatient").GetGuid());
        Assert.Contains(done.GetProperty("capabilities").EnumerateArray(), capability => capability.GetString() == "launch-ehr");
        var bearer = new Bearer(hrms, done.GetProperty("access").GetString()!);
        Assert.Equal([lab], await bearer.SeesAsync(ana));
        Assert.Empty(await bearer.SeesAsync(ben));
    }

    [Fact]
    public async Task AHandle_IsGoodOnce_ForItsApp_ItsPractitioner_AndFiveMinutes()
    {
        var (hospital, kim, doctor, ana, _) = await WorldAsync();
        var app = new OAuthApp(hrms, TestApps.Chart);
        var used = await LaunchAsync(hospital, ana.Id, doctor);
        await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", used));
        Assert.NotNull(OAuthApp.Of(await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code"));
        await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", used));
        Assert.Equal("invalid_request", OAuthApp.Of(await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "error"));

        var late = await LaunchAsync(hospital, ana.Id, doctor);
        var ofAnotherApp = await LaunchAsync(hospital, ana.Id, doctor, app: TestApps.Diary);
        using var other = await hrms.SomebodyAsync();
        var otherDoctor = (await hospital.InvitesAsync(other, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();
        await other.ComesInAsync(hrms);
        var ofAnother = await LaunchAsync(hospital, ana.Id, otherDoctor);
        foreach (var bad in new[] { ofAnotherApp, ofAnother, "AAAA", "not a handle" })
            Assert.Equal("invalid_request", OAuthApp.Of(await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", bad)), "error"));
        Assert.Equal("invalid_request", OAuthApp.Of(await app.AsksAsync(kim.Browser, ("scope", "openid"), ("launch", late)), "error"));
        Assert.Equal("invalid_scope", OAuthApp.Of(await app.AsksAsync(kim.Browser, ("scope", Wanted)), "error"));
        hrms.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("invalid_request", OAuthApp.Of(await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", late)), "error"));
    }

    /// <summary>What the launch named, in words; and of whom she may not see, or who never was, not a letter more or less.</summary>
    [Fact, Trait("Feature", "25")]
    public async Task TheScreen_SaysWhoLaunched_ForWhom_AndWhichStay_AlikeForWhoSharesNothing_AndForNobody()
    {
        var (hospital, kim, doctor, ana, ben) = await WorldAsync();
        await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { practitioner = doctor });
        List<string> screens = [];
        foreach (var patient in new[] { ana.Id, ben.Id, Guid.NewGuid() })
        {
            var stay = Guid.NewGuid();
            var launch = await LaunchAsync(hospital, patient, doctor, stay);
            var page = await new OAuthApp(hrms, TestApps.Chart).AsksAsync(kim.Browser, ("scope", Wanted), ("launch", launch));
            Assert.True(page.Says("The system of General Hospital opened the app for you.") && page.Says("For one patient alone:") && page.Says("which visit or stay is open:"), page.Html);
            Assert.Contains($"<code>{patient}</code>", page.Html, StringComparison.Ordinal);
            Assert.Contains($"<code>{stay}</code>", page.Html, StringComparison.Ordinal);
            screens.Add(page.Html[page.Html.IndexOf("<h1>", StringComparison.Ordinal)..page.Html.IndexOf("<form", StringComparison.Ordinal)].Replace($"{patient}", "P", StringComparison.Ordinal).Replace($"{stay}", "E", StringComparison.Ordinal));
        }
        Assert.Single(screens.Distinct());

        var none = await new OAuthApp(hrms, TestApps.Chart).AsksAsync(kim.Browser, ("scope", Wanted), ("launch", await LaunchAsync(hospital, ana.Id, doctor)));
        Assert.False(none.Says("which visit or stay is open"));
    }

    [Fact, Trait("Feature", "25")]
    public async Task AHandle_IsMadeAlike_ForAPatientWhoSharesNothing_AndForNobody_AndOpensNothing()
    {
        var (hospital, kim, doctor, ana, _) = await WorldAsync();
        await ana.AddsAsync(Clinic.LabResult());
        foreach (var patient in new[] { ana.Id, Guid.NewGuid() })
        {
            var app = new OAuthApp(hrms, TestApps.Chart);
            Assert.Equal("Connect Growth Chart?", (await app.AsksAsync(kim.Browser, ("scope", Wanted), ("launch", await LaunchAsync(hospital, patient, doctor)))).Title);
            var tokens = await app.ExchangesAsync(OAuthApp.Of(await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow")), "code")!);
            Assert.Equal(patient, tokens.Body.GetProperty("patient").GetGuid());
            Assert.Empty(await new Bearer(hrms, tokens.Access).SeesAsync(await hrms.PatientAsync(patient, tokens.Access)));
        }
    }

    [Fact]
    public async Task OnlyAnOrganisationsSystem_Launches_AndOnlyForItsOwnPractitioners()
    {
        var (hospital, _, doctor, ana, _) = await WorldAsync();
        foreach (var party in new Party[] { hospital.Token, ana, await hrms.OperatorAsync() })
            Assert.Equal("FORBIDDEN", (await TriesToLaunchAsync(party, ana.Id, doctor)).Refusal);
        var elsewhere = new Bearer(hrms, await hrms.TokenAsync(organization: (await hrms.HospitalAsync("Elsewhere")).Id));
        Assert.Equal("NOT_FOUND", (await TriesToLaunchAsync(elsewhere, ana.Id, doctor)).Refusal);
    }

    [Fact]
    public async Task WithoutALaunch_TheDoctorChooses_AmongThoseWhoShareWithHer()
    {
        var (_, kim, doctor, ana, ben) = await WorldAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { practitioner = doctor });
        var app = new OAuthApp(hrms, TestApps.Chart);
        var page = await Deadline.UntilAsync("Ana in the doctor's list", async () =>
        {
            var shown = await app.AsksAsync(kim.Browser, ("scope", "openid launch/patient patient/Observation.rs"));
            return shown.Says($"{ana.Id}") ? shown : null;
        });
        Assert.True(page.Says("For which patient?") && !page.Says($"{ben.Id}"));

        Assert.True((await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow"), ("patient", $"{ben.Id}"))).Says("For which patient?"));
        var tokens = await app.ExchangesAsync(OAuthApp.Of(await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow"), ("patient", $"{ana.Id}")), "code")!);
        Assert.Equal(ana.Id, tokens.Body.GetProperty("patient").GetGuid());
        Assert.Equal([lab], await new Bearer(hrms, tokens.Access).SeesAsync(ana));
    }

    [Fact]
    public async Task WithoutALaunch_WhoseConsentHasEnded_IsOfferedNoLonger()
    {
        var (_, kim, doctor, ana, ben) = await WorldAsync();
        var end = hrms.Clock.GetUtcNow().AddMinutes(5);
        (await ana.SendsAsync("grantConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, grantee = new { practitioner = doctor }, validUntil = end }, "consent { id }")).Done();
        await ben.PermitsAsync(new { practitioner = doctor });
        var app = new OAuthApp(hrms, TestApps.Chart);
        await Deadline.UntilAsync("both in the doctor's list", async () => await AsksAsync() is var page && page.Says($"{ana.Id}") && page.Says($"{ben.Id}") ? "there" : null);

        hrms.Clock.AdvanceTo(end);

        var shown = await AsksAsync();
        Assert.True(shown.Says("For which patient?") && shown.Says($"{ben.Id}") && !shown.Says($"{ana.Id}"));
        Assert.True((await kim.Browser.SendsAsync("/connect/authorize", ("decision", "allow"), ("patient", $"{ana.Id}"))).Says("For which patient?"));

        Task<PageShown> AsksAsync() => app.AsksAsync(kim.Browser, ("scope", "openid launch/patient patient/Observation.rs"));
    }

    private async Task<(Hospital Hospital, Person Kim, Guid Doctor, Patient Ana, Patient Ben)> WorldAsync()
    {
        var (hospital, kim) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        var doctor = (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();
        await kim.SignsInWithAsync(await kim.AcceptsWithPasskeyAsync(hrms));
        return (hospital, kim, doctor, await hrms.PatientAsync(), await hrms.PatientAsync());
    }

    private async Task<string> LaunchAsync(Hospital hospital, Guid patient, Guid practitioner, Guid? encounter = null, string app = TestApps.Chart) =>
        (await TriesToLaunchAsync(new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id)), patient, practitioner, encounter, app)).Done().Payload.GetProperty("launch").GetString()!;

    private static Task<Reply> TriesToLaunchAsync(Party party, Guid patient, Guid practitioner, Guid? encounter = null, string app = TestApps.Chart) =>
        party.SendsAsync("createLaunch", new { patient, practitioner, app, encounter }, "launch expiresAt");
}

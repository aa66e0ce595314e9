using System.Net;
using System.Net.Http.Headers;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Organizations;

/// <summary>Operators and auditors are invited at the machine, are separate people, and neither sees anything of a record.</summary>
[Collection(nameof(TimeTravel))]
public sealed class InstallationTests(HrmsFixture hrms)
{
    [Fact]
    public async Task TheFirstOperator_ComesByTheCommandsLink_Once_WithinTheHour()
    {
        using var person = await hrms.SomebodyAsync();
        var link = await hrms.LinkOfTheMachineAsync(InvitationKind.Operator, person.Email);
        var clerk = new Bearer(hrms, (await person.ComesInAsync(hrms, link)).Access);
        Assert.Null((await clerk.SendsAsync("registerPatient", new { commandId = Guid.NewGuid() }, "patient { id }")).Refusal);

        using var thief = await Browser.OpenAsync(hrms);
        Assert.Equal("This link is not good any more", (await thief.GoesToAsync(link)).Title);
        var late = await hrms.LinkOfTheMachineAsync(InvitationKind.Operator, $"{Guid.NewGuid():N}@example.org");
        hrms.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("This link is not good any more", (await thief.GoesToAsync(late)).Title);
    }

    [Fact, Trait("Feature", "45")]
    public async Task AnAuditorsLook_ShowsUp()
    {
        var (auditor, clerk) = (await hrms.OfStaffAsync(InvitationKind.Auditor), await hrms.OfStaffAsync(InvitationKind.Operator));
        var who = (await auditor.ViewerAsync())!.Value;
        foreach (var page in new[] { "operations", "metrics", "operations/orleans/DashboardCounters" })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(page, auditor));
        Assert.Null((await auditor.AsksAsync("{ ledger { lane inspection { chainEpoch } } }")).Error);

        var trail = (await clerk.AsksAsync("{ auditTrail(first: 50) { auditor what streamVersion } }")).Data.GetProperty("auditTrail").EnumerateArray()
            .Where(look => look.GetProperty("auditor").GetGuid() == who).Select(look => look.GetProperty("what").GetString()).ToList();
        Assert.Equal(["ledger lane 0", "/operations/orleans/DashboardCounters", "/metrics", "/operations"], trail);
        // Reading the trail is a look, too.
        Assert.Equal("auditTrail", (await auditor.AsksAsync("{ auditTrail(first: 1) { what } }")).Data.GetProperty("auditTrail")[0].GetProperty("what").GetString());
    }

    [Fact]
    public async Task AnAuditor_ChangesNothing()
    {
        var (auditor, lee) = (await hrms.OfStaffAsync(InvitationKind.Auditor), await hrms.PractitionerAsync());
        var clinic = await hrms.OrganizationAsync();
        Assert.Equal("FORBIDDEN", (await auditor.SendsAsync("registerPatient", new { commandId = Guid.NewGuid() }, "patient { id }")).Refusal);
        var paused = await auditor.AsksAsync("mutation($id: ID!) { pauseLane(input: {commandId: $id, lane: 0, reason: \"why not\"}) { errors { code } } }", new { id = Guid.NewGuid() });
        Assert.Equal("FORBIDDEN", paused.Data.GetProperty("pauseLane").GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal("FORBIDDEN", (await auditor.SendsAsync("proposeOrganization", new { organization = clinic.Id, administratorEmail = "a@example.org" }, "accounts { admission }")).Refusal);
        Assert.Equal("NOT_FOUND", (await auditor.SendsAsync("changeMembership", new { organization = clinic.Id, practitioner = lee.Id, member = true }, "provider { members }")).Refusal);
        Assert.Equal("NOT_FOUND", (await auditor.SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = lee.Id }, "endedAt")).Refusal);
    }

    [Fact]
    public async Task NeitherSeesAnythingOfARecord_AlsoWhereThePatientPermitsEveryProvider()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        (await ana.SendsAsync("chooseDefaultPolicy", new { commandId = Guid.NewGuid(), patient = ana.Id, policy = DefaultPolicy.Permit }, "policy { default }")).Done();
        foreach (var kind in new[] { InvitationKind.Operator, InvitationKind.Auditor })
        {
            var staff = await hrms.OfStaffAsync(kind);
            Assert.Empty(await staff.SeesAsync(ana));
            Assert.Null(await staff.ReadsAsync(ana, lab));
        }
    }

    [Fact]
    public async Task WhoIsEndedByAnotherOperator_IsOutAtOnce_AndNobodyEndsThemselves()
    {
        var (first, second) = (await hrms.OfStaffAsync(InvitationKind.Operator), await hrms.OfStaffAsync(InvitationKind.Operator));
        var (me, other) = ((await first.ViewerAsync())!.Value, (await second.ViewerAsync())!.Value);
        Assert.Equal("FORBIDDEN", (await first.SendsAsync("endStaff", new { account = me }, "accounts { staff { account } }")).Refusal);
        (await first.SendsAsync("endStaff", new { account = other }, "accounts { staff { account } }")).Done();
        Assert.False(await second.IsTakenAsync());
        Assert.True(await first.IsTakenAsync());
    }

    [Fact]
    public async Task APractitioner_EndsAllTheirTokens_AndSoDoesAnOrganisation()
    {
        var (ana, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ana.GrantsAsync(hospital, DataClass.Laboratory);
        foreach (var provider in new[] { drLee, hospital })
        {
            Assert.Equal([lab], await provider.SeesAsync(ana));
            (await provider.SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = provider.Id }, "endedAt")).Done();
            Assert.Equal("UNAUTHENTICATED", (await provider.TriesToReadAsync(ana, lab)).Error);
            Assert.Equal("UNAUTHENTICATED", (await provider.AddsToAsync(ana, Clinic.LabResult())).Refusal);
            Assert.Equal("UNAUTHENTICATED", (await provider.AsksAsync("{ viewer { sharingPatients { since } } }")).Error);
            Assert.Equal("UNAUTHENTICATED", (await provider.AsksAsync("{ purgeDuties { consent } }")).Error);
            hrms.Clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal([lab], await new Bearer(hrms, await hrms.SignedInAgainAsync(provider.Token)).SeesAsync(ana));
        }
        Assert.Equal(2, (await ana.HistoryAsync()).Count(line => line is { Permitted: false, Reason: "TOKEN_ENDED", Operation: "record" or "read" }));
    }

    [Fact]
    public async Task AnEndedTokenOfTheHospitalsSystem_ChangesNobodysAccount()
    {
        var (hospital, kim) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        var system = new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id));
        var invitation = (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("id").GetGuid();
        (await system.SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = hospital.Id }, "endedAt")).Done();

        Assert.Equal("UNAUTHENTICATED", (await system.SendsAsync("withdrawInvitation", new { organization = hospital.Id, invitation }, "invitation { status }")).Refusal);
        var administrator = (await hospital.Token.ViewerAsync())!.Value;
        Assert.Equal("UNAUTHENTICATED", (await system.SendsAsync("endStaff", new { organization = hospital.Id, account = administrator }, "accounts { admission }")).Refusal);
        Assert.True(await hospital.Token.IsTakenAsync());
        // The invitation is good as before.
        await kim.AcceptsWithPasskeyAsync(hrms);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, Party party)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", party.Token);
        using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

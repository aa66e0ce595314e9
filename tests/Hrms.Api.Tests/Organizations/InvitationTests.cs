using System.Net;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Organizations;

/// <summary>A practitioner is invited by the hospital that knows them, comes in with a second factor or a passkey, and is out when the hospital says so.</summary>
[Collection(nameof(TimeTravel))]
public sealed class InvitationTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "2")]
    public async Task DrKim_FollowsTheLink_SeesWhatThePatientGaveTheHospital_AndNothingOnceSheLeft()
    {
        var (hospital, ana, kim) = (await hrms.HospitalAsync(), await hrms.PatientAsync(), await hrms.SomebodyAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { organization = hospital.Id }, new { classes = new[] { DataClass.Laboratory } });
        var practitioner = (await hospital.InvitesAsync(kim, "1234567893")).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();

        var key = await kim.AcceptsWithAuthenticatorAsync();
        Assert.Equal("One more step", (await kim.SignsInAsync()).Title);
        Assert.Equal("Your account", (await kim.Browser.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 1)))).Title);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(kim);
        var drKim = new Bearer(hrms, tokens.Access);
        Assert.Equal(practitioner, await drKim.ViewerAsync());
        Assert.Equal([lab], await drKim.SeesAsync(ana));

        (await hospital.Token.SendsAsync("changeMembership", new { organization = hospital.Id, practitioner, member = false }, "provider { members }")).Done();

        Assert.Equal("UNAUTHENTICATED", (await drKim.TriesToReadAsync(ana, lab)).Error);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
        Assert.Equal("Sign in", (await app.AsksAsync(kim.Browser)).Title);
        await kim.SignsInAsync();
        await kim.Browser.SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 2)));
        Assert.Equal("access_denied", OAuthApp.Of(await app.AsksAsync(kim.Browser), "error"));
    }

    [Fact]
    public async Task TwoHospitals_OneAccount_AndLeavingOneLeavesTheOther()
    {
        var (north, south, ana, kim) = (await hrms.HospitalAsync("North"), await hrms.HospitalAsync("South"), await hrms.PatientAsync(), await hrms.SomebodyAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { organization = south.Id }, new { classes = new[] { DataClass.Laboratory } });
        var npi = $"{Guid.NewGuid():N}";
        var practitioner = (await north.InvitesAsync(kim, npi)).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();
        var drKim = new Bearer(hrms, (await kim.ComesInAsync(hrms)).Access);
        Assert.Empty(await drKim.SeesAsync(ana));

        using var atSouth = await hrms.SomebodyAsync();
        (await south.InvitesAsync(atSouth, npi, "cardiologist")).Done();
        var link = atSouth.Link();
        Assert.True((await atSouth.Browser.GoesToAsync(link)).Says("You have an account here."));
        await kim.Browser.GoesToAsync(link);
        Assert.Equal("Welcome", (await kim.Browser.SendsAsync("/account/invitation/accept")).Title);
        Assert.Equal([lab], await drKim.SeesAsync(ana));

        (await north.Token.SendsAsync("changeMembership", new { organization = north.Id, practitioner, member = false }, "provider { members }")).Done();
        Assert.Equal([lab], await drKim.SeesAsync(ana));
    }

    [Fact]
    public async Task TheLink_IsGoodOnce_ForTwoDays_AndUntilItIsWithdrawn()
    {
        var hospital = await hrms.HospitalAsync();
        var (used, late, withdrawn) = (await hrms.SomebodyAsync(), await hrms.SomebodyAsync(), await hrms.SomebodyAsync());
        (await hospital.InvitesAsync(used, $"{Guid.NewGuid():N}")).Done();
        await used.AcceptsWithPasskeyAsync(hrms);
        await AssertOverAsync(used);

        var invitation = (await hospital.InvitesAsync(withdrawn, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("id").GetGuid();
        (await hospital.Token.SendsAsync("withdrawInvitation", new { organization = hospital.Id, invitation }, "invitation { status }")).Done();
        await AssertOverAsync(withdrawn);

        (await hospital.InvitesAsync(late, $"{Guid.NewGuid():N}")).Done();
        Assert.Equal("You are invited", (await late.Browser.GoesToAsync(late.Link())).Title);
        hrms.Clock.Advance(TimeSpan.FromHours(Limits.InvitationHours) + TimeSpan.FromMinutes(1));
        await AssertOverAsync(late);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    public async Task ALinkThatIsNoneOfOurs_LeadsNowhere(string code)
    {
        using var browser = await Browser.OpenAsync(hrms);
        Assert.Equal("This link is not good any more", (await browser.GoesToAsync($"/account/invitation?code={Uri.EscapeDataString(code)}")).Title);
    }

    [Fact]
    public async Task APasswordAlone_IsNoWayIn_NeitherBeforeNorAfterTheAuthenticatorIsThere()
    {
        var (hospital, kim) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done();
        await kim.Browser.GoesToAsync(kim.Link());
        Assert.Equal("Add an authenticator app", (await kim.Browser.SendsAsync("/account/invitation/password", ("password", Person.Password))).Title);
        Assert.True((await kim.Browser.SendsAsync("/account/invitation/authenticator", ("digits", "000000"))).Says("The six digits are not right."));
        Assert.Equal("Sign in", (await kim.SignsInAsync()).Title);

        await kim.AcceptsWithAuthenticatorAsync();
        Assert.Equal("One more step", (await kim.SignsInAsync()).Title);
    }

    [Fact]
    public async Task WhoSignsInByAPasskeyAlone_GetsNoPasswordByMail()
    {
        var (hospital, kim) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done();
        await kim.AcceptsWithPasskeyAsync(hrms);
        await kim.Browser.GoesToAsync("/account/forgot-password");
        await kim.Browser.SendsAsync("/account/forgot-password", ("email", kim.Email));
        Assert.Single(kim.Mails());
    }

    [Fact]
    public async Task WhoInvites_DoesNotLearnWhetherAnAddressHasAnAccount_AndAPatientsStaysAPatients()
    {
        var (hospital, nobody) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        using var ana = await Person.SignedInAsync(hrms);
        var answers = new[] { await hospital.InvitesAsync(nobody, "a-1"), await hospital.InvitesAsync(ana, "a-2") };
        Assert.All(answers, answer => Assert.Equal("OPEN", answer.Done().Payload.GetProperty("invitation").GetProperty("status").GetString()));

        using var elsewhere = await Browser.OpenAsync(hrms);
        await elsewhere.GoesToAsync(ana.Link());
        Assert.True((await elsewhere.SendsAsync("/account/invitation/password", ("password", "other words, not hers"))).Says("This address has an account already"));
        Assert.Equal("Your account", (await ana.SignsInAsync()).Title);
    }

    [Fact]
    public async Task OnlyTheOrganisationInvites_AndAnEarlierInvitationOfTheSameNameChangesNothing()
    {
        var (hospital, other, kim, command) = (await hrms.HospitalAsync(), await hrms.HospitalAsync("Elsewhere"), await hrms.SomebodyAsync(), Guid.NewGuid());
        foreach (var party in new Party[] { other.Token, await hrms.OperatorAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync() })
            Assert.Equal("NOT_FOUND", (await (hospital with { Token = new Bearer(hrms, party.Token) }).InvitesAsync(kim, "b-1")).Refusal);
        Assert.Empty(kim.Mails());

        var first = (await hospital.InvitesAsync(kim, "b-1", command: command)).Done().Payload.GetProperty("invitation").GetProperty("id").GetGuid();
        Assert.Equal(first, (await hospital.InvitesAsync(kim, "b-1", command: command)).Done().Payload.GetProperty("invitation").GetProperty("id").GetGuid());
        Assert.Equal("COMMAND_REUSED", (await hospital.InvitesAsync(kim, "b-2", command: command)).Refusal);
        // The organisation's own system invites, too: its personnel office.
        var system = new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id));
        (await (hospital with { Token = system }).InvitesAsync(kim, "b-3")).Done();
    }

    [Fact]
    public async Task AnAdministrator_SeesNothingOfAnyRecord_WhateverThePatientGaveTheHospital()
    {
        var (hospital, ana) = (await hrms.HospitalAsync(), await hrms.PatientAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { organization = hospital.Id }, new { classes = new[] { DataClass.Laboratory } });
        (await ana.SendsAsync("chooseDefaultPolicy", new { commandId = Guid.NewGuid(), patient = ana.Id, policy = DefaultPolicy.Permit }, "policy { default }")).Done();

        Assert.Empty(await hospital.Token.SeesAsync(ana));
        Assert.Null(await hospital.Token.ReadsAsync(ana, lab));
        Assert.Equal((HttpStatusCode)200, (HttpStatusCode)(await hospital.Token.AsksAsync("{ viewer { sharingPatients { since } } }")).Status);
        Assert.Equal("NOT_FOUND", (await hospital.Token.AddsToAsync(ana, Clinic.LabResult())).Refusal);
    }

    private async Task AssertOverAsync(Person person)
    {
        using var browser = await Browser.OpenAsync(hrms);
        Assert.Equal("This link is not good any more", (await browser.GoesToAsync(person.Link())).Title);
    }
}

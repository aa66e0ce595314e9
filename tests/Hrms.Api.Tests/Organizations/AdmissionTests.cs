using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Organizations;

/// <summary>An organisation comes in by the word of two operators, and is out by the word of one.</summary>
[Collection(nameof(TimeTravel))]
public sealed class AdmissionTests(HrmsFixture hrms)
{
    [Fact]
    public async Task OneOperatorProposes_AnotherAdmits_AndBothNameTheSameAdministrator()
    {
        var (first, second, boss) = (await hrms.OperatorAsync(), await hrms.OperatorAsync(), await hrms.SomebodyAsync());
        var hospital = await first.RegistersAsync(ProviderKind.Organization, "General Hospital", $"{Guid.NewGuid():N}");
        Assert.Equal("WRONG_STATE", (await AdmitsAsync(second, hospital, boss.Email)).Refusal);
        (await first.SendsAsync("proposeOrganization", new { organization = hospital, administratorEmail = boss.Email }, "accounts { admission }")).Done();

        Assert.Equal("FORBIDDEN", (await AdmitsAsync(first, hospital, boss.Email)).Refusal);
        Assert.Equal("INVALID", (await AdmitsAsync(second, hospital, "somebody.else@example.org")).Refusal);
        Assert.Empty(boss.Mails());

        var command = Guid.NewGuid();
        Assert.Null((await AdmitsAsync(second, hospital, boss.Email.ToUpperInvariant(), command)).Refusal);
        Assert.Null((await AdmitsAsync(second, hospital, boss.Email, command)).Refusal);
        var seen = (await first.AsksAsync("query($id: ID!) { organizationAccounts(organization: $id) { admission staff { account } invitations { kind status } } }", new { id = hospital })).Data;
        Assert.Equal("ADMITTED", seen.GetProperty("organizationAccounts").GetProperty("admission").GetString());
        Assert.Single(seen.GetProperty("organizationAccounts").GetProperty("invitations").EnumerateArray());
    }

    [Fact]
    public async Task NobodyButOperators_AdmitsAnOrganisation()
    {
        var (hospital, clerk) = (await hrms.HospitalAsync(), await hrms.OperatorAsync());
        var other = await clerk.RegistersAsync(ProviderKind.Organization, "Elsewhere", $"{Guid.NewGuid():N}");
        foreach (var party in new Party[] { hospital.Token, await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync() })
            Assert.Equal("FORBIDDEN", (await party.SendsAsync("proposeOrganization", new { organization = other, administratorEmail = "a@example.org" }, "accounts { admission }")).Refusal);
    }

    [Fact]
    public async Task TheMembersOfAnAdmittedOrganisation_AreInItsOwnHand_AndNoOperatorsAnyMore()
    {
        var (hospital, drLee, clerk) = (await hrms.HospitalAsync(), await hrms.PractitionerAsync(), await hrms.OperatorAsync());
        Assert.Equal("NOT_FOUND", (await MembershipAsync(clerk, hospital, drLee)).Refusal);
        Assert.Null((await MembershipAsync(hospital.Token, hospital, drLee)).Refusal);
    }

    [Fact]
    public async Task AnExcludedOrganisation_HasNoAccessAnyMore_AtOnce_AndNeitherHaveItsPeople()
    {
        var (hospital, ana, kim, clerk) = (await hrms.HospitalAsync(), await hrms.PatientAsync(), await hrms.SomebodyAsync(), await hrms.OperatorAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { organization = hospital.Id }, new { classes = new[] { DataClass.Laboratory } });
        (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done();
        var drKim = new Bearer(hrms, (await kim.ComesInAsync(hrms)).Access);
        var system = new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id));
        Assert.Equal([lab], await drKim.SeesAsync(ana));
        Assert.Equal([lab], await system.SeesAsync(ana));

        (await clerk.SendsAsync("excludeOrganization", new { organization = hospital.Id, reason = "It left the consortium." }, "accounts { admission staff { account } }")).Done();

        foreach (var party in new[] { drKim, system, new Bearer(hrms, await hrms.SignedInAgainAsync(system.Token)) })
            Assert.Equal("UNAUTHENTICATED", (await party.TriesToReadAsync(ana, lab)).Error);
        Assert.False(await hospital.Token.IsTakenAsync());
        Assert.Equal("NOT_FOUND", (await MembershipAsync(new Bearer(hrms, await hrms.TokenAsync(organization: Guid.NewGuid())), hospital, await hrms.PractitionerAsync())).Refusal);
    }

    private static Task<Reply> AdmitsAsync(Party @operator, Guid organization, string mail, Guid? command = null) => @operator.SendsAsync(
        "admitOrganization", new { commandId = command ?? Guid.NewGuid(), organization, administratorEmail = mail }, "invitation { id kind status }");

    private static Task<Reply> MembershipAsync(Party party, Hospital hospital, Provider practitioner) =>
        party.SendsAsync("changeMembership", new { organization = hospital.Id, practitioner = practitioner.Id, member = true }, "provider { members }");
}

using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using static Hrms.Api.Tests.EndToEnd.Wishes;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Which part of a record, to which circle of people.</summary>
public sealed class DataScopeTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "7")]
    public async Task NotWhatDrGreyWrote_HidesHerRecords_AndNoOther()
    {
        var (ana, drLee, drGrey) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Dr Grey"));
        var hers = await ana.AddsAsync(Clinic.LabResult(by: drGrey.Id));
        var his = await ana.AddsAsync(Clinic.LabResult(by: drLee.Id));
        var nobodys = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(Only(drLee));
        Assert.Contains(hers, await drLee.SeesAsync(ana));

        await ana.DeniesAsync(Everyone, new { authors = new[] { drGrey.Id } });

        Assert.Equal(Sorted(his, nobodys), Sorted(await drLee.SeesAsync(ana)));
        Assert.Null(await drLee.ReadsAsync(ana, hers));
    }

    [Fact, Trait("Feature", "7")]
    public async Task OnlyWhatDrGreyWrote_ShowsHerRecordsAlone()
    {
        var (ana, drLee, drGrey) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Dr Grey"));
        var hers = await ana.AddsAsync(Clinic.LabResult(by: drGrey.Id));
        var other = await ana.AddsAsync(Clinic.LabResult());

        await ana.PermitsAsync(Only(drLee), new { authors = new[] { drGrey.Id } });

        Assert.Equal([hers], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, other));
    }

    [Fact, Trait("Feature", "8")]
    public async Task OneStayInHospital_IsSharedWithAllThatBelongsToIt_AndNothingElse()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (stay, otherStay) = (await ana.AddsAsync(Clinic.Stay()), await ana.AddsAsync(Clinic.Stay("2025-05-01T08:00:00Z")));
        var during = await ana.AddsAsync(Clinic.LabResult(encounter: stay));
        var elsewhere = await ana.AddsAsync(Clinic.LabResult(encounter: otherStay));
        var outside = await ana.AddsAsync(Clinic.LabResult());

        await ana.PermitsAsync(Only(drLee), new { encounters = new[] { stay } });

        Assert.Equal(Sorted(stay, during), Sorted(await drLee.SeesAsync(ana)));
        foreach (var hidden in new[] { otherStay, elsewhere, outside })
            Assert.Null(await drLee.ReadsAsync(ana, hidden));
    }

    [Fact, Trait("Feature", "11")]
    public async Task EverythingExceptPsychiatryExceptMyPsychiatrist_ShowsItToHimAlone()
    {
        var (ana, drFreud, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync("Dr Freud"), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        await hospital.HasMemberAsync(drFreud);
        await hospital.HasMemberAsync(drLee);
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var depression = await ana.AddsAsync(Clinic.Finding("http://snomed.info/sct", "35489007", "Depressive disorder"));

        var psychiatry = new { labels = new[] { "PSY" } };
        await ana.PermitsAsync(
            new { organization = hospital.Id }, null,
            Except(ProvisionType.Deny, null, psychiatry), Except(ProvisionType.Permit, Only(drFreud), psychiatry));

        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, depression));
        Assert.Equal(Sorted(lab, depression), Sorted(await drFreud.SeesAsync(ana)));
    }

    [Fact, Trait("Feature", "11")]
    public async Task ExceptionFromAnException_IsRefusedWithItsPlace()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var deeper = new { type = ProvisionType.Deny, data = new { labels = new[] { "PSY" } }, exceptions = new[] { new { type = ProvisionType.Permit } } };

        var answer = await ana.AsksAsync(
            "mutation($input: GrantConsentInput!) { grantConsent(input: $input) { consent { id } errors { code } } }",
            new { input = new { commandId = Guid.NewGuid(), patient = ana.Id, grantee = Only(drLee), exceptions = new[] { deeper } } });

        Assert.Contains("$input.exceptions[0]", answer.Message, StringComparison.Ordinal);
        Assert.Contains("'exceptions'", answer.Message, StringComparison.Ordinal);
        Assert.Empty(await ana.ConsentsAsync());
    }

    [Fact, Trait("Feature", "2")]
    public async Task CareTeam_ChangesFreely_AndItsMembersSeeAsLongAsTheyBelong()
    {
        var (ana, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        var team = await hospital.RegistersTeamAsync("Heart failure team");
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(Team(team));
        await hospital.HasMemberAsync(hospital.Id, drLee);
        Assert.Empty(await drLee.SeesAsync(ana));

        await hospital.HasMemberAsync(team, drLee);
        Assert.Equal([lab], await drLee.SeesAsync(ana));

        await hospital.HasMemberAsync(team, drLee, member: false);
        Assert.Empty(await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "1")]
    public async Task AnApp_IsWhoeverComesThroughIt_AndNobodyElse()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(new { app = "diary" }, new { classes = new[] { DataClass.Laboratory } });

        Assert.Equal([lab], await (await ThroughAsync("diary")).SeesAsync(ana));
        Assert.Empty(await (await ThroughAsync("diary-2")).SeesAsync(ana));
        Assert.Empty(await drLee.SeesAsync(ana));

        async Task<Provider> ThroughAsync(string app)
        {
            Claim[] claims = [.. TokenCommand.Claims(null, drLee.Id, null, null, false)!, new Claim(HrmsClaims.ClientId, app)];
            var issuer = (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>();
            return new Provider(hrms, drLee.Id, ProviderKind.Practitioner, issuer.Issue([.. claims], TimeSpan.FromDays(1), TimeProvider.System));
        }
    }

    [Fact, Trait("Feature", "2")]
    public async Task RoleInAHospital_SeesAsLongAsItIsHeld()
    {
        var (ana, ben, hospital, other) = (await hrms.PatientAsync(), await hrms.PractitionerAsync("Ben"), await hrms.OrganizationAsync(), await hrms.OrganizationAsync("City Clinic"));
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.PermitsAsync(RoleIn(hospital, "nurse"));
        await hospital.HasMemberAsync(hospital.Id, ben, "porter");
        await other.HasMemberAsync(other.Id, ben, "nurse");
        Assert.Empty(await ben.SeesAsync(ana));

        await hospital.HasMemberAsync(hospital.Id, ben, "nurse");
        Assert.Equal([lab], await ben.SeesAsync(ana));

        await hospital.HasMemberAsync(hospital.Id, ben, "porter");
        Assert.Empty(await ben.SeesAsync(ana));
    }

    private static IEnumerable<Guid> Sorted(params IEnumerable<Guid> ids) => ids.Order();
}

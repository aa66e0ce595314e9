using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Guardians and representatives.</summary>
[Collection(nameof(TimeTravel))]
public sealed class DelegateTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "28")]
    public async Task Guardian_ConsentsForTheChild_AndAStrangerAndAFormerGuardianCannot()
    {
        var (mother, stranger, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (child, guardianship) = await hrms.ChildAsync(mother, hrms.Clock.GetUtcNow().AddYears(9));
        var (acting, pretending) = (await hrms.ActingForAsync(mother, child), await hrms.ActingForAsync(stranger, child));
        var lab = await child.AddsAsync(Clinic.LabResult());

        Assert.Equal("NOT_FOUND", (await GrantsAsync(pretending)).Refusal);
        Assert.Equal("NOT_FOUND", (await GrantsAsync(mother)).Refusal);             // without saying on whose behalf
        (await GrantsAsync(acting)).Done();
        Assert.NotNull(await drLee.ReadsAsync(child, lab));

        (await (await hrms.OperatorAsync()).TriesToEndAsync(child, guardianship)).Done();
        Assert.Equal("NOT_FOUND", (await GrantsAsync(acting)).Refusal);
        Assert.Empty(await acting.SeesAsync(child));
        Assert.Empty(await pretending.SeesAsync(child));

        Task<Reply> GrantsAsync(Party asker) => asker.SendsAsync("grantConsent", new Terms().To(drLee, child.Id, Guid.NewGuid()), "consent { id }");
    }

    [Fact, Trait("Feature", "29")]
    public async Task Levels_RestrictedView_View_Full()
    {
        var (ana, carer, son, daughter) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        var plain = await ana.AddsAsync(Clinic.LabResult());
        var sensitive = await ana.AddsAsync(Clinic.LabResult("2025-04-01T08:00:00Z", label: "HIV"));
        await ana.AppointsAsync(carer, DelegateLevel.RestrictedView);
        await ana.AppointsAsync(son, DelegateLevel.View);
        await ana.AppointsAsync(daughter, DelegateLevel.Full);
        var (carerActs, sonActs, daughterActs) =
            (await hrms.ActingForAsync(carer, ana), await hrms.ActingForAsync(son, ana), await hrms.ActingForAsync(daughter, ana));

        Assert.Equal([plain], await carerActs.SeesAsync(ana));
        Assert.Equal([sensitive, plain], await sonActs.SeesAsync(ana));
        Assert.Equal([sensitive, plain], await daughterActs.SeesAsync(ana));
        Assert.Empty(await son.SeesAsync(ana));
        foreach (var mayOnlySee in new[] { carerActs, sonActs })
        {
            Assert.Equal("NOT_FOUND", (await mayOnlySee.AddsToAsync(ana, Clinic.Prescription())).Refusal);
            Assert.Equal("NOT_FOUND", (await mayOnlySee.TriesToChooseAsync(ana, DefaultPolicy.Permit)).Refusal);
            Assert.Equal("NOT_FOUND", (await mayOnlySee.TriesToAppointAsync(ana, await hrms.PatientAsync(), DelegateLevel.View)).Refusal);
        }
        (await daughterActs.AddsToAsync(ana, Clinic.Prescription())).Done();
        (await daughterActs.TriesToChooseAsync(ana, DefaultPolicy.PermitEmergency)).Done();
        Assert.Equal("FORBIDDEN", (await daughterActs.TriesToAppointAsync(ana, await hrms.PatientAsync(), DelegateLevel.View)).Refusal);
    }

    [Fact, Trait("Feature", "30")]
    public async Task Guardianship_EndsByItselfWhenTheChildComesOfAge()
    {
        var (father, ofAge) = (await hrms.PatientAsync(), hrms.Clock.GetUtcNow().AddHours(2));
        var (child, _) = await hrms.ChildAsync(father, ofAge);
        var acting = await hrms.ActingForAsync(father, child);
        var lab = await child.AddsAsync(Clinic.LabResult());

        hrms.Clock.AdvanceTo(ofAge.AddMinutes(-1));
        Assert.NotNull(await acting.ReadsAsync(child, lab));

        hrms.Clock.AdvanceTo(ofAge);
        Assert.Null(await acting.ReadsAsync(child, lab));
        Assert.Equal("NOT_FOUND", (await acting.TriesToChooseAsync(child, DefaultPolicy.Permit)).Refusal);
        Assert.Equal("EXPIRED", Assert.Single(await child.DelegationsAsync(child)).GetProperty("status").GetString());
    }

    [Fact, Trait("Feature", "31")]
    public async Task EveryLine_NamesTheDelegateAndThePrincipal()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.AppointsAsync(ben, DelegateLevel.View);
        var acting = await hrms.ActingForAsync(ben, ana);
        await acting.ReadsAsync(ana, lab);
        await acting.AddsToAsync(ana, Clinic.LabResult());

        var lines = (await ana.AsksAsync(
            "query($id: ID!, $ben: ID!) { patient(id: $id) { accessHistory(where: { actor: $ben }) { nodes { permitted purpose actor { kind id } onBehalfOf { kind id } records { reason } } } } }",
            new { id = ana.Id, ben = ben.Id })).Patient.GetProperty("accessHistory").GetProperty("nodes").EnumerateArray().ToList();

        Assert.Equal([false, true], lines.Select(line => line.GetProperty("permitted").GetBoolean()));
        Assert.All(lines, line => Assert.Equal(
            (ben.Id, ana.Id, "FAMRQT"),
            (line.GetProperty("actor").GetProperty("id").GetGuid(), line.GetProperty("onBehalfOf").GetProperty("id").GetGuid(), line.GetProperty("purpose").GetString())));
        Assert.Equal("DELEGATED", lines[1].GetProperty("records")[0].GetProperty("reason").GetString());
    }

    [Fact, Trait("Feature", "28")]
    public async Task Delegate_Resigns_AndThePatientSeesIt()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var delegation = await ana.AppointsAsync(ben, DelegateLevel.Full);
        var acting = await hrms.ActingForAsync(ben, ana);

        (await acting.TriesToEndAsync(ana, delegation)).Done();

        Assert.Empty(await acting.SeesAsync(ana));
        var seen = Assert.Single(await ana.DelegationsAsync(ana));
        Assert.Equal(("ENDED", ben.Id), (seen.GetProperty("status").GetString(), seen.GetProperty("endedBy").GetProperty("id").GetGuid()));
    }

    [Fact, Trait("Feature", "28")]
    public async Task Delegate_SeesWhomTheyActFor_PageByPage_UntilItEnds()
    {
        var (ana, ben, ofAge) = (await hrms.PatientAsync(), await hrms.PatientAsync(), hrms.Clock.GetUtcNow().AddMinutes(5));
        var (child, guardianship) = await hrms.ChildAsync(ben, ofAge);
        var delegation = await ana.AppointsAsync(ben, DelegateLevel.View);

        await Deadline.UntilAsync("Ben's list of both", async () => await ben.WardsAsync() is { Count: 2 } both ? both : null);
        Assert.Equal([(ana.Id, delegation), (child.Id, guardianship)], await ben.WardsAsync());
        Assert.Equal([(ana.Id, delegation)], await ben.WardsAsync(first: 1));
        Assert.Equal([(child.Id, guardianship)], await ben.WardsAsync(after: delegation));
        Assert.Empty(await (await hrms.ActingForAsync(ben, ana)).WardsAsync());
        Assert.Empty(await ana.WardsAsync());

        (await ana.TriesToEndAsync(ana, delegation)).Done();
        await Deadline.UntilAsync("Ben's list of the child alone", async () => await ben.WardsAsync() is { Count: 1 } alone ? alone : null);
        hrms.Clock.AdvanceTo(ofAge);
        Assert.Empty(await ben.WardsAsync());
    }

    [Fact, Trait("Feature", "28")]
    public async Task ActingForSomebody_IsNotAskingForOneself()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var own = await ben.AddsAsync(Clinic.LabResult());
        await ana.AppointsAsync(ben, DelegateLevel.Full);
        var acting = await hrms.ActingForAsync(ben, ana);

        Assert.Null(await acting.ReadsAsync(ben, own));
        var viewer = (await acting.AsksAsync("{ viewer { id onBehalfOf patient { id } } }")).Data.GetProperty("viewer");
        Assert.Equal(
            (ben.Id, ana.Id, ana.Id),
            (viewer.GetProperty("id").GetGuid(), viewer.GetProperty("onBehalfOf").GetGuid(), viewer.GetProperty("patient").GetProperty("id").GetGuid()));
    }
}

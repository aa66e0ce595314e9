using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Who is given what.</summary>
public sealed class GrantTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "1")]
    public async Task Grant_ToOneDoctor_ShowsHerTheRecordAndHerColleagueNothing()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var hospital = await hrms.OrganizationAsync();
        await hospital.HasMemberAsync(drLee);
        await hospital.HasMemberAsync(drNo);
        var lab = await ana.AddsAsync(Clinic.LabResult());

        await ana.GrantsAsync(drLee, new Terms());

        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Equal(Clinic.Percent, (await drLee.ReadsAsync(ana, lab))!.Value.GetProperty("content").GetProperty("valueQuantity").GetProperty("value").GetDouble());
        Assert.Empty(await drNo.SeesAsync(ana));
        Assert.Null(await drNo.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "2")]
    public async Task Grant_ToAHospital_FollowsItsMembers()
    {
        var (ana, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        // Who belongs nowhere any more has no good token at all.
        await (await hrms.OrganizationAsync("Her practice")).HasMemberAsync(drLee);
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(hospital, DataClass.Laboratory);
        Assert.Empty(await drLee.SeesAsync(ana));

        await hospital.HasMemberAsync(drLee);
        Assert.Equal([lab], await drLee.SeesAsync(ana));

        await hospital.HasMemberAsync(drLee, member: false);
        Assert.Empty(await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "3")]
    public async Task Grant_ForTreatment_IsNoGrantForResearch()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Purposes = [PurposeOfUse.TREAT] });

        Assert.Equal([lab], await drLee.SeesAsync(ana, PurposeOfUse.TREAT));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.HRESCH));
        Assert.Null(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.HRESCH));
    }

    [Fact, Trait("Feature", "3")]
    public async Task Token_ThatPinsThePurpose_CannotAskForAnother()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Purposes = [PurposeOfUse.TREAT] });
        var researching = new Provider(hrms, drLee.Id, drLee.Kind, await hrms.TokenAsync(practitioner: drLee.Id, purpose: PurposeOfUse.HRESCH));

        Assert.Empty(await researching.SeesAsync(ana, PurposeOfUse.TREAT));
    }

    [Fact, Trait("Feature", "4")]
    public async Task Grant_OfLaboratory_LeavesMedicationOut()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var prescription = await ana.AddsAsync(Clinic.Prescription());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, prescription));
    }

    [Fact, Trait("Feature", "5")]
    public async Task Block_OfOneRecord_LeavesTheOthers()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (shown, hidden) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.LabResult()));
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var block = await ana.BlocksAsync(hidden);

        Assert.Equal([shown], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, hidden));
        Assert.Equal(1, (await drLee.ListsAsync(ana)).GetProperty("totalCount").GetInt32());
        await ana.RevokesAsync(block);
        Assert.NotNull(await drLee.ReadsAsync(ana, hidden));
    }

    [Fact, Trait("Feature", "5")]
    public async Task Grant_OfOneRecord_ShowsNoOther()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (shown, other) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.LabResult()));
        await ana.GrantsAsync(drLee, new Terms { Records = [shown] });

        Assert.Equal([shown], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, other));
    }

    [Fact, Trait("Feature", "13")]
    public async Task NoConsent_ShowsNothingToAnybody()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        Party[] others = [await hrms.PractitionerAsync(), await hrms.OrganizationAsync(), await hrms.OperatorAsync(), await hrms.PatientAsync()];

        foreach (var other in others)
        {
            Assert.Empty(await other.SeesAsync(ana));
            Assert.Null(await other.ReadsAsync(ana, lab));
            Assert.Equal("NOT_FOUND", (await other.AddsToAsync(ana, Clinic.LabResult())).Refusal);
        }
        Assert.Equal([lab], await ana.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "17")]
    public async Task Revoke_HoldsForTheNextRead()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));

        var revoked = await ana.RevokesAsync(consent);

        Assert.Equal(("REVOKED", consent.Version + 1), (revoked.Status, revoked.Version));
        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Empty(await drLee.SeesAsync(ana));
    }

    /// <summary>What was opened under the consent opens nothing more: the page after, the version before, under the same token.</summary>
    [Fact, Trait("Feature", "18")]
    public async Task Revoke_HoldsForACursorThatIsUnderWay()
    {
        const string Page = "query($id: ID!, $after: String) { patient(id: $id) { records(first: 1, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }";
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var page = (await drLee.AsksAsync(Page, new { id = ana.Id })).Patient.GetProperty("records");
        Assert.True(page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean());
        var after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
        var next = (await drLee.AsksAsync(Page, new { id = ana.Id, after })).Patient.GetProperty("records").GetProperty("nodes")[0].GetProperty("id").GetGuid();

        await ana.RevokesAsync(consent);

        var (refused, never) = (await drLee.AsksAsync(Page, new { id = ana.Id, after }), await drNo.AsksAsync(Page, new { id = ana.Id, after }));
        Assert.Equal(0, refused.Patient.GetProperty("records").GetProperty("totalCount").GetInt32());
        Assert.Equal(never.Bytes, refused.Bytes);
        Assert.Null(await drLee.ReadsAsync(ana, next, version: 1));
    }
}

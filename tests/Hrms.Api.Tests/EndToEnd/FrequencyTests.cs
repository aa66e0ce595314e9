using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What may be done with data, and how often.</summary>
[Collection(nameof(TimeTravel))]
public sealed class FrequencyTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "14")]
    public async Task TwoLooksAnHour_AreTwo_AndTheNextHourHasTwoAgain()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (2, 1) });

        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Empty(await drLee.SeesAsync(ana));

        hrms.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "14")]
    public async Task UsesAreRemembered_WhenThePatientsGrainStartsAnew()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (1, 24) });
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));

        await hrms.ForgetAsync();

        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Equal([false, true], (await ana.HistoryOfAsync(drLee)).Select(line => line.Permitted));
    }

    [Fact, Trait("Feature", "14")]
    public async Task ManyAtOnce_GetNoMoreThanIsAllowed()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (3, 1) });

        var looks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => drLee.ReadsAsync(ana, lab)));

        Assert.Equal(3, looks.Count(look => look is not null));
    }

    [Fact, Trait("Feature", "14")]
    public async Task WhoMayOnlyView_IsSentNoStream()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms { Actions = [AccessAction.View] });
        await using var his = await LiveStream.OpenAsync(
            hrms.Http, drLee, "subscription($id: ID!) { recordAdded(patient: $id) { id } }", new { id = ana.Id });
        await using var hers = await LiveStream.OpenAsync(
            hrms.Http, ana, "subscription($id: ID!) { recordAdded(patient: $id) { id } }", new { id = ana.Id });

        var lab = await ana.AddsAsync(Clinic.LabResult());
        await hers.NextAsync();                                 // the doctor's turn was before hers

        Assert.Equal(0, his.Waiting);
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        Assert.Empty(await drLee.SeesAsync(ana));               // a list is a query
    }
}

using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Who looked.</summary>
public sealed class HistoryTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "37")]
    public async Task History_HasOneLineForEachOfManyReads()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        const int reads = 300;

        await Parallel.ForAsync(0, reads, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await drLee.TriesToReadAsync(ana, lab));

        var lines = await ana.HistoryOfAsync(drLee);
        Assert.Equal(reads, lines.Count);
        Assert.Equal(reads, lines.Select(line => line.StreamVersion).Distinct().Count());
        Assert.All(lines, line => Assert.Equal(("record", "TREAT", true), (line.Operation, line.Purpose, line.Permitted)));
        Assert.All(lines, line => Assert.Equal([(lab, "PERMITTED", consent.Id, 1)], line.Records));
    }

    [Fact, Trait("Feature", "38")]
    public async Task History_OfAList_NamesEachRecordThatWasReturned()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var imported = await ana.ImportsToAsync(ana, Clinic.Bundle([.. Enumerable.Range(1, 25).Select(day => Clinic.LabResult($"2025-03-{day:00}T08:00:00Z"))]));
        Assert.Equal(25, imported.Done().Payload.GetProperty("count").GetInt32());
        await ana.AddsAsync(Clinic.Prescription());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var seen = await drLee.SeesAsync(ana);

        var line = Assert.Single(await ana.HistoryOfAsync(drLee));
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen, line.Records.Select(record => record.Id));
    }

    [Fact, Trait("Feature", "39")]
    public async Task History_OfOnePatient_HoldsNothingOfAnother()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (hers, his) = (await ana.AddsAsync(Clinic.LabResult()), await ben.AddsAsync(Clinic.LabResult()));
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ben.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.ReadsAsync(ana, hers);
        await drLee.ReadsAsync(ben, his);

        Assert.Equal([hers], (await ana.HistoryAsync()).SelectMany(line => line.Records).Select(record => record.Id));
        Assert.Equal([his], (await ben.HistoryAsync()).SelectMany(line => line.Records).Select(record => record.Id));
        var answer = await ben.AsksAsync("query($id: ID!) { patient(id: $id) { accessHistory { nodes { at } } consents { id } overview { recordCount } devices { id } } }", new { id = ana.Id });
        Assert.All(answer.Patient.EnumerateObject(), field => Assert.Equal(System.Text.Json.JsonValueKind.Null, field.Value.ValueKind));
    }

    [Fact, Trait("Feature", "41")]
    public async Task Denial_IsALineForThePatientAlone()
    {
        var (ana, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());

        await drNo.ReadsAsync(ana, lab);
        await drNo.SeesAsync(ana);
        await drNo.AddsToAsync(ana, Clinic.LabResult());

        var lines = await ana.HistoryAsync(new { actor = drNo.Id, permitted = false });
        Assert.Equal(["addRecords", "records", "record"], lines.Select(line => line.Operation));
        Assert.All(lines, line => Assert.Equal("NO_CONSENT", line.Reason));
        Assert.Equal([lab], lines[2].Records.Select(record => record.Id));
        var his = await drNo.AsksAsync("query($id: ID!) { patient(id: $id) { accessHistory { nodes { at } } } }", new { id = ana.Id });
        Assert.Equal(System.Text.Json.JsonValueKind.Null, his.Patient.GetProperty("accessHistory").ValueKind);
    }

    [Fact, Trait("Feature", "45")]
    public async Task Reading_TheHistory_IsALineOfIt()
    {
        var ana = await hrms.PatientAsync();
        await ana.HistoryAsync();

        var lines = await ana.HistoryAsync();

        Assert.Equal((ana.Id, "accessHistory"), (lines[^1].Actor, lines[^1].Operation));
    }

    [Fact, Trait("Feature", "37")]
    public async Task History_IsFilteredByWhoWhatWhenAndWhy()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var (lab, prescription) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription()));
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.ReadsAsync(ana, lab);
        await drLee.ReadsAsync(ana, prescription);
        await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.HPAYMT);
        await drNo.ReadsAsync(ana, lab);
        var all = await ana.HistoryAsync();

        Assert.Equal(3, (await ana.HistoryAsync(new { actor = drLee.Id })).Count);
        Assert.Equal(3, (await ana.HistoryAsync(new { record = lab })).Count);
        Assert.Equal(2, (await ana.HistoryAsync(new { permitted = false })).Count);
        Assert.Equal("HPAYMT", Assert.Single(await ana.HistoryAsync(new { purpose = PurposeOfUse.HPAYMT })).Purpose);
        Assert.Equal(all.Count(line => line.At < all[1].At), (await ana.HistoryAsync(new { until = all[1].At })).Count);
    }

    [Fact, Trait("Feature", "37")]
    public async Task History_PagesWithoutGapOrRepeat()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        for (var i = 0; i < 11; i++)
            await drLee.SeesAsync(ana);

        var lines = await ana.HistoryAsync(new { actor = drLee.Id }, pageSize: 3);

        Assert.Equal(11, lines.Select(line => line.StreamVersion).Distinct().Count());
        Assert.Equal(lines.OrderByDescending(line => line.StreamVersion), lines);
    }
}

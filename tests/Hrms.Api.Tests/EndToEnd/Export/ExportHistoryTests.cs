using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>What a patient takes home, and what an export leaves behind: a line for each page, that names each record and why it left.</summary>
public sealed class ExportHistoryTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "57"), Trait("Feature", "45"), Trait("Feature", "39")]
    public async Task ThePatient_TakesHomeEveryRecord_EveryConsent_AndEveryLine_AndNothingElse()
    {
        var (ana, ben, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await ben.AddsAsync(Clinic.LabResult());
        await ben.GrantsAsync(drLee, new Terms());
        await drLee.SeesAsync(ben);
        List<Guid> records = [];
        for (var i = 0; i < 7; i++)
            records.Add(await ana.AddsAsync(i % 2 == 0 ? Clinic.LabResult($"2025-03-0{i + 1}T08:00:00Z") : Clinic.Diagnosis()));
        Guid[] consents = [(await ana.GrantsAsync(drLee, DataClass.Laboratory)).Id, (await ana.BlocksAsync(records[0])).Id];
        await ana.RevokesAsync(await ana.GrantsAsync(drNo, new Terms()));
        await drLee.SeesAsync(ana);
        await drLee.ExportsAsync(ana, "?_count=2");
        await drNo.TriesToReadAsync(ana, records[0]);

        var pages = await ana.TurnsPagesAsync(ana, "?_count=3");

        var resources = pages.SelectMany(page => page.Resources).ToList();
        Assert.Equal(records.Order(), resources.Where(Exports.IsRecord).Select(Exports.IdOf).Order());
        var given = resources.Where(resource => resource.TypeOf() == "Consent").ToDictionary(Exports.IdOf, resource => resource.GetProperty("status").GetString());
        Assert.Equal((3, "active", "active"), (given.Count, given[consents[0]], given[consents[1]]));
        Assert.Equal(records.Count, resources.Count(resource => resource.TypeOf() == "Provenance"));
        Assert.All(resources, resource => Assert.DoesNotContain(ben.Id.ToString(), resource.GetRawText(), StringComparison.Ordinal));

        // Every line there was when the first lines left, that page's own among them; each page after it is a line as well, and newer.
        var exported = resources.Where(Exports.IsLine).Select(resource => resource.LineOf()!.Value).ToList();
        var log = await ana.HistoryAsync();
        var firstWithLines = log.Where(line => line.Operation == "everything" && line.Actor == ana.Id).Reverse()
            .ElementAt(pages.TakeWhile(page => page.Resources.All(resource => !resource.IsLine())).Count());
        Assert.Equal(log.Where(line => line.StreamVersion <= firstWithLines.StreamVersion).Select(line => line.StreamVersion), exported);
        Assert.All(pages, page => Assert.InRange(page.Entries.Count(entry => entry.GetProperty("search").GetProperty("mode").GetString() == "match"), 1, 3));
    }

    [Fact, Trait("Feature", "57")]
    public async Task ASmallRecord_IsOnePage_AndAnEmptyOneHasItsOwnLineAlone()
    {
        var ana = await hrms.PatientAsync();

        var empty = await ana.AsksForExportAsync(ana);
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var small = await ana.AsksForExportAsync(ana);

        Assert.Equal(["AuditEvent"], empty.Resources.Select(Exports.TypeOf));
        Assert.Equal(["Observation", "Provenance", "AuditEvent", "AuditEvent", "AuditEvent"], small.Resources.Select(Exports.TypeOf));
        Assert.Equal([lab], small.Records);
        Assert.Equal((null, null), (empty.Next, small.Next));
    }

    [Fact, Trait("Feature", "37"), Trait("Feature", "38"), Trait("Feature", "42")]
    public async Task EachPage_IsALine_ThatNamesEachRecord_WithTheConsentAndTheVersionThatDecided()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (lab, diagnosis, prescription) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Diagnosis()), await ana.AddsAsync(Clinic.Prescription()));
        var (labs, others) = (await ana.GrantsAsync(drLee, DataClass.Laboratory), await ana.GrantsAsync(drLee, DataClass.Conditions));

        var pages = await drLee.TurnsPagesAsync(ana, "?_count=1");

        var lines = (await ana.HistoryOfAsync(drLee)).Reverse().ToList();
        Assert.Equal(pages.Select(page => page.Records.Single()), lines.Select(line => line.Records.Single().Id));
        Assert.Equal([(lab, "PERMITTED", labs.Id, 1), (diagnosis, "PERMITTED", others.Id, 1)], lines.SelectMany(line => line.Records).OrderBy(record => record.Id == diagnosis));
        Assert.All(lines, line => Assert.Equal(("everything", "EXPORT", true), (line.Operation, line.Json.GetProperty("action").GetString(), line.Permitted)));
        Assert.DoesNotContain(lines, line => line.Records.Any(record => record.Id == prescription));
        // Who took data away owes them back: the patient sees who has them.
        Assert.Equal(2, (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { holdings { consent } } }", new { id = ana.Id })).Patient.GetProperty("holdings").GetArrayLength());
    }

    [Theory, Trait("Feature", "29"), Trait("Feature", "31")]
    [InlineData(DelegateLevel.Full, true)]
    [InlineData(DelegateLevel.View, false)]
    [InlineData(DelegateLevel.RestrictedView, false)]
    public async Task ADelegate_TakesAway_WhenTheLevelIsFull_AndTheLineNamesBoth(DelegateLevel level, bool takes)
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var (lab, letter) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Diagnosis()));
        await ana.BlocksAsync(letter);
        await ana.AppointsAsync(ben, level);
        var acting = await hrms.ActingForAsync(ben, ana);

        var exported = await acting.ExportsAsync(ana);

        Assert.Equal(takes ? [lab] : [], exported.Where(Exports.IsRecord).Select(Exports.IdOf));
        Assert.Equal(takes, exported.Any(resource => resource.TypeOf() == "AuditEvent"));
        Assert.Empty(await ben.ExportsAsync(ana));
        var line = (await ana.HistoryAsync(new { actor = ben.Id })).Last();
        Assert.Equal(takes, line.Permitted);
        if (takes)
        {
            var written = exported.Single(resource => resource.IsLine() && resource.LineOf() == line.StreamVersion);
            Assert.Equivalent(
                new[] { $"Patient/{ana.Id}", $"Patient/{ben.Id}" },
                written.GetProperty("agent").EnumerateArray().Select(agent => agent.GetProperty("who")).Where(who => who.TryGetProperty("reference", out _))
                    .Select(who => who.GetProperty("reference").GetString()).ToArray(), strict: true);
        }
    }

    [Fact, Trait("Feature", "25"), Trait("Feature", "62")]
    public async Task AnErasedPatient_IsToldSo_AndToOthersLooksLikeNobody()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        await ana.ErasesAsync();

        var (hers, his) = (await ana.AsksForExportAsync(ana), await drLee.AsksForExportAsync(ana));

        Assert.Equal((410, "deleted"), (hers.Status, hers.Issue.Code));
        Assert.Equal((200, 0), (his.Status, his.Entries.Count));
    }

    [Fact, Trait("Feature", "57")]
    public async Task Types_AndTime_ChooseAmongThePatientsOwn_AndCareDatesMeanRecordsAlone()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        var since = (await ana.HistoryAsync())[0].At;

        Assert.Equal(["Consent"], (await ana.ExportsAsync(ana, "?_type=Consent")).Select(Exports.TypeOf));
        Assert.All(await ana.ExportsAsync(ana, "?_type=AuditEvent"), resource => Assert.Equal("AuditEvent", resource.TypeOf()));
        Assert.Equal(["Observation", "Provenance"], (await ana.ExportsAsync(ana, "?start=2025")).Select(Exports.TypeOf));
        var recent = await ana.ExportsAsync(ana, $"?_since={Uri.EscapeDataString(since.ToString("O"))}");
        Assert.All(recent, resource => Assert.Equal("AuditEvent", resource.TypeOf()));
        Assert.All(recent, resource => Assert.True(resource.GetProperty("recorded").GetDateTimeOffset() >= since));
        Assert.Equal((await ana.HistoryAsync(new { from = since })).Skip(1).Select(line => line.StreamVersion), recent.Where(Exports.IsLine).Select(resource => resource.LineOf()!.Value));
    }
}

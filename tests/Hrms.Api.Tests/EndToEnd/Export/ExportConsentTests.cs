using Hrms.Contracts;
using Hrms.TestKit;
using static Hrms.Api.Tests.EndToEnd.Wishes;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>An export is decided on as everything else, for the action EXPORT.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ExportConsentTests(HrmsFixture hrms, ITestOutputHelper output)
{
    [Fact, Trait("Feature", "6")]
    public async Task AConsentForNormalData_HidesWhatIsRestrictedOrLabelled_InListReadExportAndStream()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var normal = await ana.AddsAsync(Clinic.LabResult());
        Guid[] hidden = [await ana.AddsAsync(Clinic.LabResult(label: "R")), await ana.AddsAsync(Clinic.LabResult(label: "HIV")), await ana.AddsAsync(Clinic.Finding("http://snomed.info/sct", "86406008", "Human immunodeficiency virus infection"))];
        await ana.PermitsAsync(Only(drLee), new { confidentialities = new[] { "N" } });

        Assert.Equal([normal], await drLee.SeesAsync(ana));
        Assert.Equal([normal], await drLee.ExportsRecordsAsync(ana));
        foreach (var record in hidden)
            Assert.Null(await drLee.ReadsAsync(ana, record));
        Assert.All(await drLee.ExportsAsync(ana), resource => Assert.DoesNotContain(hidden, record => resource.GetRawText().Contains(record.ToString(), StringComparison.Ordinal)));

        await using var hears = await LiveStream.OpenAsync(hrms.Http, drLee, "subscription($id: ID!) { recordAdded(patient: $id) { id } }", new { id = ana.Id });
        await ana.AddsAsync(Clinic.LabResult(label: "HIV"));
        var another = await ana.AddsAsync(Clinic.LabResult());
        Assert.Equal(another, (await hears.NextAsync()).GetProperty("recordAdded").GetProperty("id").GetGuid());
    }

    [Fact, Trait("Feature", "14"), Trait("Feature", "25")]
    public async Task WhoMayOnlyView_IsAnsweredAsWhoMayNothing_AndAsOfNobody()
    {
        var (ana, ghost, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Actions = [AccessAction.View, AccessAction.Query] });

        var (viewing, nothing, absent) = (await drLee.AsksForExportAsync(ana), await drNo.AsksForExportAsync(ana), await drLee.AsksForExportAsync(ghost));

        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        Assert.Equal((200, 0), (viewing.Status, viewing.Entries.Count));
        Assert.Equal(nothing.Bytes, viewing.Bytes);
        Assert.Equal(absent.Bytes, System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(viewing.Bytes).Replace(ana.Id.ToString(), ghost.Id.ToString())));
        Assert.Equal((false, "NO_CONSENT", "everything"), (await ana.HistoryOfAsync(drNo)).Select(line => (line.Permitted, line.Reason, line.Operation)).Single());
        Assert.Contains(await ana.HistoryOfAsync(drLee), line => line is { Operation: "everything", Permitted: false } && line.Json.GetProperty("action").GetString() == "EXPORT");
    }

    [Fact, Trait("Feature", "14")]
    public async Task WhoMayOnlyExport_TakesAwayWhatNoListShows()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Actions = [AccessAction.Export] });

        Assert.Empty(await drLee.SeesAsync(ana));
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana));
    }

    [Fact, Trait("Feature", "14")]
    public async Task EachPage_IsAUseOfItsConsent()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        for (var i = 0; i < 3; i++)
            await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (2, 1) });

        Assert.Equal([1, 1, 0], (await drLee.TurnsPagesAsync(ana, "?_count=1")).Select(page => page.Records.Count));
        Assert.Empty(await drLee.SeesAsync(ana));
        hrms.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, (await drLee.ExportsRecordsAsync(ana)).Count);
    }

    [Fact, Trait("Feature", "17"), Trait("Feature", "10")]
    public async Task TheNextPage_EndsWithTheConsent_RevokedOrExpired()
    {
        var (ana, drLee, drKim) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        for (var i = 0; i < 3; i++)
            await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, new Terms());
        await ana.GrantsAsync(drKim, new Terms { ValidUntil = hrms.Clock.GetUtcNow().AddHours(1) });
        var (hisFirst, herFirst) = (await drLee.AsksForExportAsync(ana, "?_count=1"), await drKim.AsksForExportAsync(ana, "?_count=1"));

        await ana.RevokesAsync(consent);
        hrms.Clock.Advance(TimeSpan.FromHours(1));

        foreach (var rest in new[] { await drLee.GetsAsync(hisFirst.Next!), await drKim.GetsAsync(herFirst.Next!) })
            Assert.Equal((200, 0, (string?)null), (rest.Status, rest.Entries.Count, rest.Next));
    }

    [Fact, Trait("Feature", "32")]
    public async Task BrokenGlass_IsForLooking_AndOpensNoExport()
    {
        var (ana, drKim) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await drKim.BreaksGlassAsync(ana);

        Assert.NotNull(await drKim.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
        Assert.Empty(await drKim.ExportsRecordsAsync(ana, PurposeOfUse.BTG));
    }

    [Fact, Trait("Feature", "35"), Trait("Feature", "20")]
    public async Task WhoOptedOut_AndWhoOwesAPurge_StopEveryExport()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, new Terms());
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana));

        (await ana.TriesToOptOutAsync(ana)).Done();
        Assert.Empty(await drLee.ExportsRecordsAsync(ana));
        (await ana.TriesToOptOutAsync(ana, optedOut: false)).Done();
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana));

        await ana.RevokesAsync(consent);
        await ana.GrantsAsync(drLee, new Terms());
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana));
        hrms.Clock.Advance(Limits.PurgeGrace);
        Assert.Empty(await drLee.ExportsRecordsAsync(ana));
    }

    /// <summary>Random consents, some of them for some actions alone: what is exported is what the patient is told may be, and of consents for anything what single reads give.</summary>
    [Fact, Trait("Feature", "59"), Trait("Feature", "12")]
    public async Task Export_IsTheUnionOfSingleReads()
    {
        const int Lives = 40;
        var random = Seed.Random(output);
        var (drLee, hospital) = (await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        await hospital.HasMemberAsync(drLee);
        var (exported, withheld) = (0, 0);
        for (var life = 0; life < Lives; life++)
        {
            var ana = await hrms.PatientAsync();
            List<Guid> records = [];
            for (var i = random.Next(3, 12); i > 0; i--)
                records.Add(await ana.AddsAsync(ExportWorld.Record(random)));
            var anyAction = random.Next(2) == 0;
            for (var i = random.Next(1, 5); i > 0; i--)
                (await ana.SendsAsync("grantConsent", ExportWorld.Consent(random, ana, drLee, hospital, records, anyAction), "consent { id }")).Done();
            var purpose = random.Next(3) == 0 ? PurposeOfUse.HRESCH : PurposeOfUse.TREAT;

            var taken = (await drLee.ExportsRecordsAsync(ana, purpose, $"&_count={random.Next(1, 6)}")).ToHashSet();

            foreach (var record in records)
            {
                Assert.Equal(await ExportWorld.IsToldAsync(ana, drLee, purpose, record), taken.Contains(record));
                if (anyAction)
                    Assert.Equal(await drLee.ReadsAsync(ana, record, purpose: purpose) is not null, taken.Contains(record));
            }
            (exported, withheld) = (exported + taken.Count, withheld + records.Count - taken.Count);
        }
        output.WriteLine($"{Lives} patients, {exported} records exported, {withheld} withheld");
        Assert.True(exported > Lives && withheld > Lives, "The seed made a dull world.");
    }
}

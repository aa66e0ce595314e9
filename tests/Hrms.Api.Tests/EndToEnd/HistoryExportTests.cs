using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A patient takes home who looked in a period, with the proof that it is all.</summary>
public sealed class HistoryExportTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "48"), Trait("Feature", "44")]
    public async Task Export_EqualsTheLogForThePeriod_AndItsProofShowsTheSameLinesToAStranger()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.TriesToReadAsync(ana, lab);
        var from = (await ana.HistoryAsync())[0].At;
        foreach (var doctor in new[] { drLee, drNo, drLee, drNo, drLee })
            await doctor.TriesToReadAsync(ana, lab);
        var last = (await ana.HistoryOfAsync(drLee))[0];
        var until = last.At;
        await ana.WhenAnchoredAsync((await ana.HistoryAsync())[0].StreamVersion);

        var (lines, coversUntil, proof) = await ana.ExportsHistoryAsync(from, until);

        var log = (await ana.HistoryAsync(new { from, until })).Reverse().ToList();
        Assert.True(lines.Count >= 5, $"{lines.Count} lines");
        Assert.Equal(log.Select(line => line.Json.GetRawText()), lines.Select(line => line.Json.GetRawText()));
        Assert.True(coversUntil >= until);
        var shown = (await hrms.VerifiesAsync(proof))["accessLines"]!.AsArray()
            .Where(line => line!["event"]!["at"]!.GetValue<DateTimeOffset>() is var at && at >= from && at < until)
            .Select(line => line!["version"]!.GetValue<long>());
        Assert.Equal(lines.Select(line => line.StreamVersion), shown);
    }

    [Fact, Trait("Feature", "48")]
    public async Task Export_OfEverything_BeginsWithTheFirstEvent_AndIsALineItself()
    {
        var ana = await hrms.PatientAsync();
        await ana.AddsAsync(Clinic.LabResult());
        await ana.WhenAnchoredAsync((await ana.HistoryAsync())[0].StreamVersion);

        var (lines, _, proof) = await ana.ExportsHistoryAsync(null, null);

        Assert.Equal(1, (await hrms.VerifiesAsync(proof))["fromVersion"]!.GetValue<long>());
        // Its own line is durable before it is made, and in it when the ledger was faster.
        var log = (await ana.HistoryAsync()).Reverse().ToList();
        Assert.Single(log, line => line.Operation == "accessHistoryExport");
        Assert.Equal(log.Take(lines.Count).Select(line => line.StreamVersion), lines.Select(line => line.StreamVersion));
    }

    [Fact, Trait("Feature", "48")]
    public async Task Export_IsForThePatientAlone()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var answer = await drLee.AsksAsync("query($id: ID!) { patient(id: $id) { accessHistoryExport { proof } } }", new { id = ana.Id });

        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.Patient.GetProperty("accessHistoryExport").ValueKind);
    }

    [Fact, Trait("Feature", "48")]
    public async Task Export_OfMoreEventsThanOneProofHolds_IsRefused_AndGoesInParts()
    {
        var ana = await hrms.PatientAsync();
        await ana.ImportsToAsync(ana, Clinic.Bundle([.. Enumerable.Range(1, Limits.HistoryExportEventsMax).Select(_ => Clinic.LabResult())]));

        var all = await ana.AsksAsync("query($id: ID!) { patient(id: $id) { accessHistoryExport { proof } } }", new { id = ana.Id });

        Assert.Equal("INVALID", all.Error);
        var newest = (await ana.HistoryAsync())[0];
        await ana.WhenAnchoredAsync(newest.StreamVersion);
        var (lines, _, proof) = await ana.ExportsHistoryAsync(newest.At, null);
        Assert.Equal(newest.StreamVersion, lines[0].StreamVersion);
        await hrms.VerifiesAsync(proof);
    }
}

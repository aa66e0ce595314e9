using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Why somebody saw something, or did not, asked long afterwards. The history says what was decided; the explanation folds the stream anew.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ExplainPastTests(HrmsFixture hrms)
{
    private const int Looks = 10_000, Drawn = 1_000, AtOnce = 8;

    [Fact, Trait("Feature", "26")]
    public async Task OfTenThousandLooks_AThousandDrawnByChance_AreExplainedAsTheyWereDecided()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var (ana, hospital) = (await hrms.PatientAsync(), await hrms.OrganizationAsync());
        Provider[] doctors = [await hrms.PractitionerAsync(), await hrms.PractitionerAsync()];
        await hospital.HasMemberAsync(doctors[0]);
        var bundle = Clinic.Bundle([.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? Clinic.LabResult() : Clinic.Prescription())]);
        Guid[] records = [.. (await ana.ImportsToAsync(ana, bundle)).Done().Payload.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("id").GetGuid())];
        List<Given> given = [await ana.GrantsAsync(doctors[0], new Terms())];
        PurposeOfUse[] purposes = [PurposeOfUse.TREAT, PurposeOfUse.HRESCH];

        for (var looked = 0; looked < Looks;)
        {
            // The clock goes on between a change and a look.
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
            var looks = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => i % 2 == 0
                ? ListsAsync(Any(doctors), ana, Any(purposes))
                : ReadsAsync(Any(doctors), ana, Any(records), Any(purposes))));
            looked += looks.Sum();
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await ChangesAsync();
        }

        List<(Line Line, int Record)> all = [.. (await Task.WhenAll(doctors.Select(ana.HistoryOfAsync))).SelectMany(lines => lines)
            .SelectMany(line => line.Records.Select((_, i) => (line, i)))];
        Assert.InRange(all.Count, Looks, int.MaxValue);
        var drawn = random.GetItems(all.ToArray(), Drawn);
        Assert.Contains(drawn, look => look.Line.Permitted);
        Assert.Contains(drawn, look => !look.Line.Permitted);
        foreach (var some in drawn.Chunk(AtOnce))
            await Task.WhenAll(some.Select(look => AssertExplainedAsync(ana, look.Line, look.Record, $"seed {seed}")));

        async Task ChangesAsync()
        {
            if (given.Count > 3)
            {
                await ana.RevokesAsync(given[0]);
                given.RemoveAt(0);
                return;
            }
            var terms = new Terms
            {
                Type = random.Next(4) == 0 ? ProvisionType.Deny : ProvisionType.Permit,
                Classes = random.Next(2) == 0 ? [DataClass.Laboratory] : [], Purposes = random.Next(2) == 0 ? [PurposeOfUse.TREAT] : [],
            };
            given.Add(await ana.GrantsAsync(random.Next(3) == 0 ? hospital : Any(doctors), terms));
        }

        T Any<T>(T[] of) => of[random.Next(of.Length)];
    }

    [Fact, Trait("Feature", "26")]
    public async Task UseLimit_IsExplainedAsItStoodAtEachLook()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (2, 1) });
        for (var i = 0; i < 5; i++)
        {
            hrms.Clock.Advance(TimeSpan.FromMinutes(i == 3 ? 60 : 1));
            await drLee.ReadsAsync(ana, lab);
        }

        var lines = await ana.HistoryOfAsync(drLee);

        Assert.Equal([true, true, false, true, true], lines.Select(line => line.Permitted));
        Assert.Equal("FREQUENCY_EXCEEDED", lines[2].Records[0].Reason);
        foreach (var line in lines)
            await AssertExplainedAsync(ana, line, 0, "use limit");
        Assert.Equal("FREQUENCY_EXCEEDED", Text(await ExplainsAsync(ana, lines[0], 0, null), "reason"));
    }

    [Fact, Trait("Feature", "26")]
    public async Task OverduePurge_IsExplainedAsItStoodAtEachLook()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var first = await ana.GrantsAsync(drLee, new Terms());
        await LooksAsync();
        await ana.RevokesAsync(first);
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await LooksAsync();
        hrms.Clock.Advance(Limits.PurgeGrace);
        await LooksAsync();
        (await drLee.SendsAsync("acknowledgePurge", new { commandId = Guid.NewGuid(), patient = ana.Id, consent = first.Id }, "holding { status }")).Done();
        await LooksAsync();

        var lines = await ana.HistoryOfAsync(drLee);

        Assert.Equal(["PERMITTED", "PURGE_OVERDUE", "PERMITTED", "PERMITTED"], lines.Select(line => line.Records[0].Reason));
        foreach (var line in lines)
            await AssertExplainedAsync(ana, line, 0, "overdue purge");

        async Task LooksAsync()
        {
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await drLee.ReadsAsync(ana, lab);
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }
    }

    private static async Task<int> ListsAsync(Provider doctor, Patient patient, PurposeOfUse purpose) => (await doctor.AsksAsync(
        "query($id: ID!, $purpose: PurposeOfUse) { patient(id: $id, purpose: $purpose) { records(first: 200) { nodes { id } } } }", new { id = patient.Id, purpose }))
        .Patient.GetProperty("records").GetProperty("nodes").GetArrayLength();

    private static async Task<int> ReadsAsync(Provider doctor, Patient patient, Guid record, PurposeOfUse purpose)
    {
        await doctor.ReadsAsync(patient, record, purpose: purpose);
        return 1;
    }

    private static async Task AssertExplainedAsync(Patient patient, Line line, int record, string about)
    {
        var explained = await ExplainsAsync(patient, line, record, line.At);
        var taken = line.Json.GetProperty("records")[record];
        Assert.True(
            (line.Permitted, Text(taken, "reason"), Text(taken, "consent"), Text(taken, "consentVersion"))
                == (explained.GetProperty("permitted").GetBoolean(), Text(explained, "reason"), Text(explained, "consent"), Text(explained, "consentVersion")),
            $"{about}: record {record} of {line.Json} is explained as {explained}");
    }

    private static async Task<JsonElement> ExplainsAsync(Patient patient, Line line, int record, DateTimeOffset? at) => (await patient.AsksAsync(
        "query($id: ID!, $input: ExplainInput!) { patient(id: $id) { explain(input: $input) { permitted reason text consent consentVersion } } }",
        new
        {
            id = patient.Id,
            input = new { who = new { practitioner = line.Actor }, purpose = line.Purpose, action = Text(line.Json, "action"), record = line.Records[record].Id, at },
        })).Patient.GetProperty("explain");

    private static string Text(JsonElement json, string property) => json.GetProperty(property).ToString();
}

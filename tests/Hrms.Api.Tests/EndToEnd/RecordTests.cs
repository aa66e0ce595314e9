using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Records, their versions and where they come from.</summary>
public sealed class RecordTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "52")]
    public async Task Amend_KeepsTheFirstVersionReadable()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult(percent: 5.4));

        var reply = await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6.1));

        Assert.Equal(2, Entry.Of(reply.Done().Payload.GetProperty("record")).Version);
        Assert.Equal(5.4, Value(await ana.ReadsAsync(ana, lab, version: 1)));
        Assert.Equal(6.1, Value(await ana.ReadsAsync(ana, lab, version: 2)));
        Assert.Equal(6.1, Value(await ana.ReadsAsync(ana, lab)));
        Assert.Null(await ana.ReadsAsync(ana, lab, version: 3));
        var versions = (await ana.AsksAsync("query($id: ID!, $r: ID!) { patient(id: $id) { recordVersions(id: $r) { version } } }", new { id = ana.Id, r = lab })).Patient;
        Assert.Equal([1, 2], versions.GetProperty("recordVersions").EnumerateArray().Select(version => version.GetProperty("version").GetInt32()));
    }

    [Fact, Trait("Feature", "52")]
    public async Task Amend_OfAStaleVersion_IsRefusedAndChangesNothing()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult(percent: 5.4));
        (await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6.1))).Done();

        var late = await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 9.9));

        Assert.Equal(("STALE_VERSION", "expectedVersion"), (late.Refusal, late.Place));
        Assert.Equal(6.1, Value(await ana.ReadsAsync(ana, lab)));
    }

    [Fact, Trait("Feature", "52")]
    public async Task Amendments_OfOneVersionAtOnce_LetOneIn()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var replies = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: i))));

        Assert.Single(replies, reply => reply.Refusal is null);
        Assert.All(replies.Where(reply => reply.Refusal is not null), reply => Assert.Equal("STALE_VERSION", reply.Refusal));
    }

    [Fact, Trait("Feature", "53")]
    public async Task Record_SaysWhetherThePatientOrTheDoctorEnteredIt()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms());
        var hers = await ana.AddsAsync(Clinic.Diagnosis("Headache since Monday"));
        var his = (await drLee.AddsToAsync(ana, Clinic.LabResult())).Done().Payload.GetProperty("records")[0].GetProperty("id").GetGuid();

        var (entered, measured) = ((await drLee.ReadsAsync(ana, hers))!.Value, (await drLee.ReadsAsync(ana, his))!.Value);

        Assert.Equal(("PATIENT", "PATIENT", ana.Id), Origin(entered));
        Assert.Equal(("PRACTITIONER", "PRACTITIONER", drLee.Id), Origin(measured));
    }

    [Fact, Trait("Feature", "14")]
    public async Task Grant_ToViewOnly_DoesNotLetWrite()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms { Actions = [AccessAction.View] });

        Assert.Equal("NOT_FOUND", (await drLee.AddsToAsync(ana, Clinic.LabResult())).Refusal);
        Assert.Empty(await ana.SeesAsync(ana));
    }

    [Fact]
    public async Task Search_FindsByClassCodeDateAndText()
    {
        var ana = await hrms.PatientAsync();
        var march = await ana.AddsAsync(Clinic.LabResult("2025-03-01T08:00:00Z"));
        var april = await ana.AddsAsync(Clinic.LabResult("2025-04-01T08:00:00Z"));
        var prescription = await ana.AddsAsync(Clinic.Prescription());

        Assert.Equal([april, march], await ana.SeesAsync(ana, where: new { code = "http://loinc.org|4548-4" }));
        Assert.Equal([prescription], await ana.SeesAsync(ana, where: new { text = "metformin" }));
        Assert.Equal([april], await ana.SeesAsync(ana, where: new { classes = new[] { DataClass.Laboratory }, from = "2025-04-01T00:00:00Z" }));
        Assert.Equal([march], await ana.SeesAsync(ana, where: new { resourceType = "Observation", until = "2025-04-01T08:00:00Z" }));
    }

    private static double Value(JsonElement? record) => record!.Value.GetProperty("content").GetProperty("valueQuantity").GetProperty("value").GetDouble();

    private static (string?, string?, Guid) Origin(JsonElement record) => (
        record.GetProperty("source").GetString(), record.GetProperty("enteredBy").GetProperty("kind").GetString(),
        record.GetProperty("enteredBy").GetProperty("id").GetGuid());
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Contracts;
using Hrms.Verifier;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A patient goes, and takes everything along.</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "62")]
public sealed class ErasureTests(HrmsFixture hrms)
{
    private const string Beats = """{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""";

    [Fact]
    public async Task Erased_NothingCanBeOpenedOrProven_AndARepeatGivesTheSameCertificate()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsRecordAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        Assert.NotNull(await drLee.ReadsAsync(ana, lab.Id));
        var watch = await ana.EnrolsDeviceAsync();
        Assert.Equal(200, (await watch.UploadsAsync(Beats, "first")).Status);
        await ana.WhenAnchoredAsync(lab.StreamVersion);
        await hrms.ForgetAsync();

        var certificate = await ana.ErasesAsync();
        var again = await ana.ErasesAsync();

        Assert.Equal(certificate.GetRawText(), again.GetRawText());
        foreach (var question in new[] { "overview { recordCount }", "records(first: 1) { totalCount }", "proof(streamVersion: 2)", "consents { id }", "historyCheck { eventsChecked }" })
            Assert.Equal("ERASED", (await ana.AsksAsync($"query($id: ID!) {{ patient(id: $id) {{ {question} }} }}", new { id = ana.Id })).Error);
        Assert.Equal("ERASED", (await ana.AddsToAsync(ana, Clinic.LabResult())).Refusal);
        Assert.Null(await drLee.ReadsAsync(ana, lab.Id));
        Assert.Equal(401, (await watch.UploadsAsync(Beats, "first")).Status);
        Assert.Equal(401, (await watch.UploadsAsync(Beats, "second")).Status);
        await hrms.ForgetAsync();
        Assert.Equal("ERASED", (await ana.TriesToGrantAsync(drLee, new Terms())).Refusal);
        foreach (var owner in new[] { ana.Id, watch.Id })
        {
            Assert.Equal((true, 0L, 0L), await LeftAsync(owner));
        }
    }

    [Fact]
    public async Task Certificate_IsProvenToAStranger_AndNamesNobody()
    {
        var (ana, stranger) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        var certificate = await ana.ErasesAsync();
        var id = certificate.GetProperty("id").GetGuid();

        var bundle = await stranger.ProvesErasureAsync(id);
        var (exit, answer) = await VerifyAsync(bundle, (await hrms.HostAsync()).Embedded.LedgerRpcUrls[0]);

        Assert.Equal((0, "record-erased"), (exit, answer["kind"]!.GetValue<string>()));
        var erased = answer["event"]!;
        Assert.Equal(["at", "certificate", "event", "member"], erased.AsObject().Select(member => member.Key).Order());
        Assert.Equal((id, certificate.GetProperty("member").GetString()), (erased["certificate"]!.GetValue<Guid>(), erased["member"]!.GetValue<string>()));
        foreach (var form in new[] { ana.Id.ToString("D"), ana.Id.ToString("N"), Convert.ToBase64String(ana.Id.ToByteArray(bigEndian: true))[..20] })
            Assert.DoesNotContain(form, bundle + answer.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        foreach (var none in new[] { Guid.NewGuid(), ana.Id, stranger.Id })
        {
            var unknown = await stranger.AsksAsync("query($id: ID!) { erasureCertificate(id: $id) { id proof } }", new { id = none });
            Assert.Equal(JsonValueKind.Null, unknown.Data.GetProperty("erasureCertificate").ValueKind);
        }
    }

    [Fact]
    public async Task WhoeverReceivedData_MustPurgeThem_AndTheListsForgetThePatient()
    {
        var (ana, drLee, drKim) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, new Terms());
        await ana.GrantsAsync(drKim, new Terms());
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        await Deadline.UntilAsync("both lists", async () => await SharingAsync(drLee) == 1 && await SharingAsync(drKim) == 1 ? "there" : null);

        await ana.ErasesAsync();

        Assert.Equal((0, 0), (await SharingAsync(drLee), await SharingAsync(drKim)));
        var duty = Assert.Single(await DutiesAsync(drLee));
        Assert.Equal((ana.Id, consent.Id), (duty.GetProperty("patient").GetGuid(), duty.GetProperty("consent").GetGuid()));
        Assert.Empty(await DutiesAsync(drKim));
        var nobody = await hrms.PatientAsync(Guid.NewGuid());
        Assert.Equal((await AcknowledgesAsync(drKim, nobody)).Payload.ToString(), (await AcknowledgesAsync(drKim, ana)).Payload.ToString());
        Assert.Equal("PURGED", (await AcknowledgesAsync(drLee, ana)).Done().Payload.GetProperty("holding").GetProperty("status").GetString());
        Assert.Empty(await DutiesAsync(drLee));

        Task<Reply> AcknowledgesAsync(Provider holder, Patient patient) => holder.SendsAsync(
            "acknowledgePurge", new { commandId = Guid.NewGuid(), patient = patient.Id, consent = consent.Id }, "holding { status }");
    }

    [Fact]
    public async Task Streams_EndAtOnce()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms());
        const string added = "subscription($id: ID!) { recordAdded(patient: $id) { id } }";
        await using var hers = await LiveStream.OpenAsync(hrms.Http, ana, added, new { id = ana.Id });
        await using var his = await LiveStream.OpenAsync(hrms.Http, drLee, added, new { id = ana.Id });

        await ana.ErasesAsync();

        await hers.EndsAsync(TimeSpan.FromSeconds(10));
        await his.EndsAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task OnlyThePatientInPerson_AndKnowingly()
    {
        var (ana, daughter, stranger) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.AppointsAsync(daughter, DelegateLevel.Full);

        var unaware = await ana.TriesToEraseAsync(ana, impactAcknowledged: null);
        Assert.Equal(("IMPACT_NOT_ACKNOWLEDGED", "impactAcknowledged"), (unaware.Refusal, unaware.Place));
        Assert.Equal("FORBIDDEN", (await (await hrms.ActingForAsync(daughter, ana)).TriesToEraseAsync(ana)).Refusal);
        foreach (var other in new Party[] { daughter, stranger, await hrms.OperatorAsync(), await hrms.OrganizationAsync() })
            Assert.Equal("NOT_FOUND", (await other.TriesToEraseAsync(ana)).Refusal);

        Assert.NotNull(await ana.ReadsAsync(ana, lab));
    }

    [Fact]
    public async Task NobodyActsForTheErased_NorTheErasedForAnybody()
    {
        var (ana, son, mother) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        await ana.AppointsAsync(son, DelegateLevel.Full);
        await mother.AppointsAsync(ana, DelegateLevel.Full);
        await mother.AddsAsync(Clinic.LabResult());
        var acting = await hrms.ActingForAsync(ana, mother);
        Assert.NotEmpty(await acting.SeesAsync(mother));
        await Deadline.UntilAsync("the lists", async () => await WardsAsync(son) == 1 && await WardsAsync(ana) == 1 ? "there" : null);

        await ana.ErasesAsync();

        Assert.Empty(await acting.SeesAsync(mother));
        Assert.Equal(0, await WardsAsync(son));
    }

    [Fact]
    public async Task HistoriesAndBatchesOfOthers_StayWhole()
    {
        var (ana, ben, auditor) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.OperatorAsync());
        foreach (var patient in new[] { ana, ben, ana, ben })
            await patient.AddsAsync(Clinic.LabResult());
        await ana.RevokesAsync(await ana.GrantsAsync(await hrms.PractitionerAsync(), new Terms()));

        await auditor.ProvesErasureAsync((await ana.ErasesAsync()).GetProperty("id").GetGuid());

        await ben.WhenAnchoredAsync((await ben.AddsRecordAsync(Clinic.LabResult())).StreamVersion);
        Assert.Empty((await ben.ChecksHistoryAsync()).Problems);
    }

    /// <summary>Whether there is a tombstone, how many salts are left, and how many contents.</summary>
    private async Task<(bool Tombstone, long Salts, long Contents)> LeftAsync(Guid owner) => (await hrms.QueryAsync(
        """
        select exists (select from owner_key where owner = @owner and wrapped is null and erased_at is not null),
            (select count(*) from journal where stream_id = @owner and salt <> '\x'), (select count(*) from content where stream_id = @owner)
        """,
        row => Tuple.Create(row.GetBoolean(0), row.GetInt64(1), row.GetInt64(2)), ("owner", owner)))!.ToValueTuple();

    private static async Task<int> SharingAsync(Provider provider) =>
        (await provider.AsksAsync("{ viewer { sharingPatients { since } } }")).Data.GetProperty("viewer").GetProperty("sharingPatients").GetArrayLength();

    private static async Task<int> WardsAsync(Patient person) =>
        (await EndToEnd.Family.WardsAsync(person)).Count;

    private static async Task<IReadOnlyList<JsonElement>> DutiesAsync(Provider provider) =>
        [.. (await provider.AsksAsync("{ purgeDuties { patient consent } }")).Data.GetProperty("purgeDuties").EnumerateArray()];

    private static async Task<(int Exit, JsonNode Answer)> VerifyAsync(string bundle, Uri node)
    {
        using var folder = new TestKit.TemporaryFolder();
        await File.WriteAllTextAsync(folder["bundle.json"], bundle, TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exit = await VerifierProgram.RunAsync([folder["bundle.json"], "--rpc", node.ToString(), "--json"], output, errors, TestContext.Current.CancellationToken);
        Assert.Equal("", errors.ToString());
        return (exit, JsonNode.Parse(output.ToString())!);
    }
}

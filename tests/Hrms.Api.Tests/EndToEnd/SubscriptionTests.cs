using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What happens, as it happens. How soon under load: the scenarios `fan-out` and, for what a revocation ends, P14.</summary>
[Collection(nameof(TimeTravel))]
public sealed class SubscriptionTests(HrmsFixture hrms)
{
    private const string RecordAdded = "subscription($id: ID!) { recordAdded(patient: $id) { id class } }";
    private const string ConsentChanged = "subscription($id: ID!) { consentChanged(patient: $id) { id status } }";

    [Fact, Trait("Feature", "68")]
    public async Task NewLab_ReachesPatientAndGrantedDoctor()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await using var hers = await OpenAsync(ana, RecordAdded, ana);
        await using var his = await OpenAsync(drLee, RecordAdded, ana);

        var lab = await ana.AddsAsync(Clinic.LabResult());

        Assert.Equal(lab, IdOf(await hers.NextAsync(), "recordAdded"));
        Assert.Equal(lab, IdOf(await his.NextAsync(), "recordAdded"));
        var line = Assert.Single(await ana.HistoryOfAsync(drLee));
        Assert.Equal(("recordAdded", true, lab), (line.Operation, line.Permitted, Assert.Single(line.Records).Id));
    }

    [Fact, Trait("Feature", "68")]
    public async Task WhoListens_HearsOfRecords_InTheOrderInWhichTheyCame()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await using var his = await OpenAsync(drLee, RecordAdded, ana);

        List<Guid> came = [], heard = [];
        for (var i = 0; i < 30; i++)
            came.Add(await ana.AddsAsync(Clinic.LabResult()));
        while (heard.Count < came.Count)
            heard.Add(IdOf(await his.NextAsync(), "recordAdded"));

        Assert.Equal(came, heard);
    }

    [Fact, Trait("Feature", "69")]
    [Trait("Fault", "F35")]
    public async Task RevokedDoctorsStream_Ends_AndNothingFurtherIsSent()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await using var his = await OpenAsync(drLee, RecordAdded, ana);
        await ana.AddsAsync(Clinic.LabResult());
        await his.NextAsync();

        await ana.RevokesAsync(consent);
        await ana.AddsAsync(Clinic.LabResult());

        await his.EndsAsync(TimeSpan.FromSeconds(10));
    }

    [Fact, Trait("Feature", "69")]
    public async Task Stream_HoldsOnlyWhatIsGranted()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await using var his = await OpenAsync(drLee, RecordAdded, ana);

        await ana.AddsAsync(Clinic.Prescription());
        var lab = await ana.AddsAsync(Clinic.LabResult());

        Assert.Equal(lab, IdOf(await his.NextAsync(), "recordAdded"));
    }

    [Fact, Trait("Feature", "68")]
    public async Task ConsentChanges_ReachThePatientAlone()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await using var his = await OpenAsync(drLee, ConsentChanged, ana);
        await using var hers = await OpenAsync(ana, ConsentChanged, ana);

        var consent = await ana.GrantsAsync(drLee, new Terms());
        var given = (await hers.NextAsync()).GetProperty("consentChanged");
        await ana.RevokesAsync(consent);
        var revoked = (await hers.NextAsync()).GetProperty("consentChanged");

        Assert.Equal((consent.Id, "ACTIVE"), (given.GetProperty("id").GetGuid(), given.GetProperty("status").GetString()));
        Assert.Equal((consent.Id, "REVOKED"), (revoked.GetProperty("id").GetGuid(), revoked.GetProperty("status").GetString()));
        Assert.Equal(0, his.Waiting);
    }

    [Fact, Trait("Feature", "68")]
    public async Task LedgerCommits_AreToldToWhoListens()
    {
        var ana = await hrms.PatientAsync();
        await using var stream = await LiveStream.OpenAsync(hrms.Http, ana, "subscription { ledgerCommitted { lane number leafCount blockNumber transactionHash } }");

        await ana.AddsAsync(Clinic.LabResult());

        var commit = (await stream.NextAsync()).GetProperty("ledgerCommitted");
        Assert.True(commit.GetProperty("blockNumber").GetInt64() > 0);
        Assert.True(commit.GetProperty("leafCount").GetInt32() > 0);
    }

    [Fact, Trait("Feature", "68")]
    public async Task WebSocket_BringsNewRecords()
    {
        var (ana, host) = (await hrms.PatientAsync(), await hrms.HostAsync());
        await using var socket = await SocketClient.ConnectAsync(new Uri(host.Url, "graphql").ToString(), payload: new { authorization = $"Bearer {ana.Token}" });
        await socket.SubscribeAsync("1", RecordAdded, new { id = ana.Id });
        var first = socket.ReceiveAsync();

        // The protocol does not tell when a subscription is at work: the first record that comes shows it.
        await Deadline.UntilAsync("a record over the socket", async () =>
        {
            await ana.AddsAsync(Clinic.LabResult());
            return first.IsCompleted ? first : null;
        });

        var message = await first;
        Assert.Equal(("1", "next"), (message.GetProperty("id").GetString(), message.GetProperty("type").GetString()));
        Assert.Equal("LABORATORY", message.GetProperty("payload").GetProperty("data").GetProperty("recordAdded").GetProperty("class").GetString());
    }

    private Task<LiveStream> OpenAsync(Party listener, string query, Patient patient) => LiveStream.OpenAsync(hrms.Http, listener, query, new { id = patient.Id });

    private static Guid IdOf(System.Text.Json.JsonElement data, string field) => data.GetProperty(field).GetProperty("id").GetGuid();
}

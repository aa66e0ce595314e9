namespace Hrms.Faults.Tests;

/// <summary>One command that arrives many times, at once: callers repeat what they have no answer to.</summary>
public sealed class DuplicateTests(SharedHost shared) : IAsyncLifetime
{
    private const string Grant =
        """
        mutation($c:ID!,$p:ID!,$d:ID!,$l:[String!]){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{labels:$l}}){
          consent{id version streamVersion grantedAt} errors{code message place}}}
        """;

    private const string Add =
        "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id version streamVersion} count errors{code message place}}}";

    private const string State = "query($p:ID!){patient(id:$p){consents{id} records(first:1){totalCount}}}";

    private readonly Guid _command = Guid.NewGuid();
    private RunningHost _host = null!;
    private Guid _patient;

    public async ValueTask InitializeAsync()
    {
        _host = await shared.RunningAsync();
        _patient = await _host.Client.PatientAsync();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    [Trait("Fault", "F16")]
    public async Task AHundredDuplicatesOfAGrant_AreOneConsent_AndHaveOneAnswer()
    {
        var grantee = Guid.NewGuid();
        var answers = await AtOnceAsync(_ => SendAsync(Grant, new { c = _command, p = _patient, d = grantee, l = new[] { "one" } }));

        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Empty(answers[0].Codes);
        Assert.Equal((1, 0), await CountsAsync());
    }

    [Fact]
    [Trait("Fault", "F16")]
    public async Task AHundredDuplicatesOfARecord_AreOneRecord_OneNonce_AndHaveOneAnswer()
    {
        await _host.Client.LedgerQuietAsync();
        var before = await LaneAsync();
        var answers = await AtOnceAsync(_ => SendAsync(Add, new { c = _command, p = _patient, r = Observation("8867-4") }));
        await _host.Client.LedgerQuietAsync();
        // What the server notes of itself may have had a batch of its own meanwhile.
        var after = await LaneAsync();
        Assert.Equal(after.Batches - before.Batches, after.Nonce - before.Nonce);
        Assert.InRange(after.Batches - before.Batches, 1, 3);

        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Empty(answers[0].Codes);
        Assert.Equal((0, 1), await CountsAsync());
    }

    [Fact]
    [Trait("Fault", "F17")]
    public async Task TheSameCommandIdWithOtherContent_IsRefused_AndChangesNothing()
    {
        var grantee = Guid.NewGuid();
        var grants = await AtOnceAsync(i => SendAsync(Grant, new { c = _command, p = _patient, d = grantee, l = new[] { i % 2 == 0 ? "even" : "odd" } }));
        var records = await AtOnceAsync(i => SendAsync(Add, new { c = _command, p = _patient, r = Observation(i % 2 == 0 ? "8867-4" : "8310-5") }));

        foreach (var answers in new[] { grants, records })
        {
            Assert.Equal(50, answers.Count(answer => answer.Codes.Count == 0));
            Assert.Equal(50, answers.Count(answer => answer.Codes.SequenceEqual(["COMMAND_REUSED"])));
            Assert.Single(answers.Where(answer => answer.Codes.Count == 0).Select(answer => answer.Body).Distinct());
        }
        Assert.Equal((1, 1), await CountsAsync());
    }

    private static Task<Answer[]> AtOnceAsync(Func<int, Task<Answer>> send) => Task.WhenAll(Enumerable.Range(0, 100).Select(send));

    private static object Observation(string code) =>
        new { resourceType = "Observation", status = "final", code = new { coding = new[] { new { system = "http://loinc.org", code } } } };

    private Task<Answer> SendAsync(string query, object variables) => _host.Client.SendAsync(Party.Patient(_patient), query, variables);

    private async Task<(int Batches, int Nonce)> LaneAsync()
    {
        var lane = (await _host.Client.SendAsync(Party.Operator, "{ledger{lastBatch inspection{minedNonce}}}")).Field[0];
        return (lane.GetProperty("lastBatch").GetInt32(), lane.GetProperty("inspection").GetProperty("minedNonce").GetInt32());
    }

    private async Task<(int Consents, int Records)> CountsAsync()
    {
        var shown = (await SendAsync(State, new { p = _patient })).Field;
        return (shown.GetProperty("consents").GetArrayLength(), shown.GetProperty("records").GetProperty("totalCount").GetInt32());
    }
}

namespace Hrms.Faults.Tests.Harness;

/// <summary>What a patient's record shows of the changes: how often each mark is there.</summary>
internal sealed class Effects
{
    private const string Stored =
        "query($p:ID!){patient(id:$p){consents{id version status rule{labels}} records(first:200){totalCount nodes{content}} historyCheck{eventsChecked problems}}}";
    private const string Lines = "query($p:ID!,$a:String){patient(id:$p){accessHistory(first:200,after:$a){nodes{actor{id}} pageInfo{hasNextPage endCursor}}}}";
    private readonly Dictionary<(ChangeKind, Guid), int> _counts = [];

    /// <summary>What the history check found wrong.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    public static async Task<Effects> OfAsync(ApiClient client, Guid patient)
    {
        var effects = new Effects();
        await effects.ReadStoredAsync(client, patient);
        await effects.ReadLinesAsync(client, patient);
        return effects;
    }

    public int Count(Change change) => _counts.GetValueOrDefault((change.Kind, change.Mark));

    private async Task ReadStoredAsync(ApiClient client, Guid patient)
    {
        var shown = (await client.SendAsync(Party.Patient(patient), Stored, new { p = patient })).Field;
        foreach (var consent in shown.GetProperty("consents").EnumerateArray())
        {
            foreach (var mark in consent.GetProperty("rule").GetProperty("labels").EnumerateArray())
                Add(ChangeKind.Grant, mark.GetGuid());
            // A consent is granted in its version 1 and revoked in its version 2: a third would be a second effect.
            for (var version = 2; version <= consent.GetProperty("version").GetInt32(); version++)
                Add(ChangeKind.Revocation, consent.GetProperty("id").GetGuid());
            Assert.Equal(consent.GetProperty("version").GetInt32() == 1 ? "ACTIVE" : "REVOKED", consent.GetProperty("status").GetString());
        }
        var records = shown.GetProperty("records");
        Assert.Equal(records.GetProperty("totalCount").GetInt32(), records.GetProperty("nodes").GetArrayLength());
        foreach (var record in records.GetProperty("nodes").EnumerateArray())
            Add(ChangeKind.Record, record.GetProperty("content").GetProperty("identifier")[0].GetProperty("value").GetGuid());
        Problems = [.. shown.GetProperty("historyCheck").GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)];
    }

    private async Task ReadLinesAsync(ApiClient client, Guid patient)
    {
        for (string? after = null; ;)
        {
            var page = (await client.SendAsync(Party.Patient(patient), Lines, new { p = patient, a = after })).Field.GetProperty("accessHistory");
            foreach (var line in page.GetProperty("nodes").EnumerateArray())
                Add(ChangeKind.Look, line.GetProperty("actor").GetProperty("id").GetGuid());
            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
                return;
            after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
        }
    }

    private void Add(ChangeKind kind, Guid mark) => _counts[(kind, mark)] = _counts.GetValueOrDefault((kind, mark)) + 1;
}

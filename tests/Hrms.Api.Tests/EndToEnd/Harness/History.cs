using System.Text.Json;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>One line of who looked.</summary>
public sealed record Line(JsonElement Json)
{
    /// <summary>Whether nothing is told of it but that it is there, and when.</summary>
    public bool Withheld => Json.GetProperty("withheld").GetBoolean();

    public long StreamVersion => Json.GetProperty("streamVersion").GetInt64();

    public Guid Actor => Json.GetProperty("actor").GetProperty("id").GetGuid();

    public string Purpose => Json.GetProperty("purpose").GetString()!;

    public string Operation => Json.GetProperty("operation").GetString()!;

    public bool Permitted => Json.GetProperty("permitted").GetBoolean();

    public string? App => Json.GetProperty("app").GetString();

    public string? Scope => Json.GetProperty("scope").GetString();

    public string Reason => Json.GetProperty("reason").GetString()!;

    public long PolicyVersion => Json.GetProperty("policyVersion").GetInt64();

    public DateTimeOffset At => Json.GetProperty("at").GetDateTimeOffset();

    public IReadOnlyList<(Guid Id, string Reason, Guid? Consent, int? ConsentVersion)> Records => [.. Json.GetProperty("records").EnumerateArray().Select(record => (
        record.GetProperty("id").GetGuid(), record.GetProperty("reason").GetString()!,
        record.GetProperty("consent") is { ValueKind: JsonValueKind.String } consent ? consent.GetGuid() : (Guid?)null,
        record.GetProperty("consentVersion") is { ValueKind: JsonValueKind.Number } version ? version.GetInt32() : (int?)null))];
}

/// <summary>The patient's view of the access history, the ledger and the proofs.</summary>
public static class History
{
    public const string LineFields =
        "streamVersion at withheld actor { kind id } purpose app scope action operation permitted reason consent consentVersion policyVersion records { id version reason consent consentVersion }";

    /// <summary>All lines, newest first, page by page.</summary>
    public static async Task<IReadOnlyList<Line>> HistoryAsync(this Patient patient, object? where = null, int pageSize = 200)
    {
        List<Line> lines = [];
        string? after = null;
        do
        {
            var page = (await patient.AsksAsync(
                $"query($id: ID!, $where: AccessHistoryFilter, $first: Int!, $after: String) {{ patient(id: $id) {{ accessHistory(where: $where, first: $first, after: $after) {{ nodes {{ {LineFields} }} pageInfo {{ hasNextPage endCursor }} }} }} }}",
                new { id = patient.Id, where, first = pageSize, after })).Patient.GetProperty("accessHistory");
            lines.AddRange(page.GetProperty("nodes").EnumerateArray().Select(line => new Line(line)));
            after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean() ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
        return lines;
    }

    /// <summary>The lines about somebody, newest first.</summary>
    public static Task<IReadOnlyList<Line>> HistoryOfAsync(this Patient patient, Party asker) => patient.HistoryAsync(new { actor = asker.Id });

    /// <summary>What the check of the whole history finds wrong.</summary>
    public static async Task<(long Events, long Batches, IReadOnlyList<string> Problems)> ChecksHistoryAsync(this Patient patient)
    {
        var (events, batches, problems, next) = await patient.ChecksHistoryAsync(1, 500);
        Assert.Null(next);
        return (events, batches, problems);
    }

    /// <summary>What the check of a part finds wrong, and where to go on.</summary>
    /// <param name="batches">Of how many batches that hold events of the patient.</param>
    public static async Task<(long Events, long Batches, IReadOnlyList<string> Problems, long? Next)> ChecksHistoryAsync(this Patient patient, long from, int batches)
    {
        var check = (await patient.AsksAsync(
            "query($id: ID!, $from: Long!, $batches: Int!) { patient(id: $id) { historyCheck(from: $from, batches: $batches) { eventsChecked batchesChecked problems nextVersion } } }",
            new { id = patient.Id, from, batches })).Patient.GetProperty("historyCheck");
        return (
            check.GetProperty("eventsChecked").GetInt64(), check.GetProperty("batchesChecked").GetInt64(),
            [.. check.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)],
            check.GetProperty("nextVersion") is { ValueKind: System.Text.Json.JsonValueKind.Number } next ? next.GetInt64() : null);
    }

    /// <summary>What anybody finds who compares a lane's batches with the journal, and where to go on.</summary>
    public static async Task<(IReadOnlyList<string> Problems, long? Next)> ChecksLedgerAsync(this Party auditor, int lane, long fromBatch, int first = 25)
    {
        var check = (await auditor.AsksAsync(
            "query($lane: Int!, $from: Long!, $first: Int!) { ledgerCheck(lane: $lane, fromBatch: $from, first: $first) { problems nextBatch } }",
            new { lane, from = fromBatch, first })).Data.GetProperty("ledgerCheck");
        return (
            [.. check.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)],
            check.GetProperty("nextBatch") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null);
    }

    /// <summary>Waits until the ledger has an event, and answers with its block.</summary>
    public static async Task<long> WhenAnchoredAsync(this Patient patient, long streamVersion)
    {
        var block = await Deadline.UntilAsync("a block with the event", async () =>
            (await patient.AsksAsync(
                "query($id: ID!, $event: Long!) { patient(id: $id) { anchor(streamVersion: $event) { blockNumber } } }", new { id = patient.Id, @event = streamVersion }))
            .Patient.GetProperty("anchor").GetProperty("blockNumber") is { ValueKind: JsonValueKind.Number } number ? (object)number.GetInt64() : null);
        return (long)block;
    }

    /// <summary>The bundle for a stranger.</summary>
    public static async Task<string> ProofAsync(this Patient patient, long streamVersion)
    {
        await patient.WhenAnchoredAsync(streamVersion);
        return (await patient.AsksAsync(
            "query($id: ID!, $event: Long!) { patient(id: $id) { proof(streamVersion: $event) } }", new { id = patient.Id, @event = streamVersion }))
            .Patient.GetProperty("proof").GetString()!;
    }

    /// <summary>The lines of a period with the proof that they are all.</summary>
    public static async Task<(IReadOnlyList<Line> Lines, DateTimeOffset CoversUntil, string Proof)> ExportsHistoryAsync(
        this Patient patient, DateTimeOffset? from, DateTimeOffset? until)
    {
        var export = (await patient.AsksAsync(
            $"query($id: ID!, $from: DateTimeOffset, $until: DateTimeOffset) {{ patient(id: $id) {{ accessHistoryExport(from: $from, until: $until) {{ lines {{ {LineFields} }} coversUntil proof }} }} }}",
            new { id = patient.Id, from, until })).Patient.GetProperty("accessHistoryExport");
        return (
            [.. export.GetProperty("lines").EnumerateArray().Select(line => new Line(line))], export.GetProperty("coversUntil").GetDateTimeOffset(),
            export.GetProperty("proof").GetString()!);
    }
}

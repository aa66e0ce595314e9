using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What a superuser of the database does is found, named and not served.</summary>
[Collection(nameof(Tampered))]
public sealed class TamperTests(TamperedHrms hrms)
{
    private const string Row = "where stream_id = @stream and version = @version";

    [Fact, Trait("Feature", "43")]
    public async Task UntouchedHistory_HasNoProblems()
    {
        var (ana, line) = await AnchoredReadAsync();

        var (events, batches, problems) = await ana.ChecksHistoryAsync();

        Assert.Empty(problems);
        Assert.True(events >= line, $"{events} events were checked, the line is event {line}.");
        Assert.True(batches > 0);
    }

    [Theory, Trait("Feature", "43")]
    [Trait("Fault", "F29")]
    [InlineData("payload = set_byte(payload, 30, get_byte(payload, 30) # 1)")]
    [InlineData("version = version + 1000000")]
    [InlineData("salt = set_byte(salt, 0, get_byte(salt, 0) # 1)")]
    [InlineData("leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1)")]
    [InlineData("prev_leaf = set_byte(prev_leaf, 0, get_byte(prev_leaf, 0) # 1)")]
    public async Task EditedRow_IsNamed_AndAlarms(string edit)
    {
        var (ana, line) = await AnchoredReadAsync();

        Assert.Equal(1, await hrms.AsSuperuserAsync($"update journal set {edit} {Row}", ("stream", ana.Id), ("version", line)));
        await hrms.ForgetAsync();

        await hrms.AlarmsAsync("history", $"(History): stream {ana.Id}", async () =>
            Assert.Contains((await ana.ChecksHistoryAsync()).Problems, problem => problem.StartsWith($"Row {line}", StringComparison.Ordinal)));
    }

    /// <summary>As an app checks a history that is too long for one answer.</summary>
    [Fact, Trait("Feature", "43")]
    public async Task AHistoryCheckedInParts_IsCheckedWhole_AndAnEditIsNamedInItsPart()
    {
        var (ana, line) = await AnchoredReadAsync();
        var whole = await CheckInPartsAsync();
        Assert.True(whole.Parts.Count > 1);
        Assert.Empty(whole.Problems);
        Assert.True(whole.Events >= line, $"{whole.Events} events were checked, the line is event {line}.");

        // The leaf after which the next row was written: it is the neighbours that do not fit, wherever a part ends.
        Assert.Equal(1, await hrms.AsSuperuserAsync($"update journal set leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) {Row}", ("stream", ana.Id), ("version", line)));
        var edited = await CheckInPartsAsync();
        Assert.Contains(edited.Problems, problem => problem.StartsWith($"Row {line}:", StringComparison.Ordinal));
        Assert.Contains(edited.Problems, problem => problem.StartsWith($"Row {line + 1} does not follow", StringComparison.Ordinal));

        async Task<(IReadOnlyList<long> Parts, long Events, IReadOnlyList<string> Problems)> CheckInPartsAsync()
        {
            List<long> parts = [];
            List<string> all = [];
            var sum = 0L;
            for (long? from = 1; from is { } part;)
            {
                parts.Add(part);
                (var events, _, var problems, from) = await ana.ChecksHistoryAsync(part, batches: 1);
                sum += events;
                all.AddRange(problems);
            }
            return (parts, sum, all);
        }
    }

    [Fact, Trait("Feature", "43")]
    public async Task DeletedRow_IsNamed()
    {
        var (ana, line) = await AnchoredReadAsync();

        Assert.Equal(1, await hrms.AsSuperuserAsync($"delete from journal {Row}", ("stream", ana.Id), ("version", line)));

        Assert.Contains($"Row {line} is missing.", (await ana.ChecksHistoryAsync()).Problems);
    }

    [Fact, Trait("Feature", "43")]
    [Trait("Fault", "F29")]
    public async Task ReorderedRows_AreNamed()
    {
        var (ana, line) = await AnchoredReadAsync();

        await hrms.AsSuperuserAsync(
            """
            update journal set version = 1000000 where stream_id = @stream and version = @version;
            update journal set version = @version where stream_id = @stream and version = @version + 1;
            update journal set version = @version + 1 where stream_id = @stream and version = 1000000
            """,
            ("stream", ana.Id), ("version", line));

        var problems = (await ana.ChecksHistoryAsync()).Problems;
        Assert.Contains(problems, problem => problem.StartsWith($"Row {line}", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith($"Row {line + 1}", StringComparison.Ordinal));
    }

    [Fact, Trait("Feature", "43")]
    public async Task DeletedNewestRow_IsFoundByThePatientAndByAnyAuditor()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.ReadsAsync(ana, lab);                       // the first look notes besides that he holds something now
        await NewestAnchoredAsync(ana);
        await drLee.ReadsAsync(ana, lab);
        var (lane, batch, look) = await NewestAnchoredAsync(ana);

        await hrms.ForgetAsync();
        Assert.Equal(1, await hrms.AsSuperuserAsync($"delete from journal {Row}", ("stream", ana.Id), ("version", look)));

        // The check's own line takes the version of the deleted one: nothing in the stream gives it away.
        var expected = $"Batch {batch} of lane {lane}: the journal's";
        await hrms.AlarmsAsync("batch", $"batch {batch} of lane {lane}", async () =>
            Assert.StartsWith(expected, Assert.Single((await ana.ChecksHistoryAsync()).Problems), StringComparison.Ordinal));
        Assert.StartsWith(expected, Assert.Single((await drLee.ChecksLedgerAsync(lane, batch)).Problems), StringComparison.Ordinal);
    }

    [Fact, Trait("Feature", "43")]
    public async Task LedgerCheck_GoesThroughALanePageByPage()
    {
        var ana = await hrms.PatientAsync();
        var (lane, batch, _) = await NewestAnchoredAsync(ana);
        await EditRootAsync();

        List<string> problems = [];
        var pages = 0;
        for (long? next = 1; next is not null; pages++)
        {
            (var part, next) = await ana.ChecksLedgerAsync(lane, next.Value, first: 1);
            problems.AddRange(part);
        }
        await EditRootAsync();

        Assert.True(pages >= batch, $"{pages} pages of one batch each, the edited batch is {batch}.");
        Assert.Contains($"Batch {batch} of lane {lane}: the ledger has another root.", problems);
        Assert.Contains(problems, problem => problem.StartsWith($"Batch {batch} of lane {lane}: the journal's", StringComparison.Ordinal));
        Assert.Equal("INVALID", (await ana.AsksAsync("{ ledgerCheck(lane: 1000) { problems } }")).Error);

        // A second time puts it back, so that the lane goes on for the other tests.
        async Task EditRootAsync() => Assert.Equal(1, await hrms.AsSuperuserAsync(
            "update ledger_batch set root = set_byte(root, 0, get_byte(root, 0) # 1) where lane = @lane and number = @batch", ("lane", lane), ("batch", batch)));
    }

    /// <summary>Lines of more than a year ago stand in partitions by time. Patient, checker and prover see no difference.</summary>
    [Fact, Trait("Feature", "40"), Trait("Feature", "43")]
    public async Task LinesOfLongAgo_AreReadCheckedAndProvedAsBefore_AndAnEditedOneIsNamed()
    {
        var (ana, line) = await AnchoredReadAsync();
        var before = await ana.HistoryAsync();
        await hrms.AsSuperuserAsync("update journal set recorded_at = recorded_at - interval '400 days'");
        await Deadline.UntilAsync("the line settles", async () =>
        {
            await hrms.QueryAsync("select settle_access_lines(now() - interval '30 days', 100000)", row => row.GetValue(0));
            return await hrms.QueryAsync($"select 'settled' from access_line {Row}", row => row.GetString(0), ("stream", ana.Id), ("version", line));
        });
        Assert.Null(await hrms.QueryAsync($"select 'here' from journal {Row}", row => row.GetString(0), ("stream", ana.Id), ("version", line)));

        var after = await ana.HistoryAsync(pageSize: 2);
        Assert.Equal(before.Select(one => one.Json.GetRawText()), after.TakeLast(before.Count).Select(one => one.Json.GetRawText()));
        Assert.Empty((await ana.ChecksHistoryAsync()).Problems);
        Assert.NotEqual("null", (await ana.AsksAsync("query($id: ID!, $version: Long!) { patient(id: $id) { proof(streamVersion: $version) } }", new { id = ana.Id, version = line })).Patient.GetProperty("proof").GetRawText());

        await hrms.AsSuperuserAsync($"update access_line set payload = set_byte(payload, 30, get_byte(payload, 30) # 1) {Row}", ("stream", ana.Id), ("version", line));
        Assert.Contains((await ana.ChecksHistoryAsync()).Problems, problem => problem.StartsWith($"Row {line}", StringComparison.Ordinal));
        await hrms.AsSuperuserAsync($"delete from access_line {Row}", ("stream", ana.Id), ("version", line));
        Assert.Contains($"Row {line} is missing.", (await ana.ChecksHistoryAsync()).Problems);
    }

    /// <summary>A patient, and the line of a doctor's look that the ledger has; a second look follows it.</summary>
    private async Task<(Patient, long)> AnchoredReadAsync()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.ReadsAsync(ana, lab);
        await drLee.ReadsAsync(ana, lab);
        var lines = await ana.HistoryOfAsync(drLee);
        await ana.WhenAnchoredAsync(lines[0].StreamVersion);
        return (ana, lines[1].StreamVersion);
    }

    /// <summary>Waits until a patient's newest row is in a final batch. Asks the database: a question to the product would be the next row.</summary>
    private async Task<(int Lane, long Batch, long Version)> NewestAnchoredAsync(Patient patient)
    {
        var lanes = (await patient.AsksAsync("{ ledger { lane } }")).Data.GetProperty("ledger").GetArrayLength();
        var place = await Deadline.UntilAsync("a final batch with the newest row", () => hrms.QueryAsync(
            """
            select b.lane, b.number, j.version from ledger_batch b, (select * from journal where stream_id = @stream order by version desc limit 1) j
            where b.lane = get_byte(uuid_send(j.stream_id), 15) % @lanes and b.block_number is not null
                and (j.txid, j.position) > (b.after_txid, b.after_position) and (j.txid, j.position) <= (b.through_txid, b.through_position)
            """,
            row => Tuple.Create(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)), ("stream", patient.Id), ("lanes", lanes)));
        return place.ToValueTuple();
    }
}

using Hrms.Domain.Ports;
using Hrms.Storage.Journal;
using Hrms.Storage.Keys;
using Hrms.Storage.Lanes;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

/// <summary>Access lines that grow old move to the partition of their quarter. Nobody who reads, appends or checks notices.</summary>
[Trait("Feature", "40")]
public sealed class AccessLineTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private static readonly DateTimeOffset AfterAll = Utc("2024-01-01T00:00:00Z");

    [Fact]
    public async Task SettledLines_AreReadAsBefore_UpToTheTickOfAQuartersEdge()
    {
        await using var journal = Silo(Database);
        var (ana, ben) = (new TestStream(), new TestStream());
        // First, since the journal is gone through in its order and no further than to a row that is not old.
        await AppendAsync(journal, ben, (EntryKind.Change, "2023-02-01T00:00:00Z"), (EntryKind.Access, "2023-02-01T00:00:01Z"), (EntryKind.Access, "2023-02-01T00:00:02Z"));
        await AppendAsync(journal, ana,
            (EntryKind.Change, "2023-01-01T00:00:00Z"), (EntryKind.Access, "2023-01-01T00:00:00Z"), (EntryKind.Access, "2023-03-31T23:59:59.999999Z"),
            (EntryKind.Access, "2023-04-01T00:00:00Z"), (EntryKind.Account, "2023-05-01T00:00:00Z"), (EntryKind.Access, "2023-06-30T23:59:59.999999Z"), (EntryKind.Change, "2023-06-30T23:59:59.999999Z"),
            (EntryKind.Access, "2023-07-01T00:00:00Z"), (EntryKind.Access, "2023-12-31T23:59:59.999999Z"), (EntryKind.Change, "2024-02-01T00:00:00Z"));
        await WhenNothingIsHeldBackAsync();
        var before = await SeenAsync(journal, ana, ben);

        await SettleAsync(take: 4);

        Assert.Equal(before, await SeenAsync(journal, ana, ben));
        Assert.Equal(
            ["access_line_2023q1|3", "access_line_2023q2|2", "access_line_2023q3|1", "access_line_2023q4|1"],
            await ColumnAsync("select tableoid::regclass || '|' || count(*) from access_line group by tableoid order by 1"));
        // What is left: changes, the account's line, and the newest row of the stream in which nothing has happened since.
        Assert.Equal(["1|4", "2|1", "3|1"], await ColumnAsync("select kind || '|' || count(*) from journal group by kind order by 1"));

        // The next day's lines move when it is their turn, and the one that was the newest stays where it is and is read as well.
        await AppendAsync(journal, ben, (EntryKind.Access, "2024-01-01T00:00:00Z"), (EntryKind.Change, "2024-01-01T00:00:01Z"));
        await WhenNothingIsHeldBackAsync();
        before = await SeenAsync(journal, ana, ben);
        await SettleAsync(take: 4, Utc("2024-06-01T00:00:00Z"));
        Assert.Equal(before, await SeenAsync(journal, ana, ben));
        Assert.Equal(8L, await ScalarAsync<long>("select count(*) from access_line"));
    }

    [Fact]
    public async Task YoungLines_Stay_AndNobodyCanMakeThemMove()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        await AppendAsync(journal, stream, (EntryKind.Change, "2023-12-30T00:00:00Z"), (EntryKind.Access, "2023-12-31T23:59:59Z"), (EntryKind.Access, "2024-01-01T00:00:00Z"), (EntryKind.Change, "2024-01-02T00:00:00Z"));

        await SettleAsync(take: 100);

        Assert.Equal([2L], await NumbersAsync("select version from access_line"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AccessLineSweep.SettleAsync(Database, DateTimeOffset.UtcNow.AddHours(-23), 100, Cancel));
        Assert.Equal(PostgresErrorCodes.InvalidParameterValue, refused.SqlState);
        Assert.Equal([2L], await NumbersAsync("select version from access_line"));
    }

    /// <summary>The row that has settled leaves its version free in the table that fences writers. It is taken all the same.</summary>
    [Fact]
    public async Task Append_BehindARowWhoseNextHasSettled_IsAConflict()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        await AppendAsync(journal, stream, (EntryKind.Change, "2023-01-01T00:00:00Z"));
        var (stale, head) = (new TestStream(stream.Id.Value), await journal.FindAsync(stream.Id, 1, Cancel));
        await AppendAsync(journal, stream, (EntryKind.Access, "2023-01-02T00:00:00Z"), (EntryKind.Change, "2023-01-03T00:00:00Z"));
        await SettleAsync(take: 100);
        Assert.Equal([1L, 3L], await NumbersAsync("select version from journal order by version"));

        var append = stale.Next(EntryKind.Access);
        append = append with { ExpectedVersion = 1, Entries = [append.Entries[0] with { PrevLeaf = head!.Leaf }] };
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.AppendAsync(append, Cancel));

        await stream.AppendAsync(journal);
        Assert.Equal([1L, 2, 3, 4], (await AllAsync(journal, stream.Id)).Select(row => row.Version));
    }

    /// <summary>45 CFR 164.316(b)(2)(i) asks for six years: nothing takes a line away at all, and no job that somebody adds will by mistake.</summary>
    [Theory]
    [InlineData("delete from access_line")]
    [InlineData("delete from access_line_2023q1")]
    [InlineData("update access_line set payload = 'x'")]
    [InlineData("truncate access_line")]
    [InlineData("truncate access_line_2023q1")]
    [InlineData("delete from journal where kind = 2")]
    public async Task Lines_AreKept_WhereverTheyStand(string sql)
    {
        await using var journal = Silo(Database);
        await AppendAsync(journal, new TestStream(), (EntryKind.Change, "2023-01-01T00:00:00Z"), (EntryKind.Access, "2023-01-02T00:00:00Z"), (EntryKind.Change, "2023-01-03T00:00:00Z"));
        await SettleAsync(take: 100);
        await new TestStream().AppendAsync(journal, EntryKind.Change, EntryKind.Access, EntryKind.Change);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    /// <summary>Not even whoever may write to both tables gets rid of a line by putting another in its place.</summary>
    [Fact]
    public async Task ALineLeavesTheJournal_OnlyForTheSameLine()
    {
        await using var journal = Silo(Database);
        await AppendAsync(journal, new TestStream(), (EntryKind.Change, "2023-01-01T00:00:00Z"), (EntryKind.Access, "2023-01-02T00:00:00Z"), (EntryKind.Change, "2023-01-03T00:00:00Z"));
        await ExecuteAsync(
            """
            select access_line_partition('2023-01-02 00:00Z');
            insert into access_line (stream_id, version, position, txid, recorded_at, prev_leaf, salt, leaf, payload)
            select stream_id, version, position, txid, recorded_at, prev_leaf, salt, leaf, payload || '\x00' from journal where kind = 2
            """);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("delete from journal where kind = 2"));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    [Trait("Feature", "62")]
    public async Task Erasure_TakesTheSaltsOfSettledLines_AlsoOfThoseThatSettleMeanwhile()
    {
        using var folder = new TemporaryFolder();
        var entropy = new SystemEntropy();
        var ring = new PostgresKeyRing(Database, new FileKeyVault(folder["keys/vault.json"], entropy), entropy);
        await using var journal = Silo(Database);
        for (var time = 0; time < 10; time++)
        {
            var stream = new TestStream();
            await ring.CreateAsync(stream.Id, Cancel);
            await AppendAsync(journal, stream, [(EntryKind.Change, "2023-01-01T00:00:00Z"), .. Enumerable.Repeat((EntryKind.Access, "2023-01-02T00:00:00Z"), 40), (EntryKind.Change, "2023-01-03T00:00:00Z")]);

            await WhenNothingIsHeldBackAsync();
            await Task.WhenAll(SettleAllAsync(take: 3, AfterAll), new PostgresErasures(Database, entropy).DestroyAsync([stream.Id], DateTimeOffset.UtcNow, Cancel));

            var rows = await AllAsync(journal, stream.Id);
            Assert.Equal(43, rows.Count);
            Assert.All(rows, row => Assert.Empty(row.Salt));
        }
    }

    [Fact]
    public async Task LinesThatSettleWhileSilosAppendAndRead_AreThereOnce()
    {
        await using var here = Silo(Database);
        await using var there = Silo(Database);
        var streams = Enumerable.Range(0, 12).Select(_ => new TestStream()).ToArray();
        using var over = new CancellationTokenSource();
        var settling = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
                await AccessLineSweep.SettleAsync(Database, AfterAll, 7, Cancel);
        }, Cancel)));

        await Task.WhenAll(streams.Select(async (stream, i) =>
        {
            var journal = i % 2 == 0 ? here : there;
            for (var round = 0; round < 15; round++)
            {
                await AppendAsync(journal, stream, (EntryKind.Access, "2023-03-31T23:59:59Z"), (EntryKind.Access, "2023-04-01T00:00:00Z"), (EntryKind.Change, "2023-04-01T00:00:00Z"));
                Assert.Equal(Enumerable.Range(1, 3 * (round + 1)).Select(version => (long)version), (await AllAsync(journal, stream.Id)).Select(row => row.Version));
            }
        }));
        await over.CancelAsync();
        await settling;

        await SettleAsync(take: 100);
        Assert.Equal(12L * 15 * 2, await ScalarAsync<long>("select count(*) from access_line"));
        Assert.Equal(12L * 15, await ScalarAsync<long>("select count(*) from journal"));
    }

    private async Task SettleAsync(int take, DateTimeOffset? before = null)
    {
        await WhenNothingIsHeldBackAsync();
        await SettleAllAsync(take, before ?? AfterAll);
    }

    private async Task SettleAllAsync(int take, DateTimeOffset before)
    {
        int gone;
        do
            gone = await AccessLineSweep.SettleAsync(Database, before, take, Cancel);
        while (gone > 0);
    }

    /// <summary>A transaction that is open anywhere in the cluster of databases holds the newest rows back; none is for long.</summary>
    private async Task WhenNothingIsHeldBackAsync()
    {
        while (await ScalarAsync<bool>("select exists (select from journal where txid >= pg_snapshot_xmin(pg_current_snapshot()))"))
            await Task.Yield();
    }

    /// <summary>All that a reader can ask about the streams, as text.</summary>
    private async Task<IReadOnlyList<string>> SeenAsync(IJournal journal, params TestStream[] streams)
    {
        List<string> seen = [];
        foreach (var stream in streams)
        {
            var rows = await AllAsync(journal, stream.Id);
            seen.AddRange(rows.Select(Shown));
            foreach (var kind in Enum.GetValues<EntryKind>())
            {
                seen.AddRange((await AllAsync(journal, stream.Id, kind)).Select(row => $"{kind}: {Shown(row)}"));
                for (var before = long.MaxValue; ;)
                {
                    var page = await journal.PageAsync(stream.Id, kind, before, 2, Cancel);
                    seen.Add($"{kind} page: {string.Join(' ', page.Select(row => row.Version))}");
                    if (page.Count < 2)
                        break;
                    before = page[^1].Version;
                }
            }
            foreach (var row in rows)
                Assert.Equal(Shown(row), Shown((await journal.FindAsync(stream.Id, row.Version, Cancel))!));
            seen.Add($"head {(await journal.HeadAsync(stream.Id, Cancel)).Version}");
        }
        var lanes = new PostgresLaneStore(Database);
        for (var after = JournalCursor.Start; ;)
        {
            var rows = await lanes.ReadAsync(0, 1, after, 3, Cancel);
            seen.AddRange(rows.Select(row => $"leaf {Convert.ToHexString(row.Leaf)}"));
            if (rows.Count == 0)
                return seen;
            after = rows[^1].Cursor;
        }
    }

    private static string Shown(JournalRow row) => string.Join(' ', row.Version, row.TransactionId, row.Position, row.Kind, row.RecordedAt.ToString("O"),
        Convert.ToHexString(row.PrevLeaf), Convert.ToHexString(row.Salt), Convert.ToHexString(row.Leaf), Convert.ToHexString(row.Payload), row.Nullifier?.Length);

    private static async Task AppendAsync(IJournal journal, TestStream stream, params (EntryKind Kind, string At)[] rows)
    {
        var append = stream.Next([.. rows.Select(row => row.Kind)]);
        append = append with { Entries = [.. append.Entries.Zip(rows, (entry, row) => entry with { RecordedAt = Utc(row.At) })] };
        await journal.AppendAsync(append, Cancel);
        stream.Took(append);
    }

    private async Task<IReadOnlyList<string>> ColumnAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        List<string> column = [];
        while (await reader.ReadAsync(Cancel))
            column.Add(reader.GetValue(0).ToString()!);
        return column;
    }

    private async Task<IReadOnlyList<long>> NumbersAsync(string sql) => [.. (await ColumnAsync(sql)).Select(long.Parse)];

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

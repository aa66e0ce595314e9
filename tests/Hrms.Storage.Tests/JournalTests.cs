using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Storage.Content;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

public sealed class JournalTests(PostgresFixture postgres) : StorageTest(postgres)
{
    [Fact]
    public async Task Append_ThenRead_GivesTheSameRowsInOrder()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        var first = await stream.AppendAsync(journal, EntryKind.Change, EntryKind.Access, EntryKind.Change);
        var second = stream.Next();
        var nullifier = Keccak256.Hash([1, 2, 3]);
        second = second with { Entries = [second.Entries[0] with { Nullifier = nullifier }] };
        await journal.AppendAsync(second, Cancel);

        var rows = await AllAsync(journal, stream.Id);

        Assert.Equal([1, 2, 3, 4], rows.Select(row => row.Version));
        var entries = first.Entries.Concat(second.Entries).ToArray();
        Assert.Equal(
            entries.Select(entry => (entry.Kind, entry.RecordedAt, Hex(entry.PrevLeaf), Hex(entry.Salt), Hex(entry.Leaf), Hex(entry.Payload))),
            rows.Select(row => (row.Kind, row.RecordedAt, Hex(row.PrevLeaf), Hex(row.Salt), Hex(row.Leaf), Hex(row.Payload))));
        Assert.Equal([null, null, null, Hex(nullifier)], rows.Select(row => row.Nullifier is { } bytes ? Hex(bytes) : null));
        var inOrder = rows.Select(row => (row.TransactionId, row.Position)).ToArray();
        Assert.Equal(inOrder.Order(), inOrder);
        Assert.Equal([2L], (await AllAsync(journal, stream.Id, EntryKind.Access)).Select(row => row.Version));
        Assert.Equal([1L, 3, 4], (await AllAsync(journal, stream.Id, EntryKind.Change)).Select(row => row.Version));
    }

    [Fact]
    public async Task Head_OfAnEmptyStream_IsVersionZeroAndGenesis()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        Assert.Equal((0, Hex(Leaf.Genesis)), Shown(await journal.HeadAsync(stream.Id, Cancel)));
        Assert.Null(await journal.FindAsync(stream.Id, 1, Cancel));

        await stream.AppendAsync(journal, EntryKind.Change, EntryKind.Change);

        Assert.Equal((2, Hex(stream.Head)), Shown(await journal.HeadAsync(stream.Id, Cancel)));
        Assert.Equal(Hex(stream.Head), Hex((await journal.FindAsync(stream.Id, 2, Cancel))!.Leaf));
        static (long, string) Shown((long Version, byte[] Leaf) head) => (head.Version, Hex(head.Leaf));
    }

    [Fact]
    public async Task Page_OfOneKind_GoesFromTheNewestDownAndEnds()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        for (var i = 0; i < 7; i++)
            await stream.AppendAsync(journal, EntryKind.Access, EntryKind.Change);

        var first = await journal.PageAsync(stream.Id, EntryKind.Access, long.MaxValue, 3, Cancel);
        var second = await journal.PageAsync(stream.Id, EntryKind.Access, first[^1].Version, 3, Cancel);
        var third = await journal.PageAsync(stream.Id, EntryKind.Access, second[^1].Version, 3, Cancel);

        Assert.Equal([13, 11, 9, 7, 5, 3, 1], first.Concat(second).Concat(third).Select(row => row.Version));
        Assert.Equal([14, 12], (await journal.PageAsync(stream.Id, EntryKind.Change, 15, 2, Cancel)).Select(row => row.Version));
    }

    [Fact]
    public async Task Append_WithContents_MakesThemReadableInTheOrderAskedForAndOnlyInTheirStream()
    {
        await using var journal = Silo(Database);
        var (one, two, stream, other) = (TestStream.Content(), TestStream.Content(200_000), new TestStream(), new TestStream());
        await journal.AppendAsync(stream.Next() with { Contents = [one, two] }, Cancel);
        var contents = new PostgresContentStore(Database);

        var found = await contents.ReadAsync(stream.Id, [two.Hash, new byte[32], one.Hash, two.Hash], Cancel);

        Assert.Equal([Hex(two.Ciphertext), null, Hex(one.Ciphertext), Hex(two.Ciphertext)], found.Select(content => content is null ? null : Hex(content.Ciphertext)));
        Assert.Equal(Hex(one.WrappedKey), Hex(found[2]!.WrappedKey));
        Assert.Null(Assert.Single(await contents.ReadAsync(other.Id, [one.Hash], Cancel)));
        Assert.Equal(
            [two.Ciphertext.Length, 0, one.Ciphertext.Length, two.Ciphertext.Length], await contents.SizesAsync(stream.Id, [two.Hash, new byte[32], one.Hash, two.Hash], Cancel));
        Assert.Equal([0], await contents.SizesAsync(other.Id, [one.Hash], Cancel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Append_FromAnOldOrInventedHead_LeavesNothingBehindAndTheOthersGoIn(long expectedVersion)
    {
        await using var journal = Silo(Database, options => options.Writers = 1);
        var (stale, neighbours) = (new TestStream(), Enumerable.Range(0, 50).Select(_ => new TestStream()).ToArray());
        await stale.AppendAsync(journal, EntryKind.Change, EntryKind.Change, EntryKind.Change);
        var content = TestStream.Content();
        var wrong = stale.Next(EntryKind.Change, EntryKind.Access) with { ExpectedVersion = expectedVersion, Contents = [content] };
        if (expectedVersion == 0)
            wrong = new TestStream(stale.Id.Value).Next(EntryKind.Change, EntryKind.Access) with { Contents = [content] };

        var others = neighbours.Select(stream => stream.AppendAsync(journal, EntryKind.Change, EntryKind.Change)).ToArray();
        var conflict = await Assert.ThrowsAsync<JournalConflictException>(() => journal.AppendAsync(wrong, Cancel));
        await Task.WhenAll(others);

        Assert.Contains(stale.Id.ToString(), conflict.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await AllAsync(journal, stale.Id)).Count);
        Assert.Null(Assert.Single(await new PostgresContentStore(Database).ReadAsync(stale.Id, [content.Hash], Cancel)));
        Assert.Equal(103, await ScalarAsync<long>("select count(*) from journal"));
    }

    [Fact]
    public async Task Append_BehindTheRightVersionButAnotherLeaf_IsAConflict()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        await stream.AppendAsync(journal);
        var twin = new TestStream(stream.Id.Value);
        twin.Took(twin.Next());

        await Assert.ThrowsAsync<JournalConflictException>(() => journal.AppendAsync(twin.Next(), Cancel));
        Assert.Equal(1, (await journal.HeadAsync(stream.Id, Cancel)).Version);
    }

    [Fact]
    [Trait("Fault", "F25")]
    public async Task Append_OfTheSameStreamsFromTwoSilos_EndsWithOneWinnerEachAndNoGap()
    {
        await using var here = Silo(Database);
        await using var there = Silo(Database);
        var ids = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid()).ToArray();
        for (var round = 0; round < 5; round++)
        {
            var tries = ids.SelectMany((id, i) => new[] { here, there }.Select(async (silo, which) =>
            {
                var stream = new TestStream(id);
                var (version, leaf) = await silo.HeadAsync(stream.Id, Cancel);
                var kinds = Enumerable.Repeat(EntryKind.Change, 1 + ((i + which) % 3)).ToArray();
                var append = Continue(stream.Next(kinds), version, leaf);
                try
                {
                    await silo.AppendAsync(append, Cancel);
                    return (id, Rows: kinds.Length);
                }
                catch (JournalConflictException)
                {
                    return (id, Rows: 0);
                }
            })).ToArray();
            var ends = await Task.WhenAll(tries);
            Assert.All(ends.GroupBy(end => end.id), stream => Assert.Contains(stream, end => end.Rows > 0));
        }

        Assert.Equal(0, await ScalarAsync<long>(
            "select count(*) from (select count(*) <> max(version) as gap from journal group by stream_id) streams where gap"));
        Assert.Equal(0, await ScalarAsync<long>(
            """
            select count(*) from journal row left join journal before on before.stream_id = row.stream_id and before.version = row.version - 1
            where row.version > 1 and before.leaf is distinct from row.prev_leaf
            """));
    }

    [Fact]
    public async Task Append_OfOneStreamTwiceInAHurry_KeepsTheOrder()
    {
        await using var journal = Silo(Database);
        var stream = new TestStream();
        var appends = new List<Task>();
        for (var i = 0; i < 20; i++)
        {
            var next = stream.Next();
            stream.Took(next);
            appends.Add(journal.AppendAsync(next, Cancel));
        }
        await Task.WhenAll(appends);
        Assert.Equal(20, (await journal.HeadAsync(stream.Id, Cancel)).Version);
    }

    [Fact]
    public async Task Append_WithAWrongShape_IsRefusedBeforeItReachesTheQueue()
    {
        await using var journal = Silo(Database, options => options.AppendBytesMax = 2_000);
        var good = new TestStream().Next(EntryKind.Change, EntryKind.Change);
        JournalAppend With(JournalEntry entry) => good with { Entries = [entry] };
        var entry = good.Entries[0];
        JournalAppend[] wrong =
        [
            good with { Entries = [] }, good with { ExpectedVersion = -1 }, With(entry with { Leaf = [1] }), With(entry with { Salt = [] }),
            With(entry with { Nullifier = [] }), With(entry with { Kind = (EntryKind)9 }), good with { Entries = [entry, entry] },
            good with { Contents = [new([1], [2], [3])] }, With(entry with { Payload = new byte[2_000] }),
        ];
        foreach (var append in wrong)
            await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.AppendAsync(append, Cancel));
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from journal"));
    }

    [Theory]
    [InlineData("update journal set payload = 'x'")]
    [InlineData("update journal set salt = '\\x', leaf = sha256('x')")]
    [InlineData("delete from journal")]
    [InlineData("truncate journal")]
    public async Task Journal_IsAppendOnlyForEveryone(string sql)
    {
        await using var journal = Silo(Database);
        await new TestStream().AppendAsync(journal);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    private static JournalAppend Continue(JournalAppend fresh, long version, byte[] head)
    {
        var entries = new List<JournalEntry>();
        foreach (var entry in fresh.Entries)
            entries.Add(entry with { PrevLeaf = entries.Count == 0 ? head : entries[^1].Leaf });
        return fresh with { ExpectedVersion = version, Entries = entries };
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

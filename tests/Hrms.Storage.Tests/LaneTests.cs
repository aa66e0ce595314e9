using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Storage.Lanes;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

public sealed class LaneTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private PostgresLaneStore Lanes => new(Database);

    [Fact]
    public async Task LaneOfAStream_IsTheSameHereAndInTheDatabase()
    {
        for (var i = 0; i < 50; i++)
        {
            var (id, count) = (Guid.NewGuid(), RandomNumberGenerator.GetInt32(1, 257));
            Assert.Equal(
                await ScalarAsync<int>($"select get_byte(uuid_send('{id}'), 15) % {count}"), Domain.Ports.Lanes.Of(new(id), count));
        }
    }

    [Fact]
    public async Task Lanes_ShareTheJournalWithoutOverlapOrRest()
    {
        await using var journal = Silo(Database);
        var streams = Enumerable.Range(0, 40).Select(_ => new TestStream()).ToArray();
        await Task.WhenAll(streams.Select(stream => stream.AppendAsync(journal, EntryKind.Change, EntryKind.Access)));
        await SettledAsync(80);
        var seen = new List<string>();
        for (var lane = 0; lane < 3; lane++)
        {
            var rows = await Lanes.ReadAsync(lane, 3, JournalCursor.Start, 1_000, Cancel);
            Assert.Equal(rows.Count, await Lanes.BacklogAsync(lane, 3, JournalCursor.Start, 1_000, Cancel));
            Assert.Equal(streams.Where(stream => Domain.Ports.Lanes.Of(stream.Id, 3) == lane).Sum(_ => 2), rows.Count);
            seen.AddRange(rows.Select(row => Convert.ToHexString(row.Leaf)));
        }
        Assert.Equal(80, seen.Distinct().Count());
        Assert.Equal(10, await Lanes.BacklogAsync(0, 1, JournalCursor.Start, 10, Cancel));
    }

    /// <summary>
    /// Random transactions of several connections begin, insert, stay open, commit and roll back in any order; a reader that goes on from its cursor
    /// after each step ends with exactly the committed rows, each once, in one order.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20_261_122)]
    public async Task Reader_NeverSkipsARow_WhateverCommitsLate(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < 6; i++)
            connections.Add(await Database.OpenConnectionAsync(Cancel));
        var open = new Dictionary<NpgsqlConnection, (NpgsqlTransaction Transaction, int Rows)>();
        var (committed, read, cursor) = (0, new List<LaneRow>(), JournalCursor.Start);
        for (var step = 0; step < 300; step++)
        {
            var connection = connections[random.Next(connections.Count)];
            if (!open.TryGetValue(connection, out var held))
                open[connection] = (await connection.BeginTransactionAsync(Cancel), 0);
            else if (random.Next(4) is var act && act > 1)
                open[connection] = held with { Rows = held.Rows + await InsertAsync(connection, random.Next(1, 4)) };
            else
            {
                open.Remove(connection);
                if (act == 0 && held.Rows % 2 == 1)
                    await held.Transaction.RollbackAsync(Cancel);
                else
                {
                    await held.Transaction.CommitAsync(Cancel);
                    committed += held.Rows;
                }
                await held.Transaction.DisposeAsync();
            }
            await ReadOnAsync(random.Next(1, 6));
        }
        foreach (var (transaction, rows) in open.Values)
        {
            await transaction.CommitAsync(Cancel);
            committed += rows;
        }
        // Transactions of other databases hold the reader back too, until they end.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (await ReadOnAsync(100) > 0 || (read.Count < committed && !patience.IsCancellationRequested))
            await Task.Yield();
        foreach (var connection in connections)
            await connection.DisposeAsync();

        Assert.Equal(committed, read.Count);
        Assert.Equal(committed, read.Select(row => Convert.ToHexString(row.Leaf)).Distinct().Count());
        Assert.Equal(read.Select(row => (row.TransactionId, row.Position)).Order(), read.Select(row => (row.TransactionId, row.Position)));

        async Task<int> ReadOnAsync(int take)
        {
            var rows = await Lanes.ReadAsync(0, 1, cursor, take, Cancel);
            read.AddRange(rows);
            if (rows.Count > 0)
                cursor = rows[^1].Cursor;
            return rows.Count;
        }
    }

    [Fact]
    public async Task Batch_IsStoredAsGivenAndItsLeavesAreFound()
    {
        await using var journal = Silo(Database);
        for (var i = 0; i < 12; i++)
            await new TestStream().AppendAsync(journal);
        await SettledAsync(12);
        var rows = await Lanes.ReadAsync(0, 1, JournalCursor.Start, 100, Cancel);
        var epoch = await Lanes.TakeLeaseAsync(0, "silo", Cancel);
        var first = Batch(1, JournalCursor.Start, rows[4].Cursor) with { LeafCount = 5, Nonce = ulong.MaxValue };
        var second = Batch(2, rows[4].Cursor, rows[9].Cursor) with { LeafCount = 5 };
        await Lanes.InsertAsync(first, epoch, Cancel);
        await Lanes.InsertAsync(second, epoch, Cancel);
        await Lanes.InsertAsync(second, epoch, Cancel);

        Assert.Equivalent(second, await Lanes.LastAsync(0, Cancel), strict: true);
        Assert.Equivalent(new[] { first, second }, await Lanes.BatchesAsync(0, 1, 10, Cancel), strict: true);
        Assert.Equal(rows.Take(5).Select(row => Convert.ToHexString(row.Leaf)), (await Lanes.LeavesAsync(first, 1, Cancel)).Select(Convert.ToHexString));
        for (var i = 0; i < 12; i++)
        {
            var place = await Lanes.FindAsync(0, 1, rows[i].Cursor, Cancel);
            Assert.Equal(i < 10 ? ((long)(i / 5) + 1, i % 5) : null, place is null ? null : ((long, int)?)(place.Batch.Number, place.Index));
        }
        Assert.Null(await Lanes.FindAsync(0, 1, rows[3].Cursor with { Position = long.MaxValue }, Cancel));
        Assert.Null(await Lanes.LastAsync(1, Cancel));
    }

    [Fact]
    public async Task Receipt_IsSetOnceAndKept()
    {
        var epoch = await Lanes.TakeLeaseAsync(3, "silo", Cancel);
        await Lanes.InsertAsync(Batch(1, JournalCursor.Start, new(5, 5), lane: 3), epoch, Cancel);
        Assert.Single(await Lanes.OpenAsync(3, 10, Cancel));
        var receipt = new BatchReceipt(7, RandomNumberGenerator.GetBytes(32), new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

        await Lanes.ConfirmAsync(3, 1, 1, receipt, epoch, Cancel);
        await Lanes.ConfirmAsync(3, 1, 1, receipt with { BlockNumber = 8 }, epoch, Cancel);

        Assert.Empty(await Lanes.OpenAsync(3, 10, Cancel));
        Assert.Equivalent(receipt, (await Lanes.LastAsync(3, Cancel))!.Receipt, strict: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Lanes.ConfirmAsync(3, 2, 1, receipt, epoch, Cancel));
    }

    [Fact]
    [Trait("Fault", "F18")]
    public async Task Writer_ThatWasOvertaken_CanWriteNothingMore()
    {
        var (old, receipt) = (await Lanes.TakeLeaseAsync(0, "first", Cancel), new BatchReceipt(1, new byte[32], DateTimeOffset.UnixEpoch));
        await Lanes.InsertAsync(Batch(1, JournalCursor.Start, new(1, 1)), old, Cancel);
        var current = await Lanes.TakeLeaseAsync(0, "second", Cancel);

        await Assert.ThrowsAsync<LeaseLostException>(() => Lanes.InsertAsync(Batch(2, new(1, 1), new(2, 2)), old, Cancel));
        await Assert.ThrowsAsync<LeaseLostException>(() => Lanes.ConfirmAsync(0, 1, 1, receipt, old, Cancel));
        await Lanes.InsertAsync(Batch(2, new(1, 1), new(2, 2)), current, Cancel);
        await Lanes.ConfirmAsync(0, 1, 1, receipt, current, Cancel);

        Assert.Equal(old + 1, current);
        Assert.Equal(2, (await Lanes.LastAsync(0, Cancel))!.Number);
    }

    [Fact]
    public async Task TwoWriters_ThatTakeAndWriteAtOnce_MakeOneUnbrokenRow()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 15; i++)
            {
                try
                {
                    var epoch = await Lanes.TakeLeaseAsync(0, $"writer {writer}", Cancel);
                    var last = await Lanes.LastAsync(0, Cancel);
                    var (number, after) = ((last?.Number ?? 0) + 1, last?.Through ?? JournalCursor.Start);
                    await Lanes.InsertAsync(Batch(number, after, new((ulong)number, number)), epoch, Cancel);
                }
                catch (LeaseLostException)
                {
                }
            }
        }));
        var batches = await Lanes.BatchesAsync(0, 1, 100, Cancel);
        Assert.NotEmpty(batches);
        Assert.Equal(Enumerable.Range(1, batches.Count).Select(number => (long)number), batches.Select(batch => batch.Number));
        Assert.All(batches.Zip(batches.Skip(1)), pair => Assert.Equal(pair.First.Through, pair.Second.After));
    }

    [Fact]
    public async Task Batch_ThatDoesNotFollow_IsRefused()
    {
        var epoch = await Lanes.TakeLeaseAsync(0, "silo", Cancel);
        await Lanes.InsertAsync(Batch(1, JournalCursor.Start, new(1, 1)), epoch, Cancel);
        LedgerBatch[] wrong =
        [
            Batch(1, JournalCursor.Start, new(1, 1)), Batch(3, new(1, 1), new(2, 2)), Batch(2, new(1, 0), new(2, 2)),
            Batch(2, new(1, 1), new(2, 2)) with { Nonce = 1 },
        ];
        foreach (var batch in wrong)
            await Assert.ThrowsAsync<InvalidOperationException>(() => Lanes.InsertAsync(batch, epoch, Cancel));
        Assert.Equal(1, (await Lanes.LastAsync(0, Cancel))!.Number);
    }

    [Theory]
    [InlineData("update ledger_batch set root = sha256('x')")]
    [InlineData("update ledger_batch set signed_transaction = 'x', block_number = 1, block_hash = 'x', block_time = now()")]
    [InlineData("delete from ledger_batch")]
    public async Task Batches_NeverChange(string sql)
    {
        await Lanes.InsertAsync(Batch(1, JournalCursor.Start, new(1, 1)), await Lanes.TakeLeaseAsync(0, "silo", Cancel), Cancel);
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));
    }

    [Fact]
    public async Task Deployment_OfTheFirst_IsEveryones()
    {
        Assert.Null(await Lanes.DeploymentAsync(Cancel));
        var one = new LedgerDeployment(ulong.MaxValue, [1], [2], [3], [[4], [5, 6]]);
        Assert.Equivalent(one, await Lanes.InsertDeploymentAsync(one, Cancel), strict: true);
        Assert.Equivalent(one, await Lanes.InsertDeploymentAsync(new(2, [1], [2], [3], null), Cancel), strict: true);
        Assert.Equivalent(one, await Lanes.DeploymentAsync(Cancel), strict: true);
    }

    /// <summary>A transaction of another test's database may hold the readers back until it ends.</summary>
    private async Task SettledAsync(int rows)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while ((await Lanes.ReadAsync(0, 1, JournalCursor.Start, rows, patience.Token)).Count < rows)
            await Task.Yield();
    }

    private static LedgerBatch Batch(long number, JournalCursor after, JournalCursor through, int lane = 0) => new(
        lane, number, RandomNumberGenerator.GetBytes(32), after, through, 1, RandomNumberGenerator.GetBytes(64), [], (ulong)number,
        RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(200), new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private static async Task<int> InsertAsync(NpgsqlConnection connection, int rows)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into journal (stream_id, version, recorded_at, kind, prev_leaf, salt, leaf, payload)
            select gen_random_uuid(), 1, now(), 1, sha256('a'), sha256('b'), sha256(uuid_send(gen_random_uuid())), 'c' from generate_series(1, $1)
            """,
            connection) { Parameters = { new() { Value = rows } } };
        return await command.ExecuteNonQueryAsync(Cancel);
    }
}

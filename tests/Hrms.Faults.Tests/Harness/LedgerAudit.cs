using System.Diagnostics;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;
using Npgsql;

namespace Hrms.Faults.Tests.Harness;

/// <summary>Holds the journal, the batches and the chain against each other with nothing of the product but hashing and the contract's view.</summary>
internal sealed class LedgerAudit
{
    private sealed record Row(Guid Stream, long Version, (ulong, long) Cursor, byte[] Leaf, byte[]? Nullifier)
    {
        /// <summary>Patients are spread over the lanes by the last byte of their id.</summary>
        public int LaneOf(int lanes) => Stream.ToByteArray(bigEndian: true)[15] % lanes;
    }

    private sealed record Batch(long Number, byte[] Root, (ulong, long) After, (ulong, long) Through, int Leaves, byte[] Padding, decimal Nonce, bool IsFinal);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public int Rows { get; private set; }

    public int Batches { get; private set; }

    /// <summary>Fails the test at the first disagreement.</summary>
    public static async Task<LedgerAudit> RunAsync(string postgres, Uri rpc, int lanes)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await QuietAsync(database);
        var rows = await ReadAsync(
            database, "select stream_id, version, txid::text, position, leaf, nullifier from journal order by journal.txid, position",
            r => new Row(r.GetGuid(0), r.GetInt64(1), (ulong.Parse(r.GetString(2)), r.GetInt64(3)), r.GetFieldValue<byte[]>(4), r.IsDBNull(5) ? null : r.GetFieldValue<byte[]>(5)));
        var contract = new Address((await ReadAsync(database, "select contract_address from ledger_deployment order by epoch desc limit 1", r => r.GetFieldValue<byte[]>(0))).Single());

        foreach (var stream in rows.GroupBy(row => row.Stream))
            Assert.Equal(Enumerable.Range(1, stream.Count()), stream.Select(row => (int)row.Version));
        using var nodes = new NodePool([rpc], TimeSpan.FromMinutes(1));
        var audit = new LedgerAudit { Rows = rows.Count };
        for (var lane = 0; lane < lanes; lane++)
            audit.Batches += await CompareLaneAsync(database, new HealthLedgerView(nodes), contract, lane, [.. rows.Where(row => row.LaneOf(lanes) == lane)]);
        return audit;
    }

    /// <returns>How many batches the lane has.</returns>
    private static async Task<int> CompareLaneAsync(NpgsqlDataSource database, HealthLedgerView view, Address contract, int lane, List<Row> rows)
    {
        var batches = await ReadAsync(
            database,
            $"""
            select number, root, after_txid::text, after_position, through_txid::text, through_position, leaf_count, padding, chain_epoch * 1000000000 + nonce, block_number is not null
            from ledger_batch_now where lane = {lane} order by number
            """,
            r => new Batch(
                r.GetInt64(0), r.GetFieldValue<byte[]>(1), (ulong.Parse(r.GetString(2)), r.GetInt64(3)), (ulong.Parse(r.GetString(4)), r.GetInt64(5)),
                r.GetInt32(6), r.GetFieldValue<byte[]>(7), r.GetDecimal(8), r.GetBoolean(9)));
        CompareBatches(rows, batches);
        var signedAgain = (await ReadAsync(database, $"select count(*) from ledger_attempt where lane = {lane}", r => r.GetInt64(0))).Single();
        if (signedAgain == 0)
            Assert.Equal(batches.Select((_, index) => batches[0].Nonce + index), batches.Select(batch => batch.Nonce));
        await CompareChainAsync(view, contract, lane, rows, batches);
        return batches.Count;
    }

    /// <summary>Each row is a leaf of exactly one batch; numbers and nonces have no gap; roots are those of the leaves.</summary>
    private static void CompareBatches(List<Row> rows, List<Batch> batches)
    {
        var next = 0;
        (ulong, long) through = default;
        Assert.Equal(batches.Count, batches.Select(batch => batch.Nonce).Distinct().Count());
        foreach (var (index, batch) in batches.Index())
        {
            Assert.Equal(index + 1, batch.Number);
            Assert.Equal(through, batch.After);
            Assert.True(batch.IsFinal, $"Batch {batch.Number} has no receipt.");
            through = batch.Through;
            var leaves = rows.Skip(next).TakeWhile(row => row.Cursor.CompareTo(batch.Through) <= 0).Select(row => row.Leaf).ToList();
            next += leaves.Count;
            Assert.Equal(batch.Leaves, leaves.Count);
            Assert.Equal(batch.Root, Root(leaves, [.. batch.Padding.Chunk(Keccak256.SizeBytes)]));
        }
        Assert.Equal(rows.Count, next);
    }

    /// <summary>Padding fills up to a power of two, then is siblings of the root so far.</summary>
    private static byte[] Root(List<byte[]> leaves, List<byte[]> padding)
    {
        var filling = MerkleTree.PaddingFor(leaves.Count);
        return MerkleTree.RootOf(new MerkleTree([.. leaves, .. padding.Take(filling)]).Root, padding.Skip(filling));
    }

    private static async Task CompareChainAsync(HealthLedgerView view, Address contract, int lane, List<Row> rows, List<Batch> batches)
    {
        Assert.Equal(batches.Count, await view.LastAsync(contract, lane, default));
        foreach (var batch in batches)
            Assert.Equal(batch.Root, await view.RootAsync(contract, lane, batch.Number, default));
        foreach (var nullifier in rows.Select(row => row.Nullifier).OfType<byte[]>())
            Assert.True(await view.IsRevokedAsync(contract, nullifier, default), "A revocation is not on the chain.");
    }

    /// <summary>
    /// Until each row is in a batch with a receipt. A lane says that it has no backlog while the oldest transaction under way keeps it from seeing one, and what follows from a change may be written a moment
    /// later. In vain: the comparison says what is missing.
    /// </summary>
    private static async Task QuietAsync(NpgsqlDataSource database)
    {
        const string IsQuiet = "select (select count(*) from journal) = (select coalesce(sum(leaf_count), 0) from ledger_batch_now where block_number is not null)";
        var began = Stopwatch.GetTimestamp();
        while (!(await ReadAsync(database, IsQuiet, r => r.GetBoolean(0))).Single() && Stopwatch.GetElapsedTime(began) < Limit)
            await Task.Delay(TimeSpan.FromMilliseconds(50));
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> all = [];
        while (await reader.ReadAsync())
            all.Add(read(reader));
        return all;
    }
}

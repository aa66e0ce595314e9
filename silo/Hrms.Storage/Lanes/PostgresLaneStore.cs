using System.Numerics;
using Hrms.Domain.Ports;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Lanes;

/// <summary>
/// The ledger writer's rows over PostgreSQL. Each write locks the lane's row and compares its epoch in its own statement: a lease that is taken at the
/// same moment comes before or after the write, never in between.
/// </summary>
public sealed partial class PostgresLaneStore(NpgsqlDataSource database) : ILaneStore
{
    private readonly LaneReader _journal = new(database);

    public async Task<long> TakeLeaseAsync(int lane, string holder, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            insert into lane (lane, epoch, holder) values ($1, 1, $2)
            on conflict (lane) do update set epoch = lane.epoch + 1, holder = excluded.holder, taken_at = now()
            returning epoch
            """,
            lane, holder);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<LedgerBatch?> LastAsync(int lane, CancellationToken cancellationToken) =>
        (await BatchesAsync("where lane = $1 order by number desc limit 1", [lane], cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<LedgerBatch>> BatchesAsync(int lane, long fromNumber, int take, CancellationToken cancellationToken) =>
        await BatchesAsync("where lane = $1 and number >= $2 order by number limit $3", [lane, fromNumber, take], cancellationToken);

    public async Task<IReadOnlyList<LedgerBatch>> OpenAsync(int lane, int take, CancellationToken cancellationToken) =>
        await BatchesAsync(
            """
            where lane = $1 and block_number is null and number in (
                select number from ledger_batch where lane = $1 and block_number is null
                union select number from ledger_attempt where lane = $1 and block_number is null)
            order by number limit $2
            """,
            [lane, take], cancellationToken);

    public Task<IReadOnlyList<LaneRow>> ReadAsync(int lane, int laneCount, JournalCursor after, int take, CancellationToken cancellationToken) =>
        _journal.ReadAsync(lane, laneCount, after, take, cancellationToken);

    public Task<int> BacklogAsync(int lane, int laneCount, JournalCursor after, int limit, CancellationToken cancellationToken) =>
        _journal.CountAsync(lane, laneCount, after, limit, cancellationToken);

    public async Task<LaneWaiting> WaitingAsync(int lane, int laneCount, int limit, CancellationToken cancellationToken)
    {
        var after = await OpenAsync(lane, 1, cancellationToken) is [var first, ..] ? first.After : (await LastAsync(lane, cancellationToken))?.Through ?? JournalCursor.Start;
        return await _journal.WaitingAsync(lane, laneCount, after, limit, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Repeating it with the same signed transaction changes nothing: so a lost answer is asked for again.</remarks>
    /// <exception cref="InvalidOperationException">The batch does not follow the lane's last one.</exception>
    public async Task InsertAsync(LedgerBatch batch, long epoch, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            with lease as (select lane from lane where lane = $1 and epoch = $15 and paused_because is null for share),
            last as (select number, through_txid, through_position from ledger_batch where lane = $1 order by number desc limit 1)
            insert into ledger_batch (
                lane, number, root, after_txid, after_position, through_txid, through_position, leaf_count, padding, nullifiers, nonce,
                transaction_hash, signed_transaction, signed_at, chain_epoch)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16
            from lease left join last on true
            where $2 = coalesce(last.number, 0) + 1 and ($4, $5) = (coalesce(last.through_txid, $4), coalesce(last.through_position, $5))
            on conflict do nothing
            """,
            batch.Lane, batch.Number, batch.Root, Xid(batch.After), batch.After.Position, Xid(batch.Through), batch.Through.Position,
            batch.LeafCount, batch.Padding, batch.Nullifiers, Statements.Number(batch.Nonce), batch.TransactionHash, batch.SignedTransaction,
            batch.SignedAt.UtcDateTime, epoch, batch.ChainEpoch);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            return;
        await RequireLeaseAsync(batch.Lane, epoch, cancellationToken);
        if ((await BatchesAsync(batch.Lane, batch.Number, 1, cancellationToken)).SingleOrDefault() is { } stored
            && stored.Number == batch.Number && stored.SignedTransaction.AsSpan().SequenceEqual(batch.SignedTransaction))
            return;
        throw new InvalidOperationException(
            $"Batch {batch.Number} of lane {batch.Lane} (nonce {batch.Nonce}) does not follow the lane's last batch, its nonce is used, or the lane is paused. Read it again.");
    }

    public async Task<LeafPlace?> FindAsync(int lane, int laneCount, JournalCursor row, CancellationToken cancellationToken)
    {
        var batch = (await BatchesAsync(
            "where lane = $1 and (through_txid, through_position) >= ($2, $3) order by through_txid, through_position limit 1",
            [lane, Xid(row), row.Position], cancellationToken)).SingleOrDefault();
        if (batch is null || await _journal.IndexAsync(lane, laneCount, batch.After, row, cancellationToken) is not { } index)
            return null;
        return new(batch, index);
    }

    public Task<IReadOnlyList<byte[]>> LeavesAsync(LedgerBatch batch, int laneCount, CancellationToken cancellationToken) =>
        _journal.LeavesAsync(batch.Lane, laneCount, batch.After, batch.Through, cancellationToken);

    private async Task RequireLeaseAsync(int lane, long epoch, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select 1 from lane where lane = $1 and epoch = $2", lane, epoch);
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
            throw new LeaseLostException(lane, epoch);
    }

    private async Task<IReadOnlyList<LedgerBatch>> BatchesAsync(string condition, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"""
            select lane, number, root, after_txid, after_position, through_txid, through_position, leaf_count, padding, nullifiers, nonce,
                transaction_hash, signed_transaction, signed_at, block_number, block_hash, block_time, chain_epoch, attempt
            from ledger_batch_now {condition}
            """,
            values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var batches = new List<LedgerBatch>();
        while (await reader.ReadAsync(cancellationToken))
            batches.Add(Batch(reader));
        return batches;
    }

    private static LedgerBatch Batch(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2),
        new(reader.GetFieldValue<ulong>(3), reader.GetInt64(4)), new(reader.GetFieldValue<ulong>(5), reader.GetInt64(6)),
        reader.GetInt32(7), reader.GetFieldValue<byte[]>(8), reader.GetFieldValue<byte[]>(9), (ulong)reader.GetFieldValue<BigInteger>(10),
        reader.GetFieldValue<byte[]>(11), reader.GetFieldValue<byte[]>(12), reader.GetFieldValue<DateTimeOffset>(13),
        reader.IsDBNull(14) ? null : new(reader.GetInt64(14), reader.GetFieldValue<byte[]>(15), reader.GetFieldValue<DateTimeOffset>(16)),
        reader.GetInt32(17), reader.GetInt32(18));

    private static NpgsqlParameter Xid(JournalCursor cursor) => new() { Value = cursor.TransactionId, NpgsqlDbType = NpgsqlDbType.Xid8 };
}

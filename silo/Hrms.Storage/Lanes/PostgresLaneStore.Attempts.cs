using System.Numerics;
using Hrms.Domain.Ports;

namespace Hrms.Storage.Lanes;

/// <summary>The transactions of a batch: the first is in its own row, the others follow in <c>ledger_attempt</c>.</summary>
public sealed partial class PostgresLaneStore
{
    public async Task ConfirmAsync(int lane, long number, int attempt, BatchReceipt receipt, long epoch, CancellationToken cancellationToken)
    {
        var (table, isAttempt) = attempt == 1 ? ("ledger_batch", "$7 = 1") : ("ledger_attempt", "attempt = $7");
        await using var command = database.Command(
            $"""
            with lease as (select lane from lane where lane = $1 and epoch = $6 for share)
            update {table} set block_number = $3, block_hash = $4, block_time = $5
            from lease where {table}.lane = lease.lane and number = $2 and {isAttempt} and block_number is null and not exists (
                select 1 from ledger_transaction other
                where other.lane = $1 and other.number = $2 and other.chain_epoch = {table}.chain_epoch and other.block_number is not null)
            """,
            lane, number, receipt.BlockNumber, receipt.BlockHash, receipt.BlockTime.UtcDateTime, epoch, attempt);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            return;
        await RequireLeaseAsync(lane, epoch, cancellationToken);
        await using var known = database.Command("select 1 from ledger_transaction where lane = $1 and number = $2 and attempt = $3", lane, number, attempt);
        if (await known.ExecuteScalarAsync(cancellationToken) is null)
            throw new InvalidOperationException($"Lane {lane} has no attempt {attempt} of batch {number} that a receipt could be for.");
    }

    /// <inheritdoc/>
    /// <remarks>Repeating it with the same bytes changes nothing: so a lost answer is asked for again.</remarks>
    public async Task<LedgerBatch> ReissueAsync(LedgerBatch batch, string reason, long epoch, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            with lease as (select lane from lane where lane = $1 and epoch = $9 for share)
            insert into ledger_attempt (lane, number, attempt, chain_epoch, reason, nonce, transaction_hash, signed_transaction, signed_at)
            select $1, $2, (select max(attempt) + 1 from ledger_transaction where lane = $1 and number = $2), $3, $4, $5, $6, $7, $8 from lease
            on conflict do nothing returning attempt
            """,
            batch.Lane, batch.Number, batch.ChainEpoch, reason, Statements.Number(batch.Nonce), batch.TransactionHash, batch.SignedTransaction,
            batch.SignedAt.UtcDateTime, epoch);
        if (await command.ExecuteScalarAsync(cancellationToken) is int attempt)
            return batch with { Attempt = attempt };
        await RequireLeaseAsync(batch.Lane, epoch, cancellationToken);
        return (await AttemptsAsync(batch.Lane, batch.Number, batch.ChainEpoch, cancellationToken))
            .SingleOrDefault(stored => stored.Bytes.AsSpan().SequenceEqual(batch.SignedTransaction)) is { } stored
            ? batch with { Attempt = stored.Attempt }
            : throw new InvalidOperationException($"Nonce {batch.Nonce} of lane {batch.Lane} is used by another batch than {batch.Number}. Read it again.");
    }

    public async Task<IReadOnlyList<LedgerTransaction>> AttemptsAsync(int lane, long number, int chainEpoch, CancellationToken cancellationToken) =>
        await TransactionsAsync("lane = $1 and number = $2 and chain_epoch = $3 order by attempt", [lane, number, chainEpoch], cancellationToken);

    public async Task<IReadOnlyList<LedgerTransaction>> TransactionsAsync(
        int lane, int chainEpoch, ulong fromNonce, int take, CancellationToken cancellationToken) =>
        await TransactionsAsync(
            "lane = $1 and chain_epoch = $2 and nonce >= $3 order by nonce limit $4", [lane, chainEpoch, Statements.Number(fromNonce), take], cancellationToken);

    public async Task<ulong?> NextNonceAsync(int lane, int chainEpoch, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select max(nonce) from ledger_transaction where lane = $1 and chain_epoch = $2", lane, chainEpoch);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : (ulong)reader.GetFieldValue<BigInteger>(0) + 1;
    }

    private Task<List<LedgerTransaction>> TransactionsAsync(string condition, object[] values, CancellationToken cancellationToken) => database.ListAsync(
        $"select number, attempt, nonce, transaction_hash, signed_transaction from ledger_transaction where {condition}", values,
        row => new LedgerTransaction(
            row.GetInt64(0), row.GetInt32(1), (ulong)row.GetFieldValue<BigInteger>(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4)),
        cancellationToken);
}

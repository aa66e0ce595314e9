using Hrms.Domain.Ports;
using Npgsql;

namespace Hrms.Storage.Lanes;

/// <summary>
/// The follower's rows over PostgreSQL. The block up to which they are complete is the fence: a page is stored under its row's lock, and only where the last one ended.
/// </summary>
public sealed class PostgresFollowedLedger(NpgsqlDataSource database) : IFollowedLedger
{
    public async Task<ChainBlock?> ThroughAsync(int since, CancellationToken cancellationToken)
    {
        await using var command = Command(database.CreateCommand("select number, hash, time from followed_through where since = $1"), since);
        return await ReadThroughAsync(command, cancellationToken);
    }

    public async Task<bool> AppendAsync(int since, ChainBlock? after, FollowPage page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var first = Command(new NpgsqlCommand("insert into followed_through (since) values ($1) on conflict do nothing", connection), since))
            await first.ExecuteNonQueryAsync(cancellationToken);
        await using (var held = Command(new NpgsqlCommand("select number, hash, time from followed_through where since = $1 for update", connection), since))
            if (!Same(await ReadThroughAsync(held, cancellationToken), after))
                return false;
        await StoreBatchesAsync(connection, since, [.. page.Events.OfType<BatchAnchored>()], cancellationToken);
        await StoreNullifiersAsync(connection, since, [.. page.Events.OfType<NullifierPublished>()], cancellationToken);
        await using (var moved = Command(
            new NpgsqlCommand("update followed_through set number = $2, hash = $3, time = $4 where since = $1", connection),
            since, page.Through!.Number, page.Through.Hash, page.Through.Time.UtcDateTime))
            await moved.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task BeginAgainAsync(int since, CancellationToken cancellationToken)
    {
        await using var command = Command(database.CreateCommand("update followed_through set number = null, hash = null, time = null where since = $1"), since);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <remarks>Goes from lane to lane by the primary key: it reads one row of each, however many batches there are.</remarks>
    public async Task<IReadOnlyList<(long Lane, long Last)>> LanesAsync(int since, CancellationToken cancellationToken)
    {
        await using var command = Command(
            database.CreateCommand(
                """
                with recursive lanes as (
                    (select lane from followed_batch where since = $1 order by lane limit 1)
                    union all
                    select (select lane from followed_batch where since = $1 and lane > lanes.lane order by lane limit 1) from lanes where lanes.lane is not null)
                select lane, (select number from followed_batch where since = $1 and followed_batch.lane = lanes.lane order by number desc limit 1)
                from lanes where lane is not null order by lane
                """),
            since);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(long, long)> lanes = [];
        while (await reader.ReadAsync(cancellationToken))
            lanes.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return lanes;
    }

    public async Task<FollowedConsent> FindAsync(int since, long lane, long number, byte[] nullifier, CancellationToken cancellationToken)
    {
        await using var command = Command(
            database.CreateCommand(
                """
                select through.number, through.hash, through.time, batch.root, published.block_number
                from (values (1)) as always
                left join followed_through through on through.since = $1
                left join followed_batch batch on batch.since = $1 and batch.lane = $2 and batch.number = $3
                left join followed_nullifier published on published.since = $1 and published.nullifier = $4
                """),
            since, lane, number, nullifier);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new FollowedConsent(
            Through(reader), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3), reader.IsDBNull(4) ? null : reader.GetInt64(4));
    }

    private static async Task StoreBatchesAsync(NpgsqlConnection connection, int since, IReadOnlyList<BatchAnchored> batches, CancellationToken cancellationToken)
    {
        if (batches.Count == 0)
            return;
        await using (var insert = Command(
            new NpgsqlCommand(
                """
                insert into followed_batch (since, lane, number, root, block_number, block_hash, transaction_index, log_index)
                select $1, * from unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bytea[], $7::integer[], $8::integer[]) on conflict do nothing
                """,
                connection),
            since, Lanes(batches), batches.Select(batch => batch.Number).ToArray(), batches.Select(batch => batch.Root).ToArray(),
            batches.Select(batch => batch.Place.BlockNumber).ToArray(), batches.Select(batch => batch.Place.BlockHash).ToArray(),
            batches.Select(batch => batch.Place.TransactionIndex).ToArray(), batches.Select(batch => batch.Place.LogIndex).ToArray()))
            await insert.ExecuteNonQueryAsync(cancellationToken);
        // Rows that were there before are not written over, so another root shows here; and each lane's numbers have to go on without a gap.
        await using var wrong = Command(
            new NpgsqlCommand(
                """
                select read.lane, read.number, stored.root = read.root
                from unnest($2::bigint[], $3::bigint[], $4::bytea[]) as read (lane, number, root)
                join followed_batch stored on stored.since = $1 and stored.lane = read.lane and stored.number = read.number
                where stored.root <> read.root or read.number < 1 or (read.number > 1 and not exists (
                    select from followed_batch before where before.since = $1 and before.lane = read.lane and before.number = read.number - 1))
                order by read.lane, read.number limit 1
                """,
                connection),
            since, Lanes(batches), batches.Select(batch => batch.Number).ToArray(), batches.Select(batch => batch.Root).ToArray());
        await using var reader = await wrong.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
            throw new LedgerDisagreesException(reader.GetBoolean(2)
                ? $"The ledger's events have batch {reader.GetInt64(1)} of lane {reader.GetInt64(0)} and not the one before it: a node does not list all."
                : $"Batch {reader.GetInt64(1)} of lane {reader.GetInt64(0)} has another root on the ledger than it had when it was read first.");
    }

    private static async Task StoreNullifiersAsync(NpgsqlConnection connection, int since, IReadOnlyList<NullifierPublished> all, CancellationToken cancellationToken)
    {
        if (all.Count == 0)
            return;
        await using var insert = Command(
            new NpgsqlCommand(
                """
                insert into followed_nullifier (since, nullifier, block_number, block_hash, transaction_index, log_index)
                select $1, * from unnest($2::bytea[], $3::bigint[], $4::bytea[], $5::integer[], $6::integer[]) on conflict do nothing
                """,
                connection),
            since, all.Select(one => one.Nullifier).ToArray(), all.Select(one => one.Place.BlockNumber).ToArray(), all.Select(one => one.Place.BlockHash).ToArray(),
            all.Select(one => one.Place.TransactionIndex).ToArray(), all.Select(one => one.Place.LogIndex).ToArray());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static long[] Lanes(IReadOnlyList<BatchAnchored> batches) => [.. batches.Select(batch => batch.Lane)];

    private static bool Same(ChainBlock? stored, ChainBlock? after) =>
        stored is null || after is null ? stored is null && after is null : stored.Number == after.Number && stored.Hash.AsSpan().SequenceEqual(after.Hash);

    private static async Task<ChainBlock?> ReadThroughAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Through(reader) : null;
    }

    private static ChainBlock? Through(NpgsqlDataReader reader) =>
        reader.IsDBNull(0) ? null : new ChainBlock(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2));

    private static NpgsqlCommand Command(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}

using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Npgsql;

namespace Hrms.Storage.Keys;

/// <summary>Erasures over PostgreSQL.</summary>
public sealed class PostgresErasures(NpgsqlDataSource database, IEntropy entropy) : IErasures
{
    private const int UnfinishedMax = 1_000;

    public async Task<Erasure> BeginAsync(StreamId owner, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            "insert into erasure (owner, certificate, began_at) values ($1, $2, $3) on conflict do nothing", cancellationToken,
            owner.Value, new Guid(entropy.Bytes(16)), at.UtcDateTime);
        return await FindAsync(owner, cancellationToken) ?? throw new InvalidOperationException($"The table erasure has no row of {owner}, though it refused a new one.");
    }

    public async Task<Erasure?> FindAsync(StreamId owner, CancellationToken cancellationToken)
    {
        await using var command = Command("select certificate, began_at, ended_at is not null from erasure where owner = $1", owner.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Erasure(owner, reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2))
            : null;
    }

    /// <summary>
    /// First of all each stream gets a last row with a random leaf: the journal's primary key then holds off whoever appends behind the row before, and nobody
    /// can chain to a leaf that nobody knows. So what the later statements find is all there will ever be. Rows go in by order of stream, as the journal's do.
    /// </summary>
    public async Task DestroyAsync(IReadOnlyList<StreamId> owners, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. owners.Select(owner => owner.Value).Distinct().Order()];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                OfOwners(
                    """
                    with tombstone as (
                        insert into owner_key (owner, erased_at) select unnest($1), $2
                        on conflict (owner) do update set wrapped = null, erased_at = excluded.erased_at where owner_key.erased_at is null
                        returning owner
                    )
                    select close_stream(tombstone.owner, $2, last.leaf, $4)
                    from tombstone
                    join unnest($1, $3) as last (owner, leaf) on last.owner = tombstone.owner
                    order by tombstone.owner
                    """,
                    at.UtcDateTime, ids.Select(_ => entropy.Bytes(Keccak256.SizeBytes)).ToArray(), Leaf.Genesis),
                // In this order: a line that settles meanwhile goes from the first table to the second.
                OfOwners(@"update journal set salt = '\x' where stream_id = any($1) and salt <> '\x'"),
                OfOwners(@"update access_line set salt = '\x' where stream_id = any($1) and salt <> '\x'"),
                OfOwners("delete from content where stream_id = any($1)"),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        NpgsqlBatchCommand OfOwners(string sql, params object[] more)
        {
            var command = new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = ids } } };
            foreach (var value in more)
                command.Parameters.Add(new() { Value = value });
            return command;
        }
    }

    public Task EndAsync(StreamId owner, DateTimeOffset at, CancellationToken cancellationToken) =>
        ExecuteAsync("update erasure set ended_at = $2 where owner = $1 and ended_at is null", cancellationToken, owner.Value, at.UtcDateTime);

    public async Task<IReadOnlyList<(StreamId Owner, DateTimeOffset EndedAt)>> EndedAsync(DateTimeOffset after, StreamId owner, int take, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "select owner, ended_at from erasure where ended_at is not null and (ended_at, owner) > ($1, $2) order by ended_at, owner limit $3", after.UtcDateTime, owner.Value, take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(StreamId, DateTimeOffset)> ended = [];
        while (await reader.ReadAsync(cancellationToken))
            ended.Add((new(reader.GetGuid(0)), reader.GetFieldValue<DateTimeOffset>(1)));
        return ended;
    }

    public async Task<IReadOnlyList<StreamId>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("select owner from erasure where ended_at is null order by began_at limit $1", UnfinishedMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<StreamId> owners = [];
        while (await reader.ReadAsync(cancellationToken))
            owners.Add(new(reader.GetGuid(0)));
        return owners;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Journal;

/// <summary>A writer's own connection with its prepared statements; opened again after it was lost.</summary>
internal sealed class WriterConnection(NpgsqlDataSource database, TimeSpan timeout) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;
    private BatchCommand? _batch;

    /// <summary>
    /// Appends a batch and says which of its appends are durable. Repeating it is safe: what an earlier try has written is recognised by its leaf,
    /// and if that try is still running in the server, the inserts wait for its end.
    /// </summary>
    public async Task<HashSet<Guid>> AppendAsync(IReadOnlyList<PendingAppend> batch, CancellationToken cancellationToken)
    {
        if (_connection is not { State: ConnectionState.Open })
            await OpenAsync(cancellationToken);
        var durable = await _batch!.ExecuteAsync(batch, cancellationToken);
        if (durable.Count < batch.Count)
            await AddWrittenBeforeAsync(batch, durable, cancellationToken);
        return durable;
    }

    public async ValueTask DropAsync()
    {
        var lost = _connection;
        (_connection, _batch) = (null, null);
        if (lost is not null)
            await lost.DisposeAsync();
    }

    public ValueTask DisposeAsync() => DropAsync();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await DropAsync();
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            // One plan for good. It is made while the table may still be empty, where a scan looks cheap: only index look-ups stay fast.
            await using (var settings = new NpgsqlCommand("set plan_cache_mode = force_generic_plan; set enable_seqscan = off", connection))
                await settings.ExecuteNonQueryAsync(cancellationToken);
            var batch = new BatchCommand(timeout);
            await batch.PrepareAsync(connection, cancellationToken);
            (_connection, _batch) = (connection, batch);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The salt in a leaf is random: the same leaf under the same version is the same append.</summary>
    private async Task AddWrittenBeforeAsync(IReadOnlyList<PendingAppend> batch, HashSet<Guid> durable, CancellationToken cancellationToken)
    {
        var others = batch.Where(pending => !durable.Contains(pending.Stream)).ToArray();
        await using var command = new NpgsqlCommand(
            """
            select journal.stream_id
            from unnest($1, $2, $3) as asked (stream_id, version, leaf)
            join journal on journal.stream_id = asked.stream_id and journal.version = asked.version and journal.leaf = asked.leaf
            """,
            _connection)
        {
            Parameters =
            {
                new() { Value = others.Select(pending => pending.Stream).ToArray() },
                new() { Value = others.Select(pending => pending.Append.ExpectedVersion + 1).ToArray() },
                new() { Value = others.Select(pending => pending.Append.Entries[0].Leaf).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        command.CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            durable.Add(reader.GetGuid(0));
    }
}

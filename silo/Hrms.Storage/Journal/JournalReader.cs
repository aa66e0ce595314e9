using System.Runtime.CompilerServices;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Npgsql;

namespace Hrms.Storage.Journal;

/// <summary>
/// Reads streams. The kind stands in the statement's text and not in a parameter, so that the index of changes is used. Who needs no access lines asks the table in which
/// none has settled: what is decided never waits for what is kept.
/// </summary>
internal sealed class JournalReader(NpgsqlDataSource database)
{
    private const string Columns = "select stream_id, version, txid, position, kind, recorded_at, prev_leaf, salt, leaf, payload, nullifier";

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        StreamId stream, long afterVersion, EntryKind? kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"{Columns} {From(kind)} where stream_id = $1 and version > $2 {AndKind(kind)} order by version", connection);
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = afterVersion });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ended = false;
        try
        {
            while (await reader.ReadAsync(cancellationToken))
                yield return Row(reader);
            ended = true;
        }
        finally
        {
            // Who has enough of a stream of a million rows does not wait for the others.
            if (!ended)
                command.Cancel();
        }
    }

    public async Task<IReadOnlyList<JournalRow>> PageAsync(
        StreamId stream, EntryKind kind, long beforeVersion, int take, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"{Columns} {From(kind)} where stream_id = $1 and version < $2 {AndKind(kind)} order by version desc limit $3");
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = beforeVersion });
        command.Parameters.Add(new() { Value = take });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<JournalRow>(take);
        while (await reader.ReadAsync(cancellationToken))
            page.Add(Row(reader));
        return page;
    }

    public async Task<JournalRow?> FindAsync(StreamId stream, long version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} {From(null)} where stream_id = $1 and version = $2");
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = version });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Row(reader) : null;
    }

    public async Task<(long Version, byte[] Leaf)> HeadAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select version, leaf from journal where stream_id = $1 order by version desc limit 1");
        command.Parameters.Add(new() { Value = stream.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, Leaf.Genesis);
    }

    private static string From(EntryKind? kind) => kind is null or EntryKind.Access ? "from journal_whole" : "from journal";

    private static string AndKind(EntryKind? kind) => kind is { } one ? $"and kind = {(short)one}" : "";

    private static JournalRow Row(NpgsqlDataReader reader) => new(
        new(reader.GetGuid(0)), reader.GetInt64(1), reader.GetFieldValue<ulong>(2), reader.GetInt64(3), (EntryKind)reader.GetInt16(4),
        reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8),
        reader.GetFieldValue<byte[]>(9), reader.IsDBNull(10) ? null : reader.GetFieldValue<byte[]>(10));
}

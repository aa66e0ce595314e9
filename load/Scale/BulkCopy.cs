using Hrms.Domain.Ports;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Load.Scale;

/// <summary>Binary COPY of rows into the journal, or into the partitions of settled access lines.</summary>
internal sealed class BulkCopy : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _importer;
    private readonly EntryKind? _kind;
    private readonly ulong _txid;
    private long _position;

    private BulkCopy(NpgsqlBinaryImporter importer, EntryKind? kind, ulong txid, long position) => (_importer, _kind, _txid, _position) = (importer, kind, txid, position);

    /// <summary>Positions and transaction ids are given by the table itself.</summary>
    public static async Task<BulkCopy> IntoJournalAsync(NpgsqlConnection connection, EntryKind kind, CancellationToken stop) => new(
        await connection.BeginBinaryImportAsync("copy journal (stream_id, version, recorded_at, prev_leaf, salt, leaf, payload, kind) from stdin (format binary)", stop), kind, 0, 0);

    /// <summary>Lines as they are when they have settled: with the places in the journal's order that they got there, so many of which are taken.</summary>
    public static async Task<BulkCopy> IntoAccessLinesAsync(NpgsqlConnection connection, long count, CancellationToken stop)
    {
        await using var take = new NpgsqlCommand(
            "select pg_current_xact_id(), setval(pg_get_serial_sequence('journal', 'position'), nextval(pg_get_serial_sequence('journal', 'position')) + $1)", connection)
        {
            Parameters = { new() { Value = count } },
        };
        await using var taken = await take.ExecuteReaderAsync(stop);
        await taken.ReadAsync(stop);
        var (txid, through) = (taken.GetFieldValue<ulong>(0), taken.GetInt64(1));
        await taken.CloseAsync();
        return new BulkCopy(
            await connection.BeginBinaryImportAsync("copy access_line (stream_id, version, recorded_at, prev_leaf, salt, leaf, payload, position, txid) from stdin (format binary)", stop),
            null, txid, through - count);
    }

    public void Add(in BulkRow row)
    {
        _importer.StartRow();
        _importer.Write(row.Stream, NpgsqlDbType.Uuid);
        _importer.Write(row.Version, NpgsqlDbType.Bigint);
        _importer.Write(row.RecordedAt, NpgsqlDbType.TimestampTz);
        _importer.Write(row.PrevLeaf, NpgsqlDbType.Bytea);
        _importer.Write(row.Salt, NpgsqlDbType.Bytea);
        _importer.Write(row.Leaf, NpgsqlDbType.Bytea);
        _importer.Write(row.Payload, NpgsqlDbType.Bytea);
        if (_kind is { } kind)
        {
            _importer.Write((short)kind, NpgsqlDbType.Smallint);
            return;
        }
        _importer.Write(++_position, NpgsqlDbType.Bigint);
        _importer.Write(_txid, NpgsqlDbType.Xid8);
    }

    public async Task CompleteAsync(CancellationToken stop) => await _importer.CompleteAsync(stop);

    public ValueTask DisposeAsync() => _importer.DisposeAsync();
}

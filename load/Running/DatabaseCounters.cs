using Npgsql;

namespace Hrms.Load.Running;

/// <summary>What the server says of its write-ahead log.</summary>
internal sealed class DatabaseCounters(NpgsqlConnectionStringBuilder database)
{
    private const int HasIoOfWal = 180_000;

    /// <summary>Bytes written to the log since it began (<c>pg_current_wal_insert_lsn</c>).</summary>
    public Task<long> WalBytesAsync(CancellationToken stop) => AskAsync("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint", stop);

    /// <summary>How often the log was flushed to disk (PostgreSQL 18: <c>pg_stat_io</c>; before: <c>pg_stat_wal</c>).</summary>
    public async Task<long> WalFlushesAsync(CancellationToken stop) =>
        await AskAsync("select current_setting('server_version_num')::bigint", stop) >= HasIoOfWal
            ? await AskAsync("select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal'", stop)
            : await AskAsync("select wal_sync from pg_stat_wal", stop);

    private async Task<long> AskAsync(string sql, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }
}

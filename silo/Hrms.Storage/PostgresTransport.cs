using Npgsql;

namespace Hrms.Storage;

/// <summary>What a connection string says of how PostgreSQL is spoken to. Asked by hosts before they start.</summary>
public static class PostgresTransport
{
    /// <summary>The hosts that would be spoken to without TLS; a socket's folder is none.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static IReadOnlyList<string> HostsWithoutTls(string connection)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connection);
        return parsed.SslMode >= SslMode.Require ? [] : [.. (parsed.Host ?? "localhost").Split(',', StringSplitOptions.TrimEntries).Where(host => !host.StartsWith('/'))];
    }
}

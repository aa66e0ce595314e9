using System.Globalization;

namespace Hrms.Embedded.Postgres;

/// <summary>
/// The server's settings, given on its command line at every start so that they are never older than this program.
/// Durability (fsync, synchronous_commit, full_page_writes) keeps its safe defaults.
/// </summary>
internal static class PostgresSettings
{
    public static IReadOnlyDictionary<string, string> For(int port, IReadOnlyDictionary<string, string> extra)
    {
        var settings = new Dictionary<string, string>
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["password_encryption"] = "scram-sha-256",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // A refused statement or its details may hold what a patient wrote: the log gets neither.
            ["log_min_error_statement"] = "panic",
            ["log_error_verbosity"] = "terse",
            // A development machine: a few cores, some GB of memory shared with the silo and the node.
            // The silo's pools, and beside them a load run's 128 clients.
            ["max_connections"] = "200",
            ["shared_buffers"] = "256MB",
            ["effective_cache_size"] = "1GB",
            ["max_wal_size"] = "1GB",
            ["wal_buffers"] = "16MB",
            ["random_page_cost"] = "1.1",
            // Our statements are short; compiling them costs more than it gives.
            ["jit"] = "off",
        };
        foreach (var (name, value) in extra)
            settings[name] = value;
        return settings;
    }
}

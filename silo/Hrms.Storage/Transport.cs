using System.Net.Sockets;
using Npgsql;

namespace Hrms.Storage;

/// <summary>Sorts failures: only those of the way to the server, or of a server that can't work now, are worth another try.</summary>
internal static class Transport
{
    public static bool IsFault(Exception failure) => failure switch
    {
        // Classes of PostgreSQL's Appendix A: 08 connection, 40 rolled back (deadlock), 53 resources, 57P server going down or coming up, 58 system.
        PostgresException refused => refused.SqlState[..2] is "08" or "40" or "53" or "58" || refused.SqlState is "57P01" or "57P02" or "57P03" or "57014",
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };
}

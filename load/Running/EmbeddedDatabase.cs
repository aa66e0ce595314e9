using System.Globalization;
using Hrms.Embedded;
using Npgsql;

namespace Hrms.Load.Running;

/// <summary>How to reach the PostgreSQL of a data folder: what <c>HRMS_POSTGRES</c> names, else the private server, by its password and pid file.</summary>
internal static class EmbeddedDatabase
{
    public static NpgsqlConnectionStringBuilder Of(string dataFolder)
    {
        if (Environment.GetEnvironmentVariable(EmbeddedServices.PostgresVariable) is { Length: > 0 } named)
            return new NpgsqlConnectionStringBuilder(named);
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            // postmaster.pid, fourth line: the port (PostgreSQL, storage-file-layout).
            Port = int.Parse(PidFile(dataFolder)[3], CultureInfo.InvariantCulture),
            Username = "hrms", Database = "hrms",
            Password = File.ReadAllText(Path.Combine(dataFolder, "postgres", "password")),
        };
    }

    /// <summary>Null when the server is not one of ours, or does not run.</summary>
    public static int? ProcessIdOf(string dataFolder) => Environment.GetEnvironmentVariable(EmbeddedServices.PostgresVariable) is { Length: > 0 } || !File.Exists(PidFileOf(dataFolder))
        ? null
        : int.Parse(File.ReadLines(PidFileOf(dataFolder)).First(), CultureInfo.InvariantCulture);

    private static string[] PidFile(string dataFolder)
    {
        var path = PidFileOf(dataFolder);
        return File.Exists(path) ? File.ReadAllLines(path) : throw new LoadFaultException($"No PostgreSQL runs on {dataFolder}: {path} is not there. Name the data folder of the running system.");
    }

    private static string PidFileOf(string dataFolder) => Path.Combine(dataFolder, "postgres", "data", "postmaster.pid");
}

using System.Globalization;
using Hrms.Load.Measuring;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>The same inserts by a loop of ours, for machines without pgbench: one connection for each client, one prepared statement.</summary>
internal sealed class InsertLoopBaseline(NpgsqlConnectionStringBuilder database, int clients) : IBaseline
{
    public string Description => $"Npgsql loop, {clients} connections, prepared one-row insert (pgbench is not on PATH)";

    public Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop) => PreparedCommandLoop.RunAsync(
        "one-row commits", database, clients, string.Format(CultureInfo.InvariantCulture, OneRowCommits.Insert, "$1"), (client, _) => client, during, stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using Hrms.Load.Measuring;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>One-row commits: what a durable change is compared with. By pgbench where it is on PATH, else by a loop of ours.</summary>
internal sealed class OneRowCommits(BaselineTable table, IBaseline by) : IBaseline
{
    public const string Insert = "insert into load_baseline (client, recorded_at) values ({0}, now())";

    public string Description => by.Description;

    public static async Task<IBaseline> CreateAsync(NpgsqlConnectionStringBuilder database, int clients) => new OneRowCommits(
        await BaselineTable.CreateAsync(
            database, "load_baseline", "id bigint generated always as identity primary key, client integer not null, recorded_at timestamptz not null"),
        PgBenchBaseline.IsThere() ? new PgBenchBaseline(database, clients) : new InsertLoopBaseline(database, clients));

    public Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop) => by.RunAsync(during, stop);

    public async ValueTask DisposeAsync()
    {
        await by.DisposeAsync();
        await table.DisposeAsync();
    }
}

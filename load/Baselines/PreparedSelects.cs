using Hrms.Load.Measuring;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>
/// What a consent decision is compared with: reading one row of a consent table by its key, the least that a server which keeps consents in its database does for each.
/// It reads the row and decides nothing.
/// </summary>
internal sealed class PreparedSelects(BaselineTable table, NpgsqlConnectionStringBuilder database, int clients, int consents) : IBaseline
{
    public string Description => $"Npgsql loop, {clients} connections, prepared select of one of {consents:#,0} rows by its primary key";

    public static async Task<IBaseline> CreateAsync(NpgsqlConnectionStringBuilder database, int clients, int consents) => new PreparedSelects(
        await BaselineTable.CreateAsync(
            database, "load_consents", "id integer primary key, terms bytea not null",
            $"insert into load_consents select i, decode(repeat('00', 300), 'hex') from generate_series(1, {consents}) as i; analyze load_consents"),
        database, clients, consents);

    public Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop) => PreparedCommandLoop.RunAsync(
        "prepared selects", database, clients, "select terms from load_consents where id = $1", (_, random) => random.Next(1, consents + 1), during, stop);

    public ValueTask DisposeAsync() => table.DisposeAsync();
}

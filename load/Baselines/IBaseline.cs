using Hrms.Load.Measuring;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>What PostgreSQL alone does, through its own protocol, on the server that the system uses: what a scenario is compared with. Removes its tables when disposed.</summary>
internal interface IBaseline : IAsyncDisposable
{
    /// <summary>Which one, with its client count: printed beside the ratio.</summary>
    string Description { get; }

    Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop);
}

/// <summary>A baseline's table, in the same database, there for as long as the run.</summary>
internal sealed class BaselineTable : IAsyncDisposable
{
    private readonly string _connection, _name;

    private BaselineTable(string connection, string name) => (_connection, _name) = (connection, name);

    /// <param name="columns">As in <c>create table</c>.</param>
    /// <param name="fill">Statements to run on it, if any.</param>
    public static async Task<BaselineTable> CreateAsync(NpgsqlConnectionStringBuilder database, string name, string columns, string fill = "")
    {
        var table = new BaselineTable(database.ConnectionString, name);
        await table.RunAsync($"drop table if exists {name}; create table {name} ({columns}); {fill}");
        return table;
    }

    public async ValueTask DisposeAsync() => await RunAsync($"drop table {_name}");

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

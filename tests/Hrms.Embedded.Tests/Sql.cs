using Npgsql;

namespace Hrms.Embedded.Tests;

internal static class Sql
{
    /// <summary>Runs over a connection of its own and returns the first value as text.</summary>
    public static async Task<string?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}

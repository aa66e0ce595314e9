using Npgsql;

namespace Hrms.Storage;

/// <summary>Whether PostgreSQL makes something durable now. Asked by a silo's health check.</summary>
public sealed class DatabaseProbe(NpgsqlDataSource database)
{
    /// <summary>An empty record of the write-ahead log, flushed at its commit; no table has it.</summary>
    private const string WriteNothing = "select pg_logical_emit_message(true, 'hrms.health', '')";

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(WriteNothing);
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}

using Hrms.Storage.Journal;
using Npgsql;

namespace Hrms.Storage;

/// <summary>Whether PostgreSQL makes something durable now. Asked by a silo's health check.</summary>
public sealed class DatabaseProbe(NpgsqlDataSource database, PostgresJournal journal)
{
    /// <summary>An empty record of the write-ahead log, flushed at its commit; no table has it.</summary>
    private const string WriteNothing = "select pg_logical_emit_message(true, 'hrms.health', '')";

    // A full disk may have room for that record and none for a row: what became of the newest rows is asked, too.
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(15);

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (journal.HasFailedWithin(Recently))
            return false;
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

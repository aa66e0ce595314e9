using System.Reflection;
using Npgsql;

namespace Hrms.Storage.Schema;

/// <summary>
/// Brings a database to this program's schema. Called at every start, before anything else touches the database; silos that start together
/// wait for each other on an advisory lock. Each script runs in a transaction of its own and is recorded with its hash.
/// </summary>
public static class SchemaMigrator
{
    /// <summary>Any constant will do, as long as nothing else in the database uses it ("hrms" in ASCII).</summary>
    private const long LockKey = 0x68726D73;

    /// <exception cref="SchemaException">A script that was applied has changed, or the database is newer, or its transaction ids went back.</exception>
    public static Task ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ApplyAsync(database, Migration.Embedded(), cancellationToken);

    /// <summary>Brings a schema of its own, with a count of its own, to the scripts that an assembly carries. Called by programs that keep something else beside the journal.</summary>
    /// <param name="schema">A name of ours, made when it is missing.</param>
    /// <exception cref="SchemaException">As above.</exception>
    public static async Task ApplyAsync(string connectionString, string schema, Assembly scripts, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, Pooling = false });
        await ApplyAsync(database, Migration.Embedded(scripts), cancellationToken, schema);
    }

    internal static async Task ApplyAsync(
        NpgsqlDataSource database, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken, string? schema = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            if (schema is not null)
                await ExecuteAsync(connection, $"create schema if not exists {schema}", cancellationToken);
            await ExecuteAsync(
                connection,
                """
                create table if not exists schema_migration (
                    number integer not null primary key, name text not null, sha256 bytea not null, applied_at timestamptz not null default now())
                """,
                cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            CheckAgree(applied, migrations);
            foreach (var migration in migrations.Skip(applied.Count))
                await ApplyAsync(connection, migration, cancellationToken);
            await CheckTransactionIdsAsync(connection, cancellationToken);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static void CheckAgree(IReadOnlyList<(int Number, string Name, byte[] Sha256)> applied, IReadOnlyList<Migration> migrations)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Number != i + 1)
                throw new SchemaException($"The database has no record of migration {i + 1:0000}, but of {applied[i].Number:0000}. Restore schema_migration.");
            if (i >= migrations.Count)
                throw new SchemaException(
                    $"The database is at migration {applied[^1].Name}, this program knows {migrations.Count}. Run the newer program.");
            if (!applied[i].Sha256.AsSpan().SequenceEqual(migrations[i].Sha256))
                throw new SchemaException(
                    $"Migration {migrations[i].Name} was changed after it was applied (as {applied[i].Name}). Undo the change and add a new migration.");
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException refused)
        {
            throw new SchemaException($"Migration {migration.Name} failed: {refused.MessageText}", refused);
        }
        await using var record = new NpgsqlCommand("insert into schema_migration (number, name, sha256) values ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = migration.Sha256 } },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// The journal is followed by transaction id. A dump that was loaded into a younger cluster has rows with ids that the cluster has not reached:
    /// what it writes next would sort before them and never be seen by the ledger's readers.
    /// </summary>
    private static async Task CheckTransactionIdsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('journal') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is false)
            return;
        await using var ahead = new NpgsqlCommand(
            "select coalesce(max(txid), '0') >= pg_snapshot_xmax(pg_current_snapshot()) from journal", connection);
        if (await ahead.ExecuteScalarAsync(cancellationToken) is true)
            throw new SchemaException(
                "The journal holds transaction ids that this PostgreSQL cluster has not reached: it was loaded from a dump. "
                + "Stop PostgreSQL and raise the cluster's next transaction id and epoch above the journal's (pg_resetwal -x, -e), then start again.");
    }

    private static async Task<List<(int, string, byte[])>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select number, name, sha256 from schema_migration order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<(int, string, byte[])>();
        while (await reader.ReadAsync(cancellationToken))
            applied.Add((reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

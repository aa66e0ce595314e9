using Hrms.Domain.Ports;
using Hrms.Storage.Journal;
using Hrms.Storage.Schema;
using Hrms.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(PrivacyWatch))]

namespace Hrms.Storage.Tests;

/// <summary>A fresh database at the newest schema for each test, and what tests of the adapters need of it.</summary>
public abstract class StorageTest(PostgresFixture postgres) : IAsyncLifetime
{
    protected string ConnectionString { get; private set; } = "";

    protected NpgsqlDataSource Database { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync("storage");
        Database = DataSource(ConnectionString);
        await SchemaMigrator.ApplyAsync(Database, Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static NpgsqlDataSource DataSource(string connectionString) =>
        StorageServices.CreateDataSource(new() { ConnectionString = connectionString, ConnectionsMax = 20 });

    /// <summary>A journal as one silo has it.</summary>
    protected static PostgresJournal Silo(NpgsqlDataSource database, Action<JournalOptions>? configure = null)
    {
        // Two, so that what one silo writes at once meets in PostgreSQL, too.
        var options = new JournalOptions { Writers = 2 };
        configure?.Invoke(options);
        return new(database, options, TimeProvider.System, NullLogger<PostgresJournal>.Instance);
    }

    protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    protected static async Task<List<JournalRow>> AllAsync(IJournal journal, StreamId stream, EntryKind? kind = null)
    {
        var rows = new List<JournalRow>();
        await foreach (var row in journal.ReadAsync(stream, 0, kind, Cancel))
            rows.Add(row);
        return rows;
    }

    /// <summary>A way to the database that can be cut.</summary>
    protected CuttingProxy Proxy()
    {
        var server = new NpgsqlConnectionStringBuilder(ConnectionString);
        return new(server.Host!, server.Port);
    }

    protected string Through(CuttingProxy proxy) => new NpgsqlConnectionStringBuilder(ConnectionString)
    {
        Host = "127.0.0.1", Port = proxy.Port, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable, Timeout = 5,
    }.ConnectionString;
}

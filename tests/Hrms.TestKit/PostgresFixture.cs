using Hrms.Embedded;
using Npgsql;
using Xunit;

namespace Hrms.TestKit;

/// <summary>
/// A real PostgreSQL for tests: a private one in a temporary folder, or the running one that <c>HRMS_POSTGRES</c> names.
/// Use it as class, collection or assembly fixture, and give each test a database of its own.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly List<string> _databases = [];
    private readonly TemporaryFolder _folder = new();
    private string? _serverConnection;
    private int _databaseNumber;

    /// <summary>The private server, for tests that kill it. Skips the test when the server is a shared running one.</summary>
    public EmbeddedPostgres Server
    {
        get
        {
            EmbeddedPrograms.SkipWhenMissing();
            if (Private is null)
                Assert.Skip($"{EmbeddedServices.PostgresVariable} names a running server, which is not ours to kill.");
            return Private;
        }
    }

    private EmbeddedPostgres? Private { get; set; }

    public async ValueTask InitializeAsync()
    {
        _serverConnection = Environment.GetEnvironmentVariable(EmbeddedServices.PostgresVariable) is { Length: > 0 } running ? running : null;
        if (_serverConnection is not null || EmbeddedBinaries.WhyMissing() is not null)
            return;                                             // the first use says why it is missing: a fixture can't skip
        Private = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = _folder["postgres"] });
        _serverConnection = Private.ConnectionString;
    }

    /// <summary>Makes an empty database and returns its connection string. It is dropped with the fixture.</summary>
    /// <param name="name">Part of its name, to find it in a log. Letters, digits and underscores.</param>
    public async Task<string> CreateDatabaseAsync(string name = "test")
    {
        if (_serverConnection is null)
            EmbeddedPrograms.SkipWhenMissing();
        return await CreateDatabaseAsync(name, "template0");
    }

    /// <summary>A database as another one is now, to which nobody may be connected: a backup.</summary>
    public Task<string> CopyDatabaseAsync(string connectionString) => CreateDatabaseAsync("copy", new NpgsqlConnectionStringBuilder(connectionString).Database!);

    private async Task<string> CreateDatabaseAsync(string name, string template)
    {
        // Unique on a shared server too: the process id and the temporary folder's name differ between test runs.
        var run = Path.GetFileName(_folder.Path).Replace("hrms-test-", "", StringComparison.Ordinal);
        var database = $"hrms_{name}_{Environment.ProcessId}_{run}_{Interlocked.Increment(ref _databaseNumber)}".ToLowerInvariant();
        await RunOnServerAsync($"CREATE DATABASE \"{database}\" TEMPLATE \"{template}\" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        lock (_databases)
            _databases.Add(database);
        return new NpgsqlConnectionStringBuilder(_serverConnection) { Database = database }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (Private is not null)
            await Private.DisposeAsync();
        else if (_serverConnection is not null)
            foreach (var database in _databases)
                await RunOnServerAsync($"DROP DATABASE \"{database}\" WITH (FORCE)");
        _folder.Dispose();
    }

    private async Task RunOnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_serverConnection) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

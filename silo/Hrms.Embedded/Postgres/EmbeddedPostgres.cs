using Hrms.Embedded.Postgres;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded;

/// <summary>
/// A private PostgreSQL 18 on a free loopback port, for development and tests. Its data stay in its folder; it ends with
/// its owner, also when the owner is killed.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const int PortTries = 5;
    private readonly EmbeddedPostgresOptions _options;
    private readonly PostgresCluster _cluster;
    private readonly FolderLock _lock;
    private readonly string _password;
    private ServiceProcess _process;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, PostgresCluster cluster, FolderLock @lock, string password, ServiceProcess process, int port)
    {
        (_options, _cluster, _lock, _password, _process) = (options, cluster, @lock, password, process);
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={PostgresCluster.Name};Password={_password};Database={PostgresCluster.Name}";

    public string DataDirectory => _cluster.DataDirectory;

    public int ProcessId => _process.ProcessId;

    /// <summary>Completes when the server that now runs has ended, asked or not.</summary>
    public Task Exited => _process.Exited;

    /// <exception cref="EmbeddedServiceException">The folder has another owner, or the server can't run: the message says why.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken ct = default)
    {
        _ = EmbeddedBinaries.Postgres;                        // first of all: says when it is missing or this system has none
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        UnprivilegedUser.CreateFolderAbove(options.Folder);
        var folderLock = FolderLock.Take(options.Folder);
        try
        {
            var cluster = new PostgresCluster(options.Folder);
            var server = new PostgresServer(options, cluster);
            await server.WaitForLeftoverAsync(ct);
            var password = await cluster.PrepareAsync(ct);
            for (var tries = 1; ; tries++)
            {
                var port = FreePort.Pick();
                if (await server.TryStartAsync(port, lastTry: tries == PortTries, ct) is { } process)
                    return new EmbeddedPostgres(options, cluster, folderLock, password, process, port);
            }
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>kill -9 of the server, for fault tests: nothing is flushed that was not flushed before.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts the server again on the same port, after a clean stop if it still runs. For fault tests.</summary>
    public async Task RestartAsync(CancellationToken ct = default)
    {
        await _process.StopAsync(_options.Time);
        var server = new PostgresServer(_options, _cluster);
        _process = (await server.TryStartAsync(Port, lastTry: true, ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(_options.Time);
        _lock.Dispose();
    }
}

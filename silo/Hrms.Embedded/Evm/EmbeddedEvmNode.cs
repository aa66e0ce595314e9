using Hrms.Embedded.Evm;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded;

/// <summary>
/// A private EVM node (anvil) on a free loopback port, for development and tests. It writes its chain to its folder when it
/// stops cleanly, which includes that its owner was killed. Killed itself, it comes back with the chain of its last
/// clean stop; the ledger writer then sends what is missing again.
/// </summary>
public sealed class EmbeddedEvmNode : IAsyncDisposable
{
    private const int PortTries = 5;
    private readonly EmbeddedEvmNodeOptions _options;
    private readonly FolderLock _lock;
    private readonly BlockTicker? _ticker;
    private ServiceProcess _process;

    private EmbeddedEvmNode(EmbeddedEvmNodeOptions options, FolderLock @lock, ServiceProcess process, int port)
    {
        (_options, _lock, _process) = (options, @lock, process);
        Port = port;
        _ticker = options.BlockTime is { } period ? new BlockTicker(RpcUrl, period, options.Time) : null;
    }

    public int Port { get; }

    public Uri RpcUrl => EvmNodeServer.Url(Port);

    public int ProcessId => _process.ProcessId;

    /// <summary>Completes when the node that now runs has ended and its state is written, asked or not.</summary>
    public Task Exited => _process.Exited;

    /// <exception cref="EmbeddedServiceException">The folder has another owner, or the node can't run: the message says why.</exception>
    public static async Task<EmbeddedEvmNode> StartAsync(EmbeddedEvmNodeOptions options, CancellationToken ct = default)
    {
        _ = EmbeddedBinaries.Anvil;                           // first of all: says when it is missing or this system has none
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        PrivateFolder.Create(options.Folder);
        var folderLock = FolderLock.Take(options.Folder);
        try
        {
            await LeftoverProcess.WaitAsync(Path.Combine(options.Folder, "service.pid"), options.Folder, options.Time, ct);
            for (var tries = 1; ; tries++)
            {
                var port = FreePort.Pick();
                if (await new EvmNodeServer(options).TryStartAsync(port, lastTry: tries == PortTries, ct) is { } process)
                    return new EmbeddedEvmNode(options, folderLock, process, port);
            }
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>kill -9 of the node, for fault tests: what it did since its last clean stop is lost.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts the node again on the same port, after a clean stop if it still runs. For fault tests.</summary>
    public async Task RestartAsync(CancellationToken ct = default)
    {
        await _process.StopAsync(_options.Time);
        _process = (await new EvmNodeServer(_options).TryStartAsync(Port, lastTry: true, ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ticker is not null)
            await _ticker.DisposeAsync();
        await _process.StopAsync(_options.Time);
        _lock.Dispose();
    }
}

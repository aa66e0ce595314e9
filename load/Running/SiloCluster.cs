using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hrms.Embedded;
using Npgsql;

namespace Hrms.Load.Running;

/// <summary>
/// The system as production has it, on this machine: several silos and API processes over one PostgreSQL and one ledger node, in a folder that goes with it. Each part can be
/// killed as it stands, and is then started again, as a service manager does.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"hrms-load-{Guid.NewGuid():N}");
    private ImmutableList<HostProcess> _silos = [], _apis = [];
    private readonly Action<string> _progress;
    private TokenAuthority? _authority;
    private EmbeddedPostgres? _postgres;
    private EmbeddedEvmNode? _node;

    private SiloCluster(Action<string> progress) => _progress = progress;

    /// <summary>The first API process, and all that scenarios need to know.</summary>
    public RunningSystem System { get; private set; } = null!;

    /// <summary>What is needed to make tokens that the API processes take.</summary>
    public string AuthorityFolder => Of("authority");

    /// <summary>Of each API process.</summary>
    public IReadOnlyList<Uri> Urls => [.. _apis.Select(api => api.Url)];

    public static async Task<SiloCluster> StartAsync(int silos, int apis, Action<string> progress, CancellationToken stop)
    {
        var cluster = new SiloCluster(progress);
        try
        {
            progress($"Starting PostgreSQL, a ledger node, {silos} silos and {apis} API processes");
            cluster._postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = cluster.Of("postgres") }, stop);
            cluster._node = await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = cluster.Of("ledger"), BlockTime = BlockNode.Period }, stop);
            cluster._authority = await TokenAuthority.StartAsync(cluster.AuthorityFolder);
            for (var silo = 0; silo < silos; silo++)
                await cluster.AddSiloAsync(stop);
            for (var api = 0; api < apis; api++)
                cluster._apis = cluster._apis.Add(await HostProcess.ApiAsync(new Dictionary<string, string>
                {
                    ["Hrms__Membership"] = cluster._postgres.ConnectionString, ["Hrms__Authority"] = cluster._authority.Url, ["Hrms__AuthorityOverTls"] = "false", ["Hrms__AnyDocument"] = "true",
                }, progress, stop));
            cluster.System = new RunningSystem(
                cluster.Urls, new NpgsqlConnectionStringBuilder(cluster._postgres.ConnectionString), cluster._authority.Issuer,
                new CpuMeter(() =>
                [
                    .. cluster._silos.Select(silo => new WatchedProcess(CpuMeter.Silo, silo.ProcessId)), .. cluster._apis.Select(api => new WatchedProcess(CpuMeter.Api, api.ProcessId)),
                    new(CpuMeter.Postgres, cluster._postgres.ProcessId), new(CpuMeter.Node, cluster._node.ProcessId),
                ]), cluster);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task AddSiloAsync(CancellationToken stop) => _silos = _silos.Add(await HostProcess.SiloAsync(new Dictionary<string, string>
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Hrms__Postgres"] = _postgres!.ConnectionString, ["Hrms__LedgerRpc"] = _node!.RpcUrl.ToString(),
        ["Hrms__KeyFolder"] = Of("keys"), ["Hrms__EmbeddedLedger"] = "true", ["Hrms__GatewayPort"] = FreePort().ToString(CultureInfo.InvariantCulture),
    }, _progress, stop));

    /// <summary>kill -9 of the oldest silo; another one takes its place in its own time.</summary>
    public async Task KillSiloAsync(CancellationToken stop)
    {
        await using var silo = _silos[0];
        // What it used until now is counted.
        System.Cpu.Read();
        _silos = _silos.RemoveAt(0);
        await silo.KillAsync();
        await AddSiloAsync(stop);
    }

    /// <summary>kill -9 of the server and all its sessions, and its start with the recovery that follows.</summary>
    public async Task KillPostgresAsync(CancellationToken stop)
    {
        System.Cpu.Read();
        await _postgres!.KillAsync();
        await _postgres.RestartAsync(stop);
    }

    public async Task KillNodeAsync(CancellationToken stop)
    {
        System.Cpu.Read();
        await _node!.KillAsync();
        await _node.RestartAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _apis.Concat(_silos))
            await process.DisposeAsync();
        if (_authority is not null)
            await _authority.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private string Of(string name) => Path.Combine(_folder, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using Hrms.Api.Auth;
using Hrms.Load.Running;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Hrms.Faults.Tests.Harness;

/// <summary>The product as production has it: silos and API processes, each a process of its own, over one PostgreSQL, one ledger node and an identity server.</summary>
internal sealed class SeveralProcesses : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<HostProcess> _silos = [];
    private readonly string _postgres, _node;
    private readonly IReadOnlyList<(string Name, string? Value)> _more;
    private TokenAuthority _authority = null!;
    private int _started;

    private SeveralProcesses(string postgres, Uri node, IReadOnlyList<(string Name, string? Value)> more) => (_postgres, _node, _more) = (postgres, node.ToString(), more);

    /// <summary>Who issues the tokens that the API processes take.</summary>
    public DevelopmentIssuer Issuer => _authority.Issuer;

    /// <summary>Speaks to the oldest API process.</summary>
    public ApiClient Client => Apis[0].Client;

    /// <summary>The API processes that run, the oldest first.</summary>
    public ImmutableArray<(HostProcess Process, ApiClient Client)> Apis { get; private set; } = [];

    public IReadOnlyList<HostProcess> Silos => _silos;

    /// <summary>Where API processes reach the newest silo.</summary>
    public int GatewayPort { get; private set; }

    /// <param name="more">What else every process is configured with.</param>
    public static Task<SeveralProcesses> StartAsync(string postgres, Uri node, int silos, int apis = 1, IReadOnlyList<(string Name, string? Value)>? more = null) =>
        StartAsync(postgres, node, [.. Enumerable.Repeat(Machine.Here(), silos)], apis, more);

    /// <param name="silos">Where each silo runs.</param>
    /// <param name="more">What else every process is configured with.</param>
    public static async Task<SeveralProcesses> StartAsync(
        string postgres, Uri node, IReadOnlyList<Machine> silos, int apis = 1, IReadOnlyList<(string Name, string? Value)>? more = null)
    {
        var all = new SeveralProcesses(postgres, node, more ?? []);
        try
        {
            all._authority = await TokenAuthority.StartAsync(all._folder["authority"]);
            // The first makes the schema, the keys and the ledger's contract.
            await all.AddSiloAsync(silos[0]);
            await Task.WhenAll(silos.Skip(1).Select(all.AddSiloAsync));
            for (var api = 0; api < apis; api++)
                await all.AddApiAsync();
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    public async Task AddSiloAsync(Machine? machine = null)
    {
        machine ??= Machine.Here();
        GatewayPort = FreePort();
        var silo = HostProcess.Start("Hrms.Silo.dll", [], "HRMS silo ready: ", _folder[$"silo{++_started}.log"],
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Hrms__Postgres", _postgres), ("Hrms__LedgerRpc", _node), ("Hrms__KeyFolder", _folder["keys"]),
            ("Hrms__EmbeddedLedger", "true"), ("Hrms__ClusterId", "several"), ("Hrms__GatewayPort", $"{GatewayPort}"), .. _more, .. machine.Settings,
        ], machine.Enter);
        _silos.Add(silo);
        await silo.ReadyAsync();
    }

    public async Task AddApiAsync()
    {
        var api = HostProcess.Start("Hrms.Api.dll", ["serve", "--urls", "http://127.0.0.1:0"], "HRMS ready: ", _folder[$"api{++_started}.log"],
        [
            ("Hrms__Membership", _postgres), ("Hrms__ClusterId", "several"), ("Hrms__Authority", _authority.Url), ("Hrms__AuthorityOverTls", "false"), ("Hrms__AnyDocument", "true"),
            ("Hrms__DrainMilliseconds", "0"), .. _more,
        ]);
        try
        {
            var client = new ApiClient(await api.ReadyAsync(), _authority.Issuer);
            lock (_silos)
                Apis = Apis.Add((api, client));
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public async Task KillSiloAsync()
    {
        await using var silo = LetGo(_silos[0]);
        await silo.KillAsync();
    }

    /// <summary>kill -9 of all silos at once.</summary>
    public async Task KillSilosAsync()
    {
        foreach (var silo in _silos)
            silo.BeginKill();
        while (_silos.Count > 0)
            await KillSiloAsync();
    }

    /// <summary>Waits until a lane's writer lives in one of the silos, and says in which.</summary>
    public async Task<HostProcess> HolderOfLaneAsync(int lane)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            foreach (var silo in _silos)
                if (await silo.HoldsLaneAsync(lane))
                    return silo;
            Assert.False(limit.IsCancellationRequested, $"No silo has lane {lane} after two minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>The oldest silo leaves in good order.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopSiloAsync()
    {
        await using var silo = LetGo(_silos[0]);
        return await silo.StopAsync();
    }

    /// <summary>The oldest API process leaves in good order.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopApiAsync()
    {
        var (process, client) = Apis[0];
        var exitCode = await process.StopAsync();
        lock (_silos)
            Apis = Apis.Remove((process, client));
        await process.DisposeAsync();
        client.Dispose();
        return exitCode;
    }

    /// <summary>What the API processes' logs say of questions that ended in a fault: the field and the exception, without the trace's id.</summary>
    public IReadOnlyDictionary<string, int> Faults() => Directory.EnumerateFiles(_folder.Path, "api*.log").SelectMany(HostProcess.LinesOf)
        .Where(line => line.Contains(" failed with ", StringComparison.Ordinal)).CountBy(line => line[line.IndexOf(": field", StringComparison.Ordinal)..]).ToDictionary();

    /// <summary>A silo that is the caller's from now on.</summary>
    public HostProcess LetGo(HostProcess silo)
    {
        _silos.Remove(silo);
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, client) in Apis)
        {
            client.Dispose();
            await process.DisposeAsync();
        }
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        if (_authority is not null)
            await _authority.DisposeAsync();
        _folder.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

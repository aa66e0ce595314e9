using Hrms.Load.Running;
using System.Net;
using System.Net.Sockets;

namespace Hrms.Faults.Tests.Harness;

/// <summary>The product as production has it: silos and an API, each in a process of its own, over one PostgreSQL, one ledger node and an identity server.</summary>
internal sealed class SeveralProcesses : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<HostProcess> _silos = [];
    private readonly string _postgres, _node;
    private readonly IReadOnlyList<(string Name, string? Value)> _more;
    private TokenAuthority _authority = null!;
    private HostProcess? _api;
    private int _started;

    private SeveralProcesses(string postgres, Uri node, IReadOnlyList<(string Name, string? Value)> more) => (_postgres, _node, _more) = (postgres, node.ToString(), more);

    public ApiClient Client { get; private set; } = null!;

    public IReadOnlyList<HostProcess> Silos => _silos;

    /// <summary>Where API processes reach the newest silo.</summary>
    public int GatewayPort { get; private set; }

    /// <param name="more">What else every process is configured with.</param>
    public static Task<SeveralProcesses> StartAsync(string postgres, Uri node, int silos, IReadOnlyList<(string Name, string? Value)>? more = null) =>
        StartAsync(postgres, node, [.. Enumerable.Repeat<(string, string?)[]>([], silos)], more);

    /// <param name="silos">Of each silo what its environment has besides.</param>
    /// <param name="more">What else every process is configured with.</param>
    public static async Task<SeveralProcesses> StartAsync(string postgres, Uri node, (string Name, string? Value)[][] silos, IReadOnlyList<(string Name, string? Value)>? more = null)
    {
        var all = new SeveralProcesses(postgres, node, more ?? []);
        try
        {
            all._authority = await TokenAuthority.StartAsync(all._folder["authority"]);
            foreach (var silo in silos)
                await all.AddSiloAsync(silo);
            all._api = HostProcess.Start("Hrms.Api.dll", ["serve", "--urls", "http://127.0.0.1:0"], "HRMS ready: ", all._folder["api.log"],
            [
                ("Hrms__Membership", postgres), ("Hrms__ClusterId", "several"), ("Hrms__Authority", all._authority.Url), ("Hrms__AuthorityOverTls", "false"), ("Hrms__AnyDocument", "true"),
                .. all._more,
            ]);
            all.Client = new ApiClient(await all._api.ReadyAsync(), all._authority.Issuer);
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    public async Task AddSiloAsync(params (string Name, string? Value)[] besides)
    {
        GatewayPort = FreePort();
        var silo = HostProcess.Start("Hrms.Silo.dll", [], "HRMS silo ready: ", _folder[$"silo{++_started}.log"],
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Hrms__Postgres", _postgres), ("Hrms__LedgerRpc", _node), ("Hrms__KeyFolder", _folder["keys"]),
            ("Hrms__EmbeddedLedger", "true"), ("Hrms__ClusterId", "several"), ("Hrms__GatewayPort", $"{GatewayPort}"), .. _more, .. besides,
        ]);
        _silos.Add(silo);
        await silo.ReadyAsync();
    }

    public async Task KillSiloAsync()
    {
        var silo = _silos[0];
        _silos.RemoveAt(0);
        await silo.KillAsync();
        await silo.DisposeAsync();
    }

    /// <summary>The oldest silo stands still, as if its machine had lost its time; the others go on without it.</summary>
    /// <returns>The silo, which the caller lets go on.</returns>
    public async Task<HostProcess> FreezeSiloAsync()
    {
        var silo = _silos[0];
        _silos.RemoveAt(0);
        await silo.SignalAsync("STOP");
        return silo;
    }

    /// <summary>The oldest silo leaves in good order.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopSiloAsync()
    {
        var silo = _silos[0];
        _silos.RemoveAt(0);
        await using (silo)
            return await silo.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_api is not null)
            await _api.DisposeAsync();
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

using System.Security.Cryptography;
using Hrms.Api.Auth;
using Hrms.Load.Baselines;
using Npgsql;

namespace Hrms.Load.Running;

/// <summary>
/// What is measured: an embedded system that this program starts and stops, or a running one. Gives its address, tokens for anybody (from the development
/// issuer's key in the data folder), its database for the baseline and the counts, and the processes whose CPU is watched.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly IAsyncDisposable? _host;
    private readonly IReadOnlyList<Uri> _urls;
    private readonly DevelopmentIssuer _issuer;
    private readonly string? _temporary;
    private int _clients, _people;

    private RunningSystem(Uri url, string dataFolder, HostProcess? host, BlockNode? node, string? temporary)
        : this([url], EmbeddedDatabase.Of(dataFolder), new DevelopmentIssuer(dataFolder), new CpuMeter(() => Processes(dataFolder, host, node))) =>
        (DataFolder, _host, _temporary) = (dataFolder, host, temporary);

    /// <summary>One of several processes.</summary>
    /// <param name="urls">Of each API process.</param>
    /// <param name="owner">Goes with it; null: its processes are somebody else's business.</param>
    public RunningSystem(IReadOnlyList<Uri> urls, NpgsqlConnectionStringBuilder database, DevelopmentIssuer issuer, CpuMeter cpu, IAsyncDisposable? owner = null) =>
        (_urls, Database, _issuer, Cpu, _host) = (urls, database, issuer, cpu, owner);

    /// <summary>Of the first API process.</summary>
    public Uri Url => _urls[0];

    /// <summary>Of the API process for one more client: in turns, as a load balancer gives them.</summary>
    public Uri NextUrl() => _urls[(Interlocked.Increment(ref _clients) & int.MaxValue) % _urls.Count];

    /// <summary>What people and records are made from. The same on an installation that is new and goes away; on one that stays each run has its own, or it would meet the last one's people.</summary>
    public int Seed { get; private set; } = 1;

    /// <summary>So many people more than there are.</summary>
    /// <returns>The first one's number.</returns>
    public int NextPeople(int count) => Interlocked.Add(ref _people, count) - count;

    /// <summary>A source of chance for one of many: a client, a device.</summary>
    public Random NewRandom(int number) => new(unchecked((Seed * 7_919) + number));

    /// <summary>The data folder of an embedded system; null of one of several processes.</summary>
    public string? DataFolder { get; }

    public NpgsqlConnectionStringBuilder Database { get; }

    public CpuMeter Cpu { get; }

    /// <summary>What a tester asked for: several processes that this starts, running ones, or an embedded system.</summary>
    public static async Task<RunningSystem> OpenAsync(Target target, bool withRest, Action<string> progress, CancellationToken stop)
    {
        var system = await FindOrStartAsync(target, withRest, progress, stop);
        var stays = target.Data is not null || target.Urls.Count > 0;
        system.Seed = target.Seed ?? (stays ? RandomNumberGenerator.GetInt32(int.MaxValue) : system.Seed);
        progress($"People and records are made from seed {system.Seed}");
        return system;
    }

    private static async Task<RunningSystem> FindOrStartAsync(Target target, bool withRest, Action<string> progress, CancellationToken stop)
    {
        if (target.Silos is { } silos)
            return target.Urls.Count > 0 ? throw new LoadFaultException("--silos starts a system, --url names a running one: leave out one of the two.")
                : withRest ? throw new LoadFaultException("What GraphQL is compared with is in one process with the silo: leave out --silos.")
                : (await SiloCluster.StartAsync(silos, target.Apis, progress, stop)).System;
        if (target.Database is null)
            return target.Urls.Count <= 1 ? await OpenAsync(target.Urls.SingleOrDefault(), target.Data, progress, stop, null, withRest)
                : throw new LoadFaultException("Several --url are API processes of their own: name their silos' database with --database.");
        if (target.Urls.Count == 0 || withRest)
            throw new LoadFaultException(withRest ? "What GraphQL is compared with is in a system that this program starts: leave out --url and --database." : "--database is of running silos: name their API processes with --url.");
        if (target.Data is null || !File.Exists(Path.Combine(target.Data, "keys", "development-issuer.pem")))
            throw new LoadFaultException("--database needs --data: the folder of the authority whose tokens the API processes take (the command 'authority').");
        return new RunningSystem(target.Urls, new NpgsqlConnectionStringBuilder(target.Database), new DevelopmentIssuer(target.Data), new CpuMeter(() => []));
    }

    /// <param name="node">The ledger node that a host which this starts is to use; null: the host has one of its own.</param>
    /// <param name="withRest">With the endpoint that GraphQL is compared with beside it (<see cref="RestHost"/>).</param>
    public static async Task<RunningSystem> OpenAsync(
        Uri? url, string? dataFolder, Action<string> progress, CancellationToken stop, BlockNode? node = null, bool withRest = false)
    {
        if (url is not null && withRest)
            throw new LoadFaultException("What GraphQL is compared with is in a system that this program starts: leave out --url.");
        if (url is not null)
            return new RunningSystem(url, Path.GetFullPath(dataFolder ?? throw new LoadFaultException("--url needs --data: the data folder of that system.")), null, null, null);
        // Made by the host, which gives its parts to the users they run as.
        var temporary = dataFolder is null ? Path.Combine(Path.GetTempPath(), $"hrms-load-{Guid.NewGuid():N}") : null;
        var folder = Path.GetFullPath(dataFolder ?? temporary!);
        // A folder that somebody has keeps the apps that it has.
        if (!Directory.Exists(folder))
            OAuthApp.RegisterIn(folder);
        var host = await HostProcess.EmbeddedAsync(folder, progress, stop, node?.Environment, withRest ? [typeof(RestHost).Assembly.Location, RestHost.Name] : []);
        return new RunningSystem(host.Url, folder, host, node, temporary);
    }

    public string TokenOfOperator() => Token(TokenCommand.Claims(null, null, null, null, isOperator: true));

    public string TokenOfPatient(Guid patient) => Token(TokenCommand.Claims(patient, null, null, null, isOperator: false));

    public string TokenOfPractitioner(Guid practitioner) => Token(TokenCommand.Claims(null, practitioner, null, null, isOperator: false));

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_temporary is not null)
            Directory.Delete(_temporary, recursive: true);
    }

    /// <summary>By their pid files, where they are of this machine: of a host that somebody else started, the one that started the database.</summary>
    private static IEnumerable<WatchedProcess> Processes(string dataFolder, HostProcess? host, BlockNode? node)
    {
        var postgres = EmbeddedDatabase.ProcessIdOf(dataFolder);
        if ((host?.ProcessId ?? (postgres is { } service ? CpuMeter.StarterOf(service) : null)) is { } owner)
            yield return new(CpuMeter.Hosts, owner);
        if (postgres is { } server)
            yield return new(CpuMeter.Postgres, server);
        if ((node?.ProcessId ?? BlockNode.ProcessIdOf(dataFolder)) is { } ledger)
            yield return new(CpuMeter.Node, ledger);
    }

    private string Token(List<System.Security.Claims.Claim>? claims) => _issuer.Issue(claims!, TimeSpan.FromHours(8), TimeProvider.System);
}

/// <summary>The run can't go on; the message says why and what to do.</summary>
internal sealed class LoadFaultException(string message) : Exception(message);

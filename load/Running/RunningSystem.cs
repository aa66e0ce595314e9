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
    private readonly HostProcess? _host;
    private readonly DevelopmentIssuer _issuer;
    private readonly string? _temporary;

    private RunningSystem(Uri url, string dataFolder, HostProcess? host, BlockNode? node, string? temporary)
        : this(url, EmbeddedDatabase.Of(dataFolder), new DevelopmentIssuer(dataFolder), new CpuMeter(() => Processes(dataFolder, host, node))) =>
        (DataFolder, _host, _temporary) = (dataFolder, host, temporary);

    /// <summary>One whose processes are somebody else's business (<see cref="SiloCluster"/>).</summary>
    public RunningSystem(Uri url, NpgsqlConnectionStringBuilder database, DevelopmentIssuer issuer, CpuMeter cpu) => (Url, Database, _issuer, Cpu) = (url, database, issuer, cpu);

    public Uri Url { get; }

    /// <summary>The data folder of an embedded system; null of one of several processes.</summary>
    public string? DataFolder { get; }

    public NpgsqlConnectionStringBuilder Database { get; }

    public CpuMeter Cpu { get; }

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

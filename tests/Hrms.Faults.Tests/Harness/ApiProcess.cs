using System.Diagnostics;
using Hrms.Api.Auth;
using Hrms.Embedded;

namespace Hrms.Faults.Tests.Harness;

/// <summary>The API's program in a process of its own, on a data folder that outlives it: started, killed, started again.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private readonly string _dataFolder;
    private readonly string _logFile;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly PrivateServices _services;
    private HostProcess _process = null!;

    private ApiProcess(string dataFolder, string logFile, IReadOnlyDictionary<string, string> variables) =>
        (_dataFolder, _logFile, _variables, _services) = (dataFolder, logFile, variables, new PrivateServices(dataFolder));

    public ApiClient Client { get; private set; } = null!;

    /// <summary>The database that it works with.</summary>
    public string Postgres => _variables.GetValueOrDefault(EmbeddedServices.PostgresVariable) ?? _services.Postgres;

    /// <summary>The node that it works with.</summary>
    public Uri Node => _variables.GetValueOrDefault(EmbeddedServices.LedgerVariable) is { } running ? new Uri(running) : _services.Node;

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <param name="logFile">Gets all that the process writes, of every start.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <param name="killAt">A point to die at.</param>
    public static async Task<ApiProcess> StartAsync(string dataFolder, string logFile, IReadOnlyDictionary<string, string>? variables = null, string? killAt = null)
    {
        EmbeddedPrograms.SkipWhenMissing();
        var api = new ApiProcess(dataFolder, logFile, variables ?? new Dictionary<string, string>());
        await api.StartAsync(killAt);
        return api;
    }

    /// <summary>What a process needs in its environment to work with services that outlive it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OnAsync(PostgresFixture postgres, EvmNodeFixture node, string database) => new Dictionary<string, string>
    {
        [EmbeddedServices.PostgresVariable] = await postgres.CreateDatabaseAsync(database),
        [EmbeddedServices.LedgerVariable] = node.RpcUrl.ToString(),
    };

    /// <summary>Starts it with a point to die at; false when it passed that point before it was ready.</summary>
    public async Task<bool> TryStartAsync(string killAt)
    {
        try
        {
            await StartAsync(killAt);
            return true;
        }
        catch (InvalidOperationException)
        {
            await _process.DiedAsync();
            return false;
        }
    }

    /// <summary>Waits until it died at the point that it was started with.</summary>
    public async Task EndedAsync()
    {
        await _process.DiedAsync();
        Client.Dispose();
    }

    public async Task StartAsync(string? killAt = null)
    {
        var began = Stopwatch.GetTimestamp();
        _process = HostProcess.Start("Hrms.Api.dll", ["--data", _dataFolder, "--urls", "http://127.0.0.1:0"], "HRMS ready: ", _logFile,
        [
            (EmbeddedServices.PostgresVariable, null), (EmbeddedServices.LedgerVariable, null), .. _variables.Select(variable => (variable.Key, (string?)variable.Value)),
            ("HRMS_KILL_AT", killAt ?? ""),
        ]);
        var url = await _process.ReadyAsync();
        StartTook = Stopwatch.GetElapsedTime(began);
        Client = new ApiClient(url, new DevelopmentIssuer(_dataFolder));
    }

    /// <summary>Stops it as it stands, or lets it go on as if nothing had happened: <c>STOP</c>, <c>CONT</c>.</summary>
    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    /// <summary>kill -9 of the API alone; returns when it is gone. Its PostgreSQL and its node then stop by themselves.</summary>
    public async Task KillAsync()
    {
        await _process.KillAsync();
        Client.Dispose();
    }

    /// <summary>kill -9 of the node, the API and PostgreSQL: nothing of what they had not written out is left.</summary>
    public async Task KillAllAsync()
    {
        KillService("ledger");
        _process.BeginKill();
        KillService("postgres");
        await KillAsync();
    }

    /// <summary>Asks it to stop, as Ctrl-C and a service manager do, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        var exitCode = await _process.StopAsync();
        Client.Dispose();
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Client?.Dispose();
        await _services.EndedAsync();
    }

    private void KillService(string folder)
    {
        using var service = Process.GetProcessById(_services.ProcessId(folder));
        service.Kill();
    }
}

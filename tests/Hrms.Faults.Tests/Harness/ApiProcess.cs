using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hrms.Api.Auth;
using Hrms.Embedded;

namespace Hrms.Faults.Tests.Harness;

/// <summary>The API's program in a process of its own, on a data folder that outlives it: started, killed, started again.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string ReadyWords = "HRMS ready: ";
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly string _dataFolder;
    private readonly string _logFile;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly PrivateServices _services;
    private Process _process = null!;
    private Task _output = Task.CompletedTask;

    private ApiProcess(string dataFolder, string logFile, IReadOnlyDictionary<string, string> variables) =>
        (_dataFolder, _logFile, _variables, _services) = (dataFolder, logFile, variables, new PrivateServices(dataFolder));

    public ApiClient Client { get; private set; } = null!;

    /// <summary>The database that it works with.</summary>
    public string Postgres => _variables.GetValueOrDefault(EmbeddedServices.PostgresVariable) ?? _services.Postgres;

    /// <summary>The node that it works with.</summary>
    public Uri Node => _variables.GetValueOrDefault(EmbeddedServices.LedgerVariable) is { } running ? new Uri(running) : _services.Node;

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>What the first start took, before any fault.</summary>
    public TimeSpan FirstStartTook { get; private set; }

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
            await DiedAsync();
            return false;
        }
    }

    /// <summary>Waits until it died at the point that it was started with.</summary>
    public async Task EndedAsync()
    {
        await DiedAsync();
        Client.Dispose();
    }

    public async Task StartAsync(string? killAt = null)
    {
        var began = Stopwatch.GetTimestamp();
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Hrms.Api.dll"), "--data", _dataFolder, "--urls", "http://127.0.0.1:0"];
        var start = new ProcessStartInfo(Dotnet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Remove(EmbeddedServices.PostgresVariable);
        start.Environment.Remove(EmbeddedServices.LedgerVariable);
        foreach (var (name, value) in _variables)
            start.Environment[name] = value;
        start.Environment["HRMS_KILL_AT"] = killAt ?? "";
        _process = Process.Start(start)!;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _output = KeepAsync(_process, ready);
        Uri url;
        try
        {
            url = await ready.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: false);
            throw;
        }
        StartTook = Stopwatch.GetElapsedTime(began);
        if (FirstStartTook == default)
            FirstStartTook = StartTook;
        Client = new ApiClient(url, new DevelopmentIssuer(_dataFolder));
    }

    /// <summary>Stops it as it stands, or lets it go on as if nothing had happened: <c>STOP</c>, <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>kill -9 of the API alone; returns when it is gone. Its PostgreSQL and its node then stop by themselves.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
        Client.Dispose();
    }

    /// <summary>kill -9 of the node, the API and PostgreSQL: nothing of what they had not written out is left.</summary>
    public async Task KillAllAsync()
    {
        KillService("ledger");
        _process.Kill(entireProcessTree: false);
        KillService("postgres");
        await KillAsync();
    }

    /// <summary>Asks it to stop, as Ctrl-C and a service manager do, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
        Client.Dispose();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
        await _services.EndedAsync();
    }

    private static string Dotnet => Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    private void KillService(string folder)
    {
        using var service = Process.GetProcessById(_services.ProcessId(folder));
        service.Kill();
    }

    private async Task DiedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
        Assert.True(_process.ExitCode == Killed, $"It ended with {_process.ExitCode} instead of being killed: {_logFile} has what it wrote.");
    }

    private async Task KeepAsync(Process process, TaskCompletionSource<Uri> ready)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(_logFile, append: true));
        await Task.WhenAll(KeepAsync(process.StandardOutput, log, ready), KeepAsync(process.StandardError, log, ready));
        ready.TrySetException(new InvalidOperationException($"The API ended before it was ready: {_logFile} has what it wrote."));
    }

    private static async Task KeepAsync(StreamReader output, TextWriter log, TaskCompletionSource<Uri> ready)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (line.StartsWith(ReadyWords, StringComparison.Ordinal))
                ready.TrySetResult(new Uri(line[ReadyWords.Length..]));
        }
    }
}

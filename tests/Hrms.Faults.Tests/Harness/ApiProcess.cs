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
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _dataFolder;
    private readonly string _logFile;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private Process _process = null!;
    private Task _output = Task.CompletedTask;

    private ApiProcess(string dataFolder, string logFile, IReadOnlyDictionary<string, string> variables) =>
        (_dataFolder, _logFile, _variables) = (dataFolder, logFile, variables);

    public ApiClient Client { get; private set; } = null!;

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <param name="logFile">Gets all that the process writes, of every start.</param>
    /// <param name="variables">Added to its environment.</param>
    public static async Task<ApiProcess> StartAsync(string dataFolder, string logFile, IReadOnlyDictionary<string, string>? variables = null)
    {
        EmbeddedPrograms.SkipWhenMissing();
        var api = new ApiProcess(dataFolder, logFile, variables ?? new Dictionary<string, string>());
        await api.StartAsync();
        return api;
    }

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
            await _process.WaitForExitAsync().WaitAsync(Limit);
            return false;
        }
    }

    /// <summary>Waits until it ended by itself.</summary>
    public async Task EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
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
        var url = await ready.Task.WaitAsync(Limit);
        StartTook = Stopwatch.GetElapsedTime(began);
        Client = new ApiClient(url, new DevelopmentIssuer(_dataFolder));
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
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
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
        // The services write their data out after their owner is gone; the folder can be removed when they have ended.
        await (await EmbeddedServices.StartAsync(_dataFolder)).DisposeAsync();
    }

    private static string Dotnet => Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    private void KillService(string folder)
    {
        var id = int.Parse(File.ReadLines(Path.Combine(_dataFolder, folder, "service.pid")).First().Split(' ')[0], CultureInfo.InvariantCulture);
        using var service = Process.GetProcessById(id);
        service.Kill();
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

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A program of the product in a process of its own: a silo, the API in front of silos, or everything in one. What it writes goes to a log file; its traces and metrics to the watch.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5), SaysLimit = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Process _process;
    private readonly string _logFile;
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;

    private HostProcess(Process process, string ready, string logFile)
    {
        (_process, _logFile) = (process, logFile);
        _output = KeepAsync(ready);
    }

    /// <param name="program">Its file, beside this test's.</param>
    /// <param name="ready">What the program writes before its address when it is ready.</param>
    /// <param name="variables">For its environment; null takes one away.</param>
    /// <param name="enter">A command that runs the program somewhere else, in its own place: <c>ip netns exec name</c>.</param>
    public static HostProcess Start(
        string program, IEnumerable<string> arguments, string ready, string logFile, IEnumerable<(string Name, string? Value)> variables, IReadOnlyList<string>? enter = null)
    {
        // The dotnet that runs this test.
        var dotnet = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());
        string[] command = [.. enter ?? [], dotnet, Path.Combine(AppContext.BaseDirectory, program), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        // It lives for seconds: what the runtime measures to make code faster later costs its start, and comes too late.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in PrivacyWatch.Variables)
            start.Environment[name] = value;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!, ready, logFile);
    }

    /// <summary>Its address, once it is ready.</summary>
    public Uri Url => _url.Task.Result;

    public bool HasExited => _process.HasExited;

    /// <summary>Its address, when it said that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<Uri> ReadyAsync()
    {
        try
        {
            return await _url.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: false);
            await _output;
            throw new TimeoutException($"The program is not ready after {Limit}. {LogTail()}");
        }
    }

    /// <summary>For messages: the last lines that it wrote.</summary>
    private string LogTail() => $"Its log {_logFile} ends with: {string.Join(" | ", LinesOf(_logFile).TakeLast(12))}";

    /// <summary>What a log has so far, though its program writes on.</summary>
    public static IReadOnlyList<string> LinesOf(string logFile)
    {
        using var log = new StreamReader(new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Split('\n');
    }

    /// <summary>What it says of itself at <c>/health/ready</c>; 0 when it says nothing.</summary>
    public async Task<int> ReadyStatusAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Url, "/health/ready"));
            return (int)answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }

    /// <summary>What a silo tells operators.</summary>
    public Task<string> MetricsAsync() => Http.GetStringAsync(new Uri(Url, "/metrics"));

    /// <summary>Whether a lane's writer lives in this silo.</summary>
    public async Task<bool> HoldsLaneAsync(int lane)
    {
        var metrics = await MetricsAsync();
        return metrics.Split('\n').Any(line => line.StartsWith("hrms_ledger_lane_state", StringComparison.Ordinal) && line.Contains($"lane=\"{lane}\"", StringComparison.Ordinal));
    }

    /// <summary>Waits until it says so, and tells how long that took.</summary>
    public async Task<TimeSpan> SaysAsync(int status)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(100)))
        {
            var said = await ReadyStatusAsync();
            if (said == status)
                return Stopwatch.GetElapsedTime(began);
            Assert.True(Stopwatch.GetElapsedTime(began) < SaysLimit, $"/health/ready says {said}, not {status}, after {SaysLimit}.");
        }
    }

    /// <summary>Stops it as it stands, or lets it go on as if nothing had happened: <c>STOP</c>, <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>kill -9 of the program alone; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await EndedAsync();
    }

    /// <summary>kill -9 without waiting for its end.</summary>
    public void BeginKill() => _process.Kill(entireProcessTree: false);

    /// <summary>Asks it to stop, as Ctrl-C and a service manager do, if it has not ended by itself, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
            await SignalAsync("TERM");
        await EndedAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits until it was killed, by whoever.</summary>
    public async Task DiedAsync()
    {
        await EndedAsync();
        Assert.True(_process.ExitCode == Killed, $"It ended with {_process.ExitCode} instead of being killed: {_logFile} has what it wrote.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
    }

    /// <summary>Waits until it has ended, in whatever way.</summary>
    public async Task EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
    }

    private async Task KeepAsync(string ready)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(_logFile, append: true) { AutoFlush = true });
        await Task.WhenAll(KeepAsync(_process.StandardOutput, log, ready), KeepAsync(_process.StandardError, log, ready));
        _url.TrySetException(new InvalidOperationException($"The program ended before it was ready. {LogTail()}"));
    }

    private async Task KeepAsync(StreamReader output, TextWriter log, string ready)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (line.StartsWith(ready, StringComparison.Ordinal))
                _url.TrySetResult(new Uri(line[ready.Length..]));
        }
    }
}

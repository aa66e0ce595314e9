using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A program of the product in a process of its own: a silo, or the API in front of silos.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task _output;

    private HostProcess(Process process, Uri url, Task output) => (_process, Url, _output) = (process, url, output);

    public Uri Url { get; }

    /// <summary>The dotnet that runs this test.</summary>
    public static string Dotnet => Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    /// <param name="ready">What the program writes before its address when it is ready.</param>
    public static async Task<HostProcess> StartAsync(string program, IEnumerable<string> arguments, string ready, string logFile, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(Dotnet, [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var url = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = KeepAsync(process, ready, logFile, url);
        return new HostProcess(process, await url.Task.WaitAsync(Limit), output);
    }

    /// <summary>kill -9; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>Asks it to stop, as a service manager does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await EndedAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
    }

    private static async Task KeepAsync(Process process, string ready, string logFile, TaskCompletionSource<Uri> url)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true));
        await Task.WhenAll(KeepAsync(process.StandardOutput), KeepAsync(process.StandardError));
        url.TrySetException(new InvalidOperationException($"The program ended before it was ready: {logFile} has what it wrote."));

        async Task KeepAsync(StreamReader output)
        {
            while (await output.ReadLineAsync() is { } line)
            {
                await log.WriteLineAsync(line);
                if (line.StartsWith(ready, StringComparison.Ordinal))
                    url.TrySetResult(new Uri(line[ready.Length..]));
            }
        }
    }
}

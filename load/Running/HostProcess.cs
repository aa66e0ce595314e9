using System.Diagnostics;
using System.Globalization;
using Hrms.Api.Hosting;

namespace Hrms.Load.Running;

/// <summary>The embedded host as a process of its own, as <c>dotnet run --project api</c> makes it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Ready = "HRMS ready: ";
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private HostProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public int ProcessId => _process.Id;

    /// <param name="progress">Gets every line that the host prints, its log included.</param>
    public static async Task<HostProcess> StartAsync(string dataFolder, Action<string> progress, CancellationToken stop, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet",
            [typeof(EmbeddedHost).Assembly.Location, "--data", dataFolder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // Few parties ask for much more than people do: what is measured is the system, not its budgets.
        start.Environment["Hrms__Budget__CostPerMinute"] = "1000000000";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            progress(line.Data);
            if (line.Data.StartsWith(Ready, StringComparison.Ordinal))
                ready.TrySetResult(new Uri(line.Data[Ready.Length..]));
        };
        process.ErrorDataReceived += (_, line) => progress(line.Data ?? "");
        process.Exited += (_, _) => ready.TrySetException(new LoadFaultException("The system ended before it was ready; its lines above say why."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new HostProcess(process, await ready.Task.WaitAsync(TimeSpan.FromMinutes(2), stop));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}

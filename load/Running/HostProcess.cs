using System.Diagnostics;
using System.Globalization;

namespace Hrms.Load.Running;

/// <summary>A program of the product as a process of its own: everything in one as <c>dotnet run --project api</c> makes it, a silo, or the API in front of silos.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>All people of a scenario come from one address: what keeps guesses few there must not be what is measured.</summary>
    public const string TriesVariable = "Hrms__Identity__TriesPerMinute", Tries = "1000000", AnonymousCostVariable = "Hrms__Budget__AnonymousCostPerMinute", Cost = "1000000000";

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>Silo and API as they are installed, which a Release build publishes beside this program; otherwise as they were built.</summary>
    private static readonly string Programs = Directory.Exists(Beside("programs")) ? Beside("programs") : AppContext.BaseDirectory;

    private readonly Process _process;

    private HostProcess(Process process, Uri url) => (_process, Url, ProcessId) = (process, url, process.Id);

    public Uri Url { get; }

    public int ProcessId { get; }

    /// <param name="progress">Gets every line that the host prints, its log included.</param>
    /// <param name="program">Another program that hosts the same system, with the settings of ours: its file, and its first words.</param>
    public static Task<HostProcess> EmbeddedAsync(
        string dataFolder, Action<string> progress, CancellationToken stop, IReadOnlyDictionary<string, string>? environment = null, params string[] program) =>
        StartAsync([.. program is [] ? [Program("Hrms.Api.dll")] : AsOurs(program), "--data", dataFolder, "--urls", "http://127.0.0.1:0"],
            "HRMS ready: ", new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { [TriesVariable] = Tries }, progress, stop);

    public static Task<HostProcess> SiloAsync(IReadOnlyDictionary<string, string> environment, Action<string> progress, CancellationToken stop) =>
        StartAsync([Program("Hrms.Silo.dll")], "HRMS silo ready: ", environment, progress, stop);

    public static Task<HostProcess> ApiAsync(IReadOnlyDictionary<string, string> environment, Action<string> progress, CancellationToken stop) =>
        StartAsync([Program("Hrms.Api.dll"), "serve", "--urls", "http://127.0.0.1:0"], "HRMS ready: ", environment, progress, stop);

    /// <summary>kill -9; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else if (!_process.HasExited)
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

    private static async Task<HostProcess> StartAsync(
        IEnumerable<string> command, string readyLine, IReadOnlyDictionary<string, string> environment, Action<string> progress, CancellationToken stop)
    {
        var dotnet = Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
        var start = new ProcessStartInfo(dotnet, command) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Few parties ask for much more than people do: what is measured is the system, not its budgets.
        start.Environment["Hrms__Budget__CostPerMinute"] = start.Environment[AnonymousCostVariable] = Cost;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            progress(line.Data);
            if (line.Data.StartsWith(readyLine, StringComparison.Ordinal))
                ready.TrySetResult(new Uri(line.Data[readyLine.Length..]));
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

    /// <summary>With the garbage collector and the frameworks that the API's own process has: what is compared with it must not differ in these.</summary>
    private static IEnumerable<string> AsOurs(IEnumerable<string> program) => ["exec", "--runtimeconfig", Program("Hrms.Api.runtimeconfig.json"), .. program];

    private static string Program(string file) => Path.Combine(Programs, file);

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}

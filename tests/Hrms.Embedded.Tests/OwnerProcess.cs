using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hrms.Embedded.Tests;

/// <summary>What a running owner says of its services.</summary>
internal sealed record OwnedServices(
    int[] Processes, string PostgresConnectionString, Uri[] LedgerRpcUrls, bool IsPostgresEmbedded, bool IsLedgerEmbedded);

/// <summary>The program <c>Hrms.Embedded.Owner</c>, running: an owner in a process of its own.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private OwnerProcess(Process process, OwnedServices services) => (_process, Services) = (process, services);

    public OwnedServices Services { get; }

    public static string Dotnet => Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    /// <param name="dataFolder">Its data folder.</param>
    /// <param name="prefix">What goes before the command, to run it as another user.</param>
    /// <param name="variables">Added to the environment.</param>
    public static async Task<OwnerProcess> StartAsync(
        string dataFolder, string[]? prefix = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        string[] command = [.. prefix ?? [], Dotnet, Path.Combine(AppContext.BaseDirectory, "Hrms.Embedded.Owner.dll"), dataFolder];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment.Remove(EmbeddedServices.PostgresVariable);
        start.Environment.Remove(EmbeddedServices.LedgerVariable);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        if (line is null)
            Assert.Fail($"The owner ended before its services were ready: {await errors}");
        return new OwnerProcess(process, JsonSerializer.Deserialize<OwnedServices>(line)!);
    }

    /// <summary>kill -9 of the owner alone; waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    /// <summary>Waits until every service process has ended by itself; fails after a minute.</summary>
    public async Task ServicesEndAsync()
    {
        foreach (var id in Services.Processes)
        {
            try
            {
                using var service = Process.GetProcessById(id);
                await service.WaitForExitAsync().WaitAsync(Limit);
            }
            catch (ArgumentException)
            {
                // Already gone.
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

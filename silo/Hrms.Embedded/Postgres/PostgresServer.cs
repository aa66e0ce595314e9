using System.Globalization;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded.Postgres;

/// <summary>Starts the server process and waits until it takes connections.</summary>
internal sealed class PostgresServer(EmbeddedPostgresOptions options, PostgresCluster cluster)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The server's own pid file; its eighth line is its state, which pg_ctl waits for too.</summary>
    private string StateFile => Path.Combine(cluster.DataDirectory, "postmaster.pid");

    public async Task WaitForLeftoverAsync(CancellationToken ct)
    {
        await LeftoverProcess.WaitAsync(Path.Combine(options.Folder, "service.pid"), cluster.DataDirectory, options.Time, ct);
        await LeftoverProcess.WaitAsync(StateFile, cluster.DataDirectory, options.Time, ct);
        // A killed server leaves the file. When its process id now belongs to somebody else's process, the new server would
        // take that for its former self and refuse to start.
        if (LeftoverProcess.IsReused(StateFile))
            File.Delete(StateFile);
    }

    /// <summary>Null when another process took the port first and this was not the last try.</summary>
    public async Task<ServiceProcess?> TryStartAsync(int port, bool lastTry, CancellationToken ct)
    {
        var began = options.Time.GetTimestamp();
        while (true)
        {
            var process = await RunAsync(port, ct);
            if (await IsReadyOrStopAsync(process, began, ct))
                return process;
            var tail = process.LogTail();
            if (!lastTry && tail.Contains("could not bind", StringComparison.Ordinal))
                return null;
            // Sessions of a server that was killed notice it in a moment; until then their shared memory guards the data.
            if (!tail.Contains("still in use", StringComparison.Ordinal) || IsLate(began))
                throw new EmbeddedServiceException($"PostgreSQL ended while it started. {tail}");
            await Task.Delay(PollInterval, options.Time, ct);
        }
    }

    private Task<ServiceProcess> RunAsync(int port, CancellationToken ct) => ServiceProcess.StartAsync(
        new ServiceCommand
        {
            Name = "PostgreSQL",
            Folder = options.Folder,
            CommandLine = cluster.ServerCommand(port, options.Settings),
            StopSignal = "INT",                                 // "fast": ends sessions, writes a checkpoint
        },
        ct);

    /// <summary>False when the server ended instead.</summary>
    private async Task<bool> IsReadyOrStopAsync(ServiceProcess process, long began, CancellationToken ct)
    {
        try
        {
            while (!process.Exited.IsCompleted)
            {
                if (SaysReady(process.ProcessId))
                    return true;
                if (IsLate(began))
                    throw new EmbeddedServiceException(
                        $"PostgreSQL did not become ready in {options.StartPatience.TotalSeconds:0} s. {process.LogTail()}");
                await Task.Delay(PollInterval, options.Time, ct);
            }
            return false;
        }
        catch
        {
            await process.StopAsync(options.Time);
            throw;
        }
    }

    private bool IsLate(long began) => options.Time.GetElapsedTime(began) > options.StartPatience;

    private bool SaysReady(int processId)
    {
        try
        {
            var lines = File.ReadAllLines(StateFile);
            return lines.Length >= 8 && lines[0] == processId.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() == "ready";
        }
        catch (Exception notYet) when (notYet is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}

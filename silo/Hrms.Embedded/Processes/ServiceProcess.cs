using System.Diagnostics;
using System.Globalization;

namespace Hrms.Embedded.Processes;

/// <summary>
/// One running service below its watchdog (<c>watchdog.sh</c>): a shell that holds the service as its child and reads a
/// pipe from us. The kernel closes that pipe however we end, so the service never outlives its owner and still stops
/// cleanly. The watchdog leads its own session: Ctrl-C in a terminal reaches the owner alone, which stops things in order.
/// </summary>
internal sealed class ServiceProcess
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);
    private static readonly string Watchdog = ReadWatchdog();
    private readonly ServiceCommand _command;
    private readonly Process _watchdog;

    private ServiceProcess(ServiceCommand command, Process watchdog, int processId)
    {
        _command = command;
        _watchdog = watchdog;
        ProcessId = processId;
        Exited = watchdog.WaitForExitAsync();
    }

    public int ProcessId { get; }

    /// <summary>Completes when the service has ended and its data are written, for whatever reason.</summary>
    public Task Exited { get; }

    public static async Task<ServiceProcess> StartAsync(ServiceCommand command, CancellationToken ct)
    {
        var (left, kept) = command.KeptFile ?? ("", "");
        string[] watchdog =
        [
            "/bin/sh", "-c", Watchdog, "hrms-watchdog", command.LogFile, command.PidFile, command.StopSignal,
            command.StopGraceSeconds.ToString(CultureInfo.InvariantCulture), left, kept,
        ];
        string[] all = [.. OwnSession, .. watchdog, .. command.CommandLine];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = command.Folder };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);                     // PGPORT and the like would change our server's settings

        if (File.Exists(command.LogFile))
            File.Move(command.LogFile, command.LogFile + ".1", overwrite: true);
        var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(ct);
            return int.TryParse(line, CultureInfo.InvariantCulture, out var id)
                ? new ServiceProcess(command, process, id)
                : throw new EmbeddedServiceException($"{command.Name} could not be run. {LogTail(command)}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Stops cleanly; a service that does not end in a minute is killed.</summary>
    public async Task StopAsync(TimeProvider time)
    {
        _watchdog.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(StopPatience, time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>kill -9 of the service itself: what a power cut or the out-of-memory killer does.</summary>
    public async Task KillAsync()
    {
        if (!Exited.IsCompleted)
        {
            try
            {
                using var service = Process.GetProcessById(ProcessId);
                service.Kill();
            }
            catch (ArgumentException)
            {
                // It ended by itself in this moment.
            }
        }
        await Exited;
    }

    /// <summary>For messages: the last lines that the service wrote and where the rest is.</summary>
    public string LogTail() => LogTail(_command);

    private static string LogTail(ServiceCommand command)
    {
        var lines = File.Exists(command.LogFile) ? File.ReadAllLines(command.LogFile) : [];
        return $"Its log {command.LogFile} ends with: {string.Join(" | ", lines.TakeLast(5))}";
    }

    /// <summary>macOS has no setsid program, but always perl.</summary>
    private static string[] OwnSession => OperatingSystem.IsMacOS() ? ["perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV", "--"] : ["setsid"];

    private static string ReadWatchdog()
    {
        using var reader = new StreamReader(typeof(ServiceProcess).Assembly.GetManifestResourceStream("watchdog.sh")!);
        return reader.ReadToEnd();
    }
}

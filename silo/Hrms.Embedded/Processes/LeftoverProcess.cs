using System.Diagnostics;
using System.Globalization;

namespace Hrms.Embedded.Processes;

/// <summary>
/// A service whose owner was killed stops by itself, but writes its data for a moment longer. The next owner waits for
/// that. Process ids are used again by the system, so a pid file alone proves nothing: the process must be ours.
/// </summary>
internal static class LeftoverProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <param name="pidFile">Holds the process id in its first line, and may hold its watchdog's in the second; may be absent.</param>
    /// <param name="mark">A part of the service's command line that no other process has: the folder of its data.</param>
    public static async Task WaitAsync(string pidFile, string mark, TimeProvider time, CancellationToken ct)
    {
        if (Find(pidFile, mark) is { } service)
            await WaitAsync(service, mark, time, ct);
        // The watchdog still gives the data their lasting name, then removes the file. Asked again and again, since one that ended may stay uncollected.
        var began = time.GetTimestamp();
        while (Find(pidFile, mark, line: 1) is { } watchdog)
        {
            using (watchdog)
                if (time.GetElapsedTime(began) > Patience)
                    throw new EmbeddedServiceException(StillThere(watchdog, mark));
            await Task.Delay(PollInterval, time, ct);
        }
    }

    private static async Task WaitAsync(Process leftover, string mark, TimeProvider time, CancellationToken ct)
    {
        using (leftover)
        using (var limit = new CancellationTokenSource(Patience, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct))
        {
            try
            {
                await leftover.WaitForExitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new EmbeddedServiceException(StillThere(leftover, mark));
            }
        }
    }

    private static string StillThere(Process leftover, string mark) =>
        $"Process {leftover.Id} of an earlier run still uses {mark} after {Patience.TotalSeconds:0} s. Stop it with: kill {leftover.Id}";

    /// <summary>The live process that a line of the file names, or null when there is none or it is not ours.</summary>
    public static Process? Find(string pidFile, string mark, int line = 0)
    {
        if (Named(pidFile, line) is not { } process)
            return null;
        try
        {
            if (CommandLine(process).Contains(mark, StringComparison.Ordinal))
                return process;
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            // It ended while we looked.
        }
        process.Dispose();
        return null;
    }

    /// <summary>True when the file names a live process: called when <see cref="Find"/> has said that it is not ours.</summary>
    public static bool IsReused(string pidFile)
    {
        using var process = Named(pidFile, line: 0);
        return process is not null;
    }

    private static Process? Named(string pidFile, int line)
    {
        if (Line(pidFile, line) is not { } text || !int.TryParse(text, CultureInfo.InvariantCulture, out var id))
            return null;
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Line(string pidFile, int line)
    {
        try
        {
            return File.Exists(pidFile) ? File.ReadLines(pidFile).ElementAtOrDefault(line) : null;
        }
        catch (FileNotFoundException)
        {
            return null;                                        // removed in this moment
        }
    }

    /// <summary>Empty for a process that has ended but was not collected by its parent yet.</summary>
    private static string CommandLine(Process process)
    {
        if (OperatingSystem.IsLinux())
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-ww", "-o", "command=", "-p", $"{process.Id}"]) { RedirectStandardOutput = true })!;
        return ps.StandardOutput.ReadToEnd();
    }
}

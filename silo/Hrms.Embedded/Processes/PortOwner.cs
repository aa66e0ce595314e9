using System.Globalization;

namespace Hrms.Embedded.Processes;

/// <summary>Whether it is our service that listens on a port, and not a stranger that was faster.</summary>
internal static class PortOwner
{
    /// <summary>The state "listening" in /proc/net/tcp (proc_net(5), TCP_LISTEN in the kernel's tcp_states.h).</summary>
    private const string Listening = "0A";

    /// <summary>True when the process listens on the IPv4 port; outside Linux always true.</summary>
    public static bool Is(int processId, int port)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var end = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[1].EndsWith(end, StringComparison.Ordinal) && columns[3] == Listening)
            .Select(columns => $"socket:[{columns[9]}]")
            .ToHashSet();
        return sockets.Count > 0 && OpenFiles(processId).Any(sockets.Contains);
    }

    private static IEnumerable<string> OpenFiles(int processId)
    {
        try
        {
            return [.. new DirectoryInfo($"/proc/{processId}/fd").EnumerateFileSystemInfos().Select(file => file.LinkTarget ?? "")];
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return [];                                          // the process has ended, or is ending
        }
    }
}

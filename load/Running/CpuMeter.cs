using System.Diagnostics;
using System.Globalization;

namespace Hrms.Load.Running;

/// <summary>CPU seconds used so far by the parts. Null: not a process of ours, or not Linux.</summary>
internal readonly record struct CpuSeconds(double? Api, double? Postgres, double Generator)
{
    public CpuSeconds Since(CpuSeconds earlier) => new(Api - earlier.Api, Postgres - earlier.Postgres, Generator - earlier.Generator);
}

/// <summary>Reads what each process has used from proc(5).</summary>
internal sealed class CpuMeter(int? api, int? postmaster)
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public CpuSeconds Read()
    {
        using var self = Process.GetCurrentProcess();
        return new(api is { } id ? Of(id) : null, postmaster is { } server ? OfServer(server) : null, self.TotalProcessorTime.TotalSeconds);
    }

    private static double? Of(int id) => Stat(id) is { } stat ? (stat.Own / TicksPerSecond) : null;

    /// <summary>The server, its sessions, and the sessions it has seen end.</summary>
    private static double? OfServer(int server)
    {
        if (Stat(server) is not { } own)
            return null;
        var ticks = own.Own + own.EndedChildren;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat && stat.Parent == server)
                ticks += stat.Own;
        }
        return ticks / TicksPerSecond;
    }

    private static (int Parent, double Own, double EndedChildren)? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name stands in brackets and may hold anything; fields are counted behind it, from the third.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double Field(int number) => double.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return ((int)Field(4), Field(14) + Field(15), Field(16) + Field(17));
        }
        catch (IOException)
        {
            return null;
        }
    }
}

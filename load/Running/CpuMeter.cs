using System.Globalization;

namespace Hrms.Load.Running;

/// <summary>
/// What each process has used of the CPU, from proc(5): on a machine that others use too it says more than the time a run took. Empty on other systems than Linux.
/// </summary>
/// <param name="hosts">The processes of API and silo that there are now; null: found as the one that started the server and its watchdog.</param>
/// <param name="postmaster">The database server; null when it is not ours to look at.</param>
internal sealed class CpuMeter(Func<IReadOnlyList<int>?> hosts, Func<int?> postmaster)
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private const int Init = 1;

    /// <summary>Seconds used so far by each part: this program (with what it ran, such as pgbench), API and silo, PostgreSQL with all its sessions, the ledger's node.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        var (all, server) = (All(), postmaster());
        Dictionary<string, double> used = [];
        if (all.TryGetValue(Environment.ProcessId, out var self))
            used["generator"] = self.Own + self.EndedChildren;
        if (server is { } id && all.TryGetValue(id, out var stat))
            used["PostgreSQL"] = stat.Own + stat.EndedChildren + all.Values.Where(session => session.Parent == id).Sum(session => session.Own);
        var owners = hosts() ?? (StarterOf(server, all) is { } found ? [found] : []);
        if (owners.Any(all.ContainsKey))
        {
            used["api and silo"] = owners.Sum(owner => all.GetValueOrDefault(owner)?.Own ?? 0);
            // Services stand below a watchdog each, whoever started them.
            used["node"] = all.Where(process => process.Key != server && !owners.Contains(process.Value.Parent) && all.GetValueOrDefault(process.Value.Parent)?.Parent is { } starter
                && (owners.Contains(starter) || starter == Environment.ProcessId)).Sum(process => process.Value.Own);
        }
        return used;
    }

    private static int? StarterOf(int? server, Dictionary<int, ProcessStat> all) =>
        server is { } id && all.GetValueOrDefault(id) is { } stat && all.GetValueOrDefault(stat.Parent) is { Parent: > Init and var starter } ? starter : null;

    /// <summary>Microseconds for each of so many steps, from two readings.</summary>
    public static IReadOnlyDictionary<string, double> PerStep(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, long steps) =>
        after.ToDictionary(part => part.Key, part => Math.Round((part.Value - before.GetValueOrDefault(part.Key)) * 1e6 / Math.Max(1, steps), 1));

    private static Dictionary<int, ProcessStat> All()
    {
        Dictionary<int, ProcessStat> all = [];
        if (!OperatingSystem.IsLinux())
            return all;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Of(id) is { } stat)
                all[id] = stat;
        }
        return all;
    }

    private static ProcessStat? Of(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name stands in brackets and may hold anything; fields are counted behind it, from the third.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double Field(int number) => double.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new ProcessStat((int)Field(4), (Field(14) + Field(15)) / TicksPerSecond, (Field(16) + Field(17)) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed record ProcessStat(int Parent, double Own, double EndedChildren);
}

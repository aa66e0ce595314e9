using System.Globalization;

namespace Hrms.Load.Running;

/// <summary>A process whose CPU is watched.</summary>
/// <param name="Part">What it is shown as; several of one part are added up.</param>
internal sealed record WatchedProcess(string Part, int Id);

/// <summary>
/// What each process has used of the CPU, from proc(5): on a machine that others use too it says more than the time a run took. Of whom nobody named nothing is counted. Empty on other systems than Linux.
/// </summary>
/// <param name="processes">Those that there are now. What one used that is gone stays counted as it was last read.</param>
internal sealed class CpuMeter(Func<IEnumerable<WatchedProcess>> processes)
{
    public const string Generator = "generator", Hosts = "api and silo", Api = "api", Silo = "silo", Postgres = "PostgreSQL", Node = "node";

    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private readonly Dictionary<(int Id, long Began), Seen> _seen = [];
    private readonly Lock _gate = new();

    /// <summary>Seconds used so far by each part: this program (with what it ran and did not name, such as pgbench), and each of the named; PostgreSQL with all its sessions.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        lock (_gate)
        {
            var all = All();
            Dictionary<string, double> used = [];
            if (!all.TryGetValue(Environment.ProcessId, out var self))
                return used;
            foreach (var (part, id) in processes())
            {
                if (id != Environment.ProcessId && all.TryGetValue(id, out var stat))
                    _seen.TryAdd((id, stat.Began), new Seen(part, IsOurs(stat, all)));
            }
            var ended = 0.0;
            foreach (var (process, seen) in _seen)
            {
                if (all.TryGetValue(process.Id, out var stat) && stat.Began == process.Began)
                    (seen.Waited, seen.Sessions) = (stat.Own + (seen.Part == Postgres ? stat.EndedChildren : 0), seen.Part == Postgres ? all.Values.Where(session => session.Parent == process.Id).Sum(session => session.Own) : 0);
                else if (seen.IsOurs)
                    // The kernel adds it to whoever waited for its end: to us, and it is counted already.
                    ended += seen.Waited;
            }
            used[Generator] = self.Own + self.EndedChildren - ended;
            foreach (var part in _seen.Values.GroupBy(seen => seen.Part))
                used[part.Key] = part.Sum(seen => seen.Waited + seen.Sessions);
            return used;
        }
    }

    /// <summary>Microseconds for each of so many steps, from two readings.</summary>
    public static IReadOnlyDictionary<string, double> PerStep(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, long steps) =>
        after.ToDictionary(part => part.Key, part => Math.Round((part.Value - before.GetValueOrDefault(part.Key)) * 1e6 / Math.Max(1, steps), 1));

    /// <summary>The process that started a service: services stand below a watchdog each. Null when it is gone, or can't be seen.</summary>
    public static int? StarterOf(int service) => Of(service) is { } stat && Of(stat.Parent) is { Parent: > 1 and var starter } ? starter : null;

    private static bool IsOurs(ProcessStat stat, Dictionary<int, ProcessStat> all) =>
        stat.Parent == Environment.ProcessId || all.GetValueOrDefault(stat.Parent)?.Parent == Environment.ProcessId;

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
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new ProcessStat((int)Field(4), (Field(14) + Field(15)) / TicksPerSecond, (Field(16) + Field(17)) / TicksPerSecond, Field(22));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Seen(string part, bool isOurs)
    {
        public string Part => part;

        /// <summary>Whether its parent, or its watchdog's, is this process.</summary>
        public bool IsOurs => isOurs;

        /// <summary>Seconds of what its parent is told of at its end.</summary>
        public double Waited { get; set; }

        /// <summary>Seconds of its sessions that still run.</summary>
        public double Sessions { get; set; }
    }

    /// <param name="Began">After the machine's start, in ticks: with the id it names one process, for ids come again.</param>
    private sealed record ProcessStat(int Parent, double Own, double EndedChildren, long Began);
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HdrHistogram;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>PostgreSQL's own pgbench: prepared one-row inserts, each its own transaction. Connecting is not in its figures.</summary>
internal sealed partial class PgBenchBaseline(NpgsqlConnectionStringBuilder database, int clients) : IBaseline
{
    /// <summary>Of so many transactions the latency is logged: all of them would cost the disk that is measured.</summary>
    private const double LatencySample = 0.02;

    public string Description => $"pgbench -n -M prepared -c {clients} -j 2, one-row insert";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static bool IsThere() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pgbench")));

    public async Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("hrms-load-pgbench-");
        try
        {
            var script = Path.Combine(folder.FullName, "insert.sql");
            await File.WriteAllTextAsync(script, string.Format(CultureInfo.InvariantCulture, OneRowCommits.Insert, ":client_id") + ";\n", stop);
            var output = await RunAsync(script, folder.FullName, during, stop);
            var count = long.Parse(Processed().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var perSecond = double.Parse(PerSecond().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return new Measurement("one-row commits", count, 0, count / perSecond, Latencies(folder), new Dictionary<string, double>(), Machine.LoadAverage(), []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<string> RunAsync(string script, string folder, TimeSpan during, CancellationToken stop)
    {
        var start = new ProcessStartInfo("pgbench",
            [
                "-n", "-M", "prepared", "-f", script, "-c", $"{clients}", "-j", "2", "-T", $"{Math.Ceiling(during.TotalSeconds)}",
                "-l", "--log-prefix", Path.Combine(folder, "log"), "--sampling-rate", LatencySample.ToString(CultureInfo.InvariantCulture),
                "-h", database.Host!, "-p", $"{database.Port}", "-U", database.Username!, database.Database!,
            ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = database.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? output : throw new LoadFaultException($"pgbench ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Lines of the log: client, transaction, latency in microseconds, ... (pgbench, per-transaction logging).</summary>
    private static Latency Latencies(DirectoryInfo folder)
    {
        var histogram = new LongHistogram(3_600_000_000, 3);
        foreach (var line in folder.EnumerateFiles("log*").SelectMany(file => File.ReadLines(file.FullName)))
            histogram.RecordValue(Math.Max(1, long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture)));
        return Latency.Of(histogram);
    }

    [GeneratedRegex(@"transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)")]
    private static partial Regex PerSecond();
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Embedded;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Goals;

/// <summary>The goals of one run next to their marks, with what they should be read with. As a table for the terminal, as a document, as JSON.</summary>
internal sealed record GoalReport(
    IReadOnlyList<GoalResult> Results, IReadOnlyList<Threshold> Checks, string Machine, string Processor, string Versions, string Commit, DateTimeOffset EndedAt, double? LoadAverage,
    GoalPlan Plan)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool Passed => Results.All(result => result.Reached) && Checks.All(check => check.Holds);

    /// <summary>0 when every goal is reached and all holds, 1 when not.</summary>
    [JsonIgnore]
    public int ExitCode => Passed ? RunGuard.Held : RunGuard.Missed;

    /// <param name="commit">As <see cref="CommitAsync"/> said it when the run began: what is committed meanwhile was not measured.</param>
    public static GoalReport Make(GoalPlan plan, string commit, string postgres, IReadOnlyList<GoalResult> results, IReadOnlyList<Threshold> checks) => new(
        results, checks, Measuring.Machine.Describe(), ProcessorName(), $"{postgres}, .NET {Environment.Version}", commit, DateTimeOffset.UtcNow, Measuring.Machine.LoadAverage(), plan);

    public static async Task<string> PostgresAsync(RunningSystem system, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(system.Database.ConnectionString);
        await connection.OpenAsync(stop);
        return $"PostgreSQL {connection.PostgreSqlVersion}";
    }

    /// <summary>The one that several processes are started with.</summary>
    public static async Task<string> EmbeddedPostgresAsync(CancellationToken stop) =>
        (await SaidAsync(EmbeddedBinaries.Postgres, ["--version"], stop))?.Replace("postgres (PostgreSQL)", "PostgreSQL", StringComparison.Ordinal) ?? "PostgreSQL of an unknown version";

    public void Write(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"{"",-8}{"median",12}  {"least – most",-24}{"reach",12}{"go for",12}  ");
        foreach (var (goal, result) in Results.Select(result => (result.Goal, result)))
            to.WriteLine($"{goal.Id,-8}{goal.Text(result.Median),12}  {result.Interval,-24}{goal.Mark(goal.Reach),12}{goal.Mark(goal.GoFor),12}  {result.Verdict,-8} {goal.What}");
        foreach (var check in Checks)
            to.WriteLine($"  {(check.Holds ? "ok    " : "FAILED")} {check.Name}: {check.Found}");
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append("""
            # Performance

            Written by `dotnet run --project load -c Release -- goals --markdown docs/performance.md`; not by hand. What each number means and how it is measured:
            [load/README.md](../load/README.md). `fsync` and `synchronous_commit` are on; database, node, system and load generator share the machine.

            | | what | median | least – most | reach | go for | |
            |---|---|---|---|---|---|---|

            """);
        foreach (var (goal, result) in Results.Select(result => (result.Goal, result)))
            text.AppendLine($"| {goal.Id} | {goal.What} | {goal.Text(result.Median)} | {result.Interval} | {goal.Mark(goal.Reach)} | {goal.Mark(goal.GoFor)} | {result.Verdict} |");
        text.AppendLine().AppendLine("Afterwards:").AppendLine();
        foreach (var check in Checks)
            text.AppendLine($"- {(check.Holds ? "ok" : "FAILED")}: {check.Name} ({check.Found})");
        text.AppendLine().AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"{EndedAt:yyyy-MM-dd HH:mm} UTC; {Processor}; {Machine}; {Versions}; commit {Commit}. {Plan.Clients} clients, {Plan.Patients} patients, {Plan.Repeats} repeats of {Plan.Duration.TotalSeconds:0} s after {Plan.Warmup.TotalSeconds:0} s of warm-up."));
        if (LoadAverage is { } load)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"The machine's load average at the end was {load:0.0} on {Environment.ProcessorCount} cores. Where others use the machine, too, a rate says less than the CPU of a step, which is among the raw figures."));
        text.AppendLine().AppendLine("## Raw figures");
        foreach (var result in Results)
        {
            text.AppendLine().AppendLine($"{result.Goal.Id} (`{result.Command}`):").AppendLine();
            foreach (var line in result.Raw)
                text.AppendLine($"- {line}");
        }
        return text.ToString();
    }

    public async Task WriteJsonAsync(FileInfo file, CancellationToken stop)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, this with { Plan = Plan with { Json = null, Markdown = null } }, Options, stop);
    }

    internal static string ProcessorName() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ", 2)[^1] ?? "unknown processor"
        : "unknown processor";

    /// <summary>What this was built from, as git says it; "unknown" outside a checkout.</summary>
    public static async Task<string> CommitAsync(CancellationToken stop) => await SaidAsync("git", ["describe", "--always", "--dirty", "--abbrev=12"], stop) ?? "unknown";

    private static async Task<string?> SaidAsync(string program, string[] words, CancellationToken stop)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == 0 ? said.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

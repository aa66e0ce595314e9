using System.CommandLine;
using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;
using Npgsql;

namespace Hrms.Load.Scale;

/// <param name="Repeats">Pairs of rounds, one without and one with everything of the audit behind the journal standing still.</param>
/// <param name="GrowthMax">How many hundredths the p95 of a read may grow by.</param>
internal sealed record AuditPlan(int Clients, int Patients, int Repeats, TimeSpan Duration, TimeSpan Warmup, double Rate, int GrowthMax, FileInfo? Markdown)
{
    public static Command Command()
    {
        var clients = LoadOptions.Positive("--clients", "Clients, each with one connection.", 32);
        var patients = LoadOptions.Positive("--patients", "Patients registered before the run.", 64);
        var repeats = LoadOptions.Positive("--repeats", "Pairs of rounds; the median ratio counts.", 5);
        var duration = LoadOptions.Positive("--duration", "Seconds of one round.", 10);
        var warmup = LoadOptions.Positive("--warmup", "Seconds that are run before and left out.", 30);
        var rate = LoadOptions.Positive("--rate", "Reads that become due in a second.", 200);
        var growth = LoadOptions.Positive("--growth", "The mark: how many hundredths the p95 of a read may grow by.", 10);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "A file that gets the report: docs/scale-audit.md is made so." };
        var command = new Command("audit", "Reads while everything of the audit that is not the journal stands still, next to reads while it works.")
        {
            clients, patients, repeats, duration, warmup, rate, growth, markdown,
        };
        command.SetAction((parsed, stop) => AuditRun.RunAsync(new AuditPlan(
            parsed.GetValue(clients), parsed.GetValue(patients), parsed.GetValue(repeats), TimeSpan.FromSeconds(parsed.GetValue(duration)), TimeSpan.FromSeconds(parsed.GetValue(warmup)), parsed.GetValue(rate),
            parsed.GetValue(growth), parsed.GetValue(markdown)), stop));
        return command;
    }

    public string Words() => string.Create(CultureInfo.InvariantCulture,
        $"audit --clients {Clients} --patients {Patients} --repeats {Repeats} --duration {Duration.TotalSeconds:0} --warmup {Warmup.TotalSeconds:0} --rate {Rate}{(Markdown is null ? "" : " --markdown docs/scale-audit.md")}");
}

/// <summary>
/// <c>audit</c>: an access line is durable before data leaves, so the journal is on the way of every read, and ADR 0019 says so. What must never be: settled lines with all who read them, and the ledger with all
/// that follows it. Here both stand still for whole rounds, which is slower than any store that answers.
/// </summary>
internal static class AuditRun
{
    public static Task<int> RunAsync(AuditPlan plan, CancellationToken stop) => ScaleRun.RunAsync(null, plan.Markdown, async (folder, line, commit) =>
    {
        await using var system = await RunningSystem.OpenAsync(null, folder, line.Say, stop);
        using var reads = new RecordReads(system, plan.Clients, plan.Patients);
        await reads.PrepareAsync(line.Say, stop);
        var runner = new ScenarioRunner(system.Cpu, line);
        await runner.RunAsync(reads, Round(plan, plan.Warmup), "reads: warm-up", stop);
        List<double> ratios = [];
        List<string> facts = [];
        var failed = 0L;
        for (var repeat = 1; repeat <= plan.Repeats; repeat++)
        {
            var usual = await runner.RunAsync(reads, Round(plan, plan.Duration), $"{repeat}: as usual", stop);
            Measurement still;
            await using (await StandingStillAsync(system, stop))
                still = await runner.RunAsync(reads, Round(plan, plan.Duration), $"{repeat}: audit stands still", stop);
            await LaneSwitch.ResumeAsync(system, stop);
            ratios.Add(still.Latency.P95 / usual.Latency.P95);
            failed += usual.Failed + still.Failed;
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"p95 of a read {usual.Latency.P95:0.00} ms as usual ({usual.Count} reads), {still.Latency.P95:0.00} ms while it stood still ({still.Count} reads): {ratios[^1]:0.000} times"));
            line.Say(facts[^1]);
        }
        var (ordered, most) = (ratios.Order().ToList(), 1 + (plan.GrowthMax / 100.0));
        var median = (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
        return new ScaleReport("Reads while the audit stands still", plan.Words(), commit, facts, [],
        [
            new Threshold(string.Create(CultureInfo.InvariantCulture, $"the p95 of a read stays below {most:0.00} times"), median < most, string.Create(CultureInfo.InvariantCulture, $"{median:0.000}, the median of {plan.Repeats}")),
            new Threshold("no read fails", failed == 0, $"{failed} failed"),
            .. await reads.CheckAsync(line.Say, stop),
        ]);
    }, stop);

    private static LoadSimulation Round(AuditPlan plan, TimeSpan during) => Inject.At(plan.Rate, plan.Clients, during);

    /// <summary>Nobody reads, writes or moves a settled line, and no lane anchors anything, until this is disposed. The transaction that stays open holds back all who follow the journal, too.</summary>
    private static async Task<IAsyncDisposable> StandingStillAsync(RunningSystem system, CancellationToken stop)
    {
        await LaneSwitch.PauseAsync(system, stop);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(system.Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("begin; select pg_current_xact_id(); lock table access_line, access_line_cursor in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync(stop);
        return connection;
    }
}

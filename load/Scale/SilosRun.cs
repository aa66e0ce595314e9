using System.CommandLine;
using System.Globalization;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Scale;

/// <param name="Most">1 silo, 2 silos, … up to so many.</param>
/// <param name="Apis">API processes in front of them, always as many.</param>
internal sealed record SilosPlan(int Most, int Apis, int Clients, int Patients, int Repeats, TimeSpan Duration, TimeSpan Warmup, FileInfo? Markdown)
{
    public static Command Command()
    {
        var most = LoadOptions.Positive("--most", "1 silo, 2 silos, … up to so many.", 3);
        var apis = LoadOptions.Positive("--apis", "API processes in front of them.", 1);
        var clients = LoadOptions.Positive("--clients", "Clients, each with one connection.", 128);
        var patients = LoadOptions.Positive("--patients", "Patients registered before each round.", 256);
        var repeats = LoadOptions.Positive("--repeats", "How often each number of silos is measured, in turns; the median counts.", 3);
        var duration = LoadOptions.Positive("--duration", "Seconds of one round.", 10);
        var warmup = LoadOptions.Positive("--warmup", "Seconds that are run before each and left out.", 20);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "A file that gets the report: docs/silos.md is made so." };
        var command = new Command("silos", "Consent changes by 1, 2 and 3 silos in turn, each a process of its own: throughput, and the CPU of a change by process.") { most, apis, clients, patients, repeats, duration, warmup, markdown };
        command.SetAction((parsed, stop) => SilosRun.RunAsync(new SilosPlan(
            parsed.GetValue(most), parsed.GetValue(apis), parsed.GetValue(clients), parsed.GetValue(patients), parsed.GetValue(repeats), TimeSpan.FromSeconds(parsed.GetValue(duration)),
            TimeSpan.FromSeconds(parsed.GetValue(warmup)), parsed.GetValue(markdown)), stop));
        return command;
    }

    public string Words() => string.Create(CultureInfo.InvariantCulture,
        $"silos --most {Most} --apis {Apis} --clients {Clients} --patients {Patients} --repeats {Repeats} --duration {Duration.TotalSeconds:0} --warmup {Warmup.TotalSeconds:0}{(Markdown is null ? "" : " --markdown docs/silos.md")}");
}

/// <summary>
/// <c>silos</c>: what a silo more brings. Where silos, database, node and generator share few cores, no throughput can grow; then the CPU of a change says what a silo more costs, and how much of a change silos can divide among
/// them. Each round has a system of its own: patients who are at one silo stay there when another comes.
/// </summary>
internal static class SilosRun
{
    public static Task<int> RunAsync(SilosPlan plan, CancellationToken stop) => ScaleRun.RunAsync(null, plan.Markdown, async (_, line, commit) =>
    {
        var rounds = Enumerable.Range(1, plan.Most).ToDictionary(silos => silos, _ => new List<Measurement>());
        List<Threshold> checks = [];
        for (var repeat = 1; repeat <= plan.Repeats; repeat++)
            foreach (var silos in rounds.Keys)
            {
                var (round, kept) = await RoundAsync(plan, silos, line, stop);
                line.Say($"{silos} silos, {repeat}: {ConsoleReport.Line(round)}");
                rounds[silos].Add(round);
                checks.AddRange(kept.Where(check => !check.Holds).Select(check => check with { Name = $"{silos} silos, {repeat}: {check.Name}" }));
            }
        return Report(plan, commit, rounds, checks);
    }, stop);

    /// <param name="failed">What did not hold after a round.</param>
    internal static ScaleReport Report(SilosPlan plan, string commit, IReadOnlyDictionary<int, List<Measurement>> rounds, IReadOnlyList<Threshold> failed)
    {
        var rate = new Goal("", "", 0, 0, Unit: "changes/s");
        var results = rounds.ToDictionary(of => of.Key, of => new GoalResult(rate, [.. of.Value.Select(round => Math.Round(round.PerSecond))], [], ""));
        List<string> facts =
        [
            .. results.Select(of => string.Create(CultureInfo.InvariantCulture,
                $"{of.Key} silo{(of.Key == 1 ? "" : "s")}: {rate.Text(of.Value.Median)} ({of.Value.Interval}), {of.Value.Median / results[1].Median:0.00} times those of one; CPU of a change: {Cpu(rounds[of.Key])}")),
        ];
        var grows = results.Values.Zip(results.Values.Skip(1)).All(pair => pair.Second.Median > pair.First.Median);
        List<Threshold> thresholds = [new("after each round all that was acknowledged is there and on the ledger", failed.Count == 0, $"{failed.Count} checks of {rounds.Values.Sum(of => of.Count)} rounds failed"), .. failed];
        // Silos, their API processes, database, node and generator: with fewer cores they take turns, and nothing can grow.
        var cores = plan.Most + plan.Apis + 3;
        if (Environment.ProcessorCount >= cores)
            thresholds.Add(new Threshold("throughput grows with each silo", grows, string.Join(", ", results.Values.Select(result => rate.Text(result.Median)))));
        else
            facts.Add($"Whether throughput grows is not judged here: the processes want {cores} cores, this machine has {Environment.ProcessorCount}, which they all share with the load generator. What is left to read is the CPU of a change");
        return new ScaleReport("One, two and more silos", plan.Words(), commit, facts,
            [.. rounds.Select(of => Figure.Of($"a change, {of.Key} silo{(of.Key == 1 ? "" : "s")}", CopyFigures.Sum(of.Value.Select(round => round.Micros!)), null))], thresholds);
    }

    private static async Task<(Measurement Round, IReadOnlyList<Threshold> Kept)> RoundAsync(SilosPlan plan, int silos, ProgressLine line, CancellationToken stop)
    {
        await using var cluster = await SiloCluster.StartAsync(silos, plan.Apis, line.Say, stop);
        using var changes = new ConsentChanges(cluster.System, plan.Clients, plan.Patients);
        await changes.PrepareAsync(line.Say, stop);
        var runner = new ScenarioRunner(cluster.System.Cpu, line);
        await runner.RunAsync(changes, new KeepConstant(plan.Clients, plan.Warmup), $"{silos} silos: warm-up", stop);
        var round = await runner.RunAsync(changes, new KeepConstant(plan.Clients, plan.Duration), $"{silos} silos", stop);
        return (round, [new Threshold("no change fails", round.Failed == 0, $"{round.Failed} failed{string.Concat(round.Failures.Take(1).Select(failure => $", such as: {failure}"))}"), .. await changes.CheckAsync(line.Say, stop)]);
    }

    /// <summary>The median of the rounds, by process.</summary>
    private static string Cpu(IReadOnlyList<Measurement> rounds)
    {
        var parts = rounds.SelectMany(round => round.CpuMicros.Keys).Distinct().Select(part => (Part: part, Micros: new GoalResult(new Goal("", "", 0, 0), [.. rounds.Select(round => round.CpuMicros.GetValueOrDefault(part))], [], "").Median)).ToList();
        return parts.Count == 0 ? "unknown on this system"
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Part} {part.Micros:0}")))}, together {parts.Sum(part => part.Micros):0} µs");
    }
}

using Hrms.Load.Baselines;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load;

/// <summary>One command from start to report: system up, scenario prepared, warmed up, rounds with the baseline's between them, checks, figures.</summary>
internal static class LoadRun
{
    /// <returns>The exit code: 0 when every threshold holds, 1 when one does not, 2 when the run could not be made.</returns>
    public static Task<int> RunAsync(LoadPlan plan, Func<RunningSystem, LoadPlan, Task<IBaseline>>? against, Func<RunningSystem, LoadPlan, IScenario> create, bool withRest, CancellationToken stop)
    {
        var line = new ProgressLine();
        if (!Machine.IsRelease)
            line.Say("This is a Debug build: its figures say nothing. Run with -c Release.");
        return RunGuard.RunAsync(line, stop, async () =>
        {
            await using var system = await RunningSystem.OpenAsync(plan.Target, withRest, line.Say, stop);
            using var scenario = create(system, plan);
            await scenario.PrepareAsync(line.Say, stop);
            var report = await MeasureAsync(system, scenario, plan, against, line, stop);
            await WriteAsync(report, plan, stop);
            return report.Passed ? RunGuard.Held : RunGuard.Missed;
        });
    }

    private static async Task WriteAsync(LoadReport report, LoadPlan plan, CancellationToken stop)
    {
        ConsoleReport.Write(report, Console.Out);
        if (plan.Html is { } page)
            await File.WriteAllTextAsync(page.FullName, HtmlReport.Of(report), stop);
        if (plan.JUnit is { } cases)
            JUnitReport.Write(report, cases);
        if (plan.Hgrm is { } folder)
            HgrmReport.Write(report, folder);
        if (plan.Json is { } file)
            await JsonReport.WriteAsync(report, file, stop);
    }

    private static async Task<LoadReport> MeasureAsync(
        RunningSystem system, IScenario scenario, LoadPlan plan, Func<RunningSystem, LoadPlan, Task<IBaseline>>? against, ProgressLine line,
        CancellationToken stop)
    {
        var runner = new ScenarioRunner(system.Cpu, line);
        // A throughput next to a baseline's means something only where neither is held back.
        await using var baseline = against is null || plan.Rate is not null || plan.Simulation is not null ? null : await against(system, plan);
        var warmup = await runner.RunAsync(scenario, plan.Steady(plan.Warmup), $"{scenario.Name}: warm-up", stop);
        List<Measurement> rounds = [], baselineRounds = [];
        for (var round = 1; round <= plan.Rounds; round++)
        {
            rounds.Add(await runner.RunAsync(scenario, plan.Round(), $"{scenario.Name}: round {round} of {plan.Rounds}", stop));
            line.Say($"{scenario.Name} {round}: {ConsoleReport.Line(rounds[^1])}");
            if (baseline is null)
                continue;
            baselineRounds.Add(await BaselineRoundAsync(baseline, system.Cpu, plan.Duration, line, stop));
            line.Say($"baseline {round}: {ConsoleReport.Line(baselineRounds[^1])}");
        }
        var failed = warmup.Failed + rounds.Sum(round => round.Failed);
        var all = new[] { warmup }.Concat(rounds);
        // Whoever says how many may fail has said it instead.
        var mayFail = plan.Marks.Any(mark => mark.Metric == "failed");
        var noFailure = new Threshold(mayFail ? "requests that failed are counted" : "no request fails", failed == 0 || mayFail, failed == 0 ? "0 failed" : $"{failed} failed, such as: {all.SelectMany(round => round.Failures).First()}");
        return new LoadReport(
            scenario.Name, scenario.Unit, plan.Clients, plan.Describe(), Machine.Describe(), DateTimeOffset.UtcNow, rounds, baseline?.Description, baselineRounds,
            [noFailure, .. plan.Marks.Select(mark => mark.Judge(rounds)), .. await scenario.CheckAsync(line.Say, stop)]);
    }

    /// <summary>One round of a baseline, with the CPU it took.</summary>
    internal static async Task<Measurement> BaselineRoundAsync(IBaseline baseline, CpuMeter cpu, TimeSpan during, ProgressLine line, CancellationToken stop)
    {
        var before = cpu.Read();
        var running = baseline.RunAsync(during, stop);
        await line.WatchAsync(running, () => $"baseline: {baseline.Description}");
        var measured = await running;
        return measured with { CpuMicros = CpuMeter.PerStep(before, cpu.Read(), measured.Count) };
    }
}

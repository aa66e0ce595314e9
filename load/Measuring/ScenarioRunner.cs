using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using HdrHistogram;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load.Measuring;

/// <summary>Lets copies of a scenario loose for a while and measures each step from before it is sent until its answer was checked.</summary>
internal sealed class ScenarioRunner(CpuMeter cpu, ProgressLine line)
{
    private const long LongestMicros = 3_600_000_000;
    private const int FailuresShown = 5;

    public async Task<Measurement> RunAsync(IScenario scenario, LoadSimulation simulation, string label, CancellationToken stop)
    {
        var copies = Enumerable.Range(0, simulation.Copies).Select(_ => new CopyFigures()).ToArray();
        var failures = new ConcurrentQueue<string>();
        var cpuBefore = cpu.Read();
        var began = Stopwatch.GetTimestamp();
        var running = Task.WhenAll(copies.Select((figures, copy) => Task.Run(() => LoopAsync(scenario, copy, figures, failures, began, simulation, stop), stop)));
        await line.WatchAsync(running, () => $"{label}  {Stopwatch.GetElapsedTime(began).TotalSeconds,4:0} s  "
            + $"{copies.Sum(c => Volatile.Read(ref c.Done)) / Stopwatch.GetElapsedTime(began).TotalSeconds,8:#,0} {scenario.Unit}/s  {copies.Sum(c => Volatile.Read(ref c.Failed))} failed");
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var cpuAfter = cpu.Read();
        var all = new LongHistogram(LongestMicros, 3);
        foreach (var figures in copies)
            all.Add(figures.Micros);
        if (simulation.Unsent > 0)
            failures.Enqueue($"{simulation.Unsent} steps were due and not sent: no client was free.");
        return new Measurement(
            scenario.Name, all.TotalCount, copies.Sum(c => c.Failed) + simulation.Unsent, seconds, Latency.Of(all), CpuMeter.PerStep(cpuBefore, cpuAfter, all.TotalCount),
            Machine.LoadAverage(), [.. failures]) { Micros = all };
    }

    private static async Task LoopAsync(
        IScenario scenario, int copy, CopyFigures figures, ConcurrentQueue<string> failures, long began, LoadSimulation simulation, CancellationToken stop)
    {
        while (await simulation.NextAsync(began, stop) is { } due)
        {
            try
            {
                await scenario.StepAsync(copy, stop);
                figures.Micros.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(due).TotalMicroseconds));
                figures.Done++;
            }
            catch (Exception fault) when (fault is RequestFailedException or IOException or SocketException)
            {
                figures.Failed++;
                if (failures.Count < FailuresShown)
                    failures.Enqueue(fault.Message);
                if (fault is not RequestFailedException)
                    return;                                     // its connection is gone
            }
        }
    }

    private sealed class CopyFigures
    {
        public readonly LongHistogram Micros = new(LongestMicros, 3);
        public long Done, Failed;
    }
}

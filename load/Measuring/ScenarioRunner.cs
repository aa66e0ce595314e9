using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load.Measuring;

/// <summary>Lets copies of a scenario loose for a while and measures each step from when it was due until its answer was checked.</summary>
internal sealed class ScenarioRunner(CpuMeter cpu, ProgressLine line)
{
    private const int FailuresShown = 5;
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(100);

    /// <param name="slice">How long the parts are that the measurement is cut in besides; null: it is not.</param>
    public async Task<Measurement> RunAsync(IScenario scenario, LoadSimulation simulation, string label, CancellationToken stop, TimeSpan? slice = null)
    {
        var copies = Enumerable.Range(0, simulation.Copies).Select(_ => new CopyFigures()).ToArray();
        var failures = new ConcurrentQueue<string>();
        if (scenario is IComposedScenario composed)
            composed.PartAnswered = (copy, part, took) => copies[copy].PartAnswered(part, took);
        var cpuBefore = cpu.Read();
        var began = Stopwatch.GetTimestamp();
        var slices = slice is { } each ? new Slices(each, cpu, began) : null;
        var running = Task.WhenAll(copies.Select((figures, copy) => Task.Run(() => LoopAsync(scenario, copy, figures, slices, failures, began, simulation, stop), stop)));
        var reading = slices?.ReadCpuAsync(running) ?? Task.CompletedTask;
        await line.WatchAsync(running, () => $"{label}  {Stopwatch.GetElapsedTime(began).TotalSeconds,4:0} s  "
            + $"{copies.Sum(c => Volatile.Read(ref c.Done)) / Stopwatch.GetElapsedTime(began).TotalSeconds,8:#,0} {scenario.Unit}/s  {copies.Sum(c => Volatile.Read(ref c.Failed))} failed");
        await reading;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var cpuAfter = cpu.Read();
        var steps = CopyFigures.Steps(copies);
        var all = CopyFigures.Sum(steps.Values);
        if (simulation.Unsent > 0)
            failures.Enqueue($"{simulation.Unsent} steps were due and not sent: no client was free.");
        return new Measurement(
            scenario.Name, all.TotalCount, copies.Sum(c => c.Failed) + simulation.Unsent, seconds, Latency.Of(all), CpuMeter.PerStep(cpuBefore, cpuAfter, all.TotalCount),
            Machine.LoadAverage(), [.. failures])
        {
            LastErrorAt = copies.Max(c => c.LastErrorAt), ErrorSeconds = CopyFigures.ErrorSeconds(copies), LongestWaitMillis = copies.Max(c => c.LongestWait).TotalMilliseconds,
            Micros = all, BySecond = CopyFigures.Seconds(copies), Slices = slices?.Cut(scenario.Name) ?? [],
            // Parts stand beside the steps that they are of, and are counted nowhere else.
            Steps = steps.Concat(CopyFigures.Parts(copies)).OrderBy(step => step.Key, StringComparer.Ordinal).ToDictionary(step => step.Key, step => new StepMeasurement(step.Value.TotalCount, Latency.Of(step.Value))),
        };
    }

    private static async Task LoopAsync(
        IScenario scenario, int copy, CopyFigures figures, Slices? slices, ConcurrentQueue<string> failures, long began, LoadSimulation simulation, CancellationToken stop)
    {
        while (await simulation.NextAsync(copy, began, stop) is { } due)
        {
            try
            {
                var step = await scenario.StepAsync(copy, stop);
                if (step == IScenario.TurnedAway)
                {
                    Refused(due, step);
                    continue;
                }
                var micros = figures.Answered(step, began, due);
                slices?.Answered(due, micros);
            }
            catch (Exception fault) when (fault is RequestFailedException or IOException or SocketException)
            {
                Refused(due, fault.Message);
                // Its connection is gone: whoever it led to is not there for a moment.
                if (fault is not RequestFailedException)
                    await Task.Delay(Reconnect, stop);
            }
        }

        void Refused(long due, string why)
        {
            figures.Refused(began, due);
            slices?.Refused(due);
            if (failures.Count < FailuresShown)
                failures.Enqueue(why);
        }
    }
}

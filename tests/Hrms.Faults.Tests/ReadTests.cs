using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hrms.Faults.Tests;

/// <summary>Who looked is written down before anything is shown, whenever the API dies.</summary>
public sealed class ReadTests(ITestOutputHelper output)
{
    private const int Reads = 10_000, Patients = 20, Clients = 64;

    [Fact]
    [Trait("Feature", "37")]
    public async Task TenThousandReads_WithAKill_AreTenThousandLines()
    {
        using var folder = new TemporaryFolder();
        var random = Seed.Random(output);
        await using var api = await ApiProcess.StartAsync(folder["data"], folder["api.log"]);
        var records = await Looks.PrepareAsync(api.Client, Patients);
        var open = new ConcurrentQueue<Look>(Enumerable.Range(0, Reads).Select(_ => new Look(records[random.Next(records.Count)])));
        var (shown, lost) = (new ConcurrentBag<Look>(), new ConcurrentBag<Look>());
        var (killAt, reached) = (random.Next(Reads / 5, Reads * 4 / 5), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var answered = 0;
        var began = Stopwatch.GetTimestamp();

        var running = RunAsync();
        await reached.Task;
        await api.KillAsync();
        await running;
        await api.StartAsync();
        // Who got no answer looks again, which is a look of its own.
        foreach (var look in lost)
            open.Enqueue(new Look(look.Record));
        await RunAsync();

        Assert.Equal(Reads, shown.Count);
        Assert.InRange(lost.Count, 1, Clients);
        var took = Stopwatch.GetElapsedTime(began);
        var lines = await Looks.LinesAsync(api.Client, records.Select(record => record.Patient).Distinct());
        var unanswered = lines.Where(line => lost.Any(look => look.Practitioner == line.Practitioner)).ToList();
        output.WriteLine(
            $"{Reads} reads in {took.TotalSeconds:0.0} s with a kill after {killAt}; {lost.Count} got no answer, {unanswered.Count} of them have a line");
        Assert.Equal(shown.Select(look => look.Line).Order(), lines.Except(unanswered).Order());
        Assert.Equal(Reads + unanswered.Count, lines.Count);
        Assert.Equal(unanswered.Count, unanswered.Distinct().Count());
        Assert.Subset(lost.Select(look => look.Line).ToHashSet(), unanswered.ToHashSet());

        Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (open.TryDequeue(out var look))
            {
                if (!await look.SendAsync(api.Client))
                {
                    lost.Add(look);
                    return;
                }
                shown.Add(look);
                if (Interlocked.Increment(ref answered) == killAt)
                    reached.TrySetResult();
            }
        }));
    }
}

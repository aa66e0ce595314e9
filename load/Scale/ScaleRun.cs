using System.Diagnostics;
using HdrHistogram;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;

namespace Hrms.Load.Scale;

/// <summary>What the runs at size share: a folder that goes when nobody named one, the report, the exit code.</summary>
internal static class ScaleRun
{
    /// <returns>The exit code: 0 when all holds, 1 when not, 2 when the run could not be made.</returns>
    public static Task<int> RunAsync(string? data, FileInfo? markdown, Func<string, ProgressLine, string, Task<ScaleReport>> measure, CancellationToken stop)
    {
        var line = new ProgressLine();
        if (!Machine.IsRelease)
            line.Say("This is a Debug build: its figures say nothing. Run with -c Release.");
        return RunGuard.RunAsync(line, stop, async () =>
        {
            // Made by the host, which gives its parts to the users they run as.
            var folder = Path.GetFullPath(data ?? Path.Combine(Path.GetTempPath(), $"hrms-load-{Guid.NewGuid():N}"));
            try
            {
                var report = await measure(folder, line, await GoalReport.CommitAsync(stop));
                report.Write(Console.Out);
                if (markdown is not null)
                    await File.WriteAllTextAsync(markdown.FullName, report.Markdown(), stop);
                return report.Passed ? RunGuard.Held : RunGuard.Missed;
            }
            finally
            {
                if (data is null && Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
            }
        });
    }

    /// <summary>Does one after the other and keeps how long each took.</summary>
    public static async Task<LongHistogram> TimeAsync<T>(IEnumerable<T> all, Func<T, Task> act)
    {
        var micros = NewHistogram();
        foreach (var one in all)
        {
            var began = Stopwatch.GetTimestamp();
            await act(one);
            Record(micros, began);
        }
        return micros;
    }

    public static LongHistogram NewHistogram() => new(TimeSpan.FromMinutes(10).Ticks / TimeSpan.TicksPerMicrosecond, 3);

    public static void Record(LongHistogram micros, long began) => micros.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds));
}

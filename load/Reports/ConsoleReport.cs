using System.Globalization;
using Hrms.Load.Measuring;

namespace Hrms.Load.Reports;

/// <summary>The report for a person: a line a round, then the result, then what was checked.</summary>
internal static class ConsoleReport
{
    public static void Write(LoadReport report, TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"{report.Scenario}, {report.Clients} clients, {report.Simulation}; {report.Machine}");
        for (var i = 0; i < report.Rounds.Count; i++)
        {
            to.WriteLine($"  {report.Unit,-16} {i + 1}: {Line(report.Rounds[i])}");
            if (report.Rounds[i].Steps.Count > 1)
                foreach (var (step, figures) in report.Rounds[i].Steps)
                    to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {step,-17} {figures.Count,8}  {figures.Latency}"));
            if (i < report.BaselineRounds.Count)
                to.WriteLine($"  {"baseline",-16} {i + 1}: {Line(report.BaselineRounds[i])}");
        }
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.PerSecond:#,0} {report.Unit}/s"));
        if (report.Ratio is { } ratio)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{ratio:0.00} x the baseline (median of {string.Join(", ", report.Ratios.Select(one => one.ToString("0.00", CultureInfo.InvariantCulture)))})"));
            if (report.CpuRatio is { } byCpu)
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{byCpu:0.00} x the baseline by the CPU that a step costs, all processes together"));
            to.WriteLine($"baseline: {report.Baseline}");
        }
        foreach (var threshold in report.Thresholds)
            to.WriteLine($"  {(threshold.Holds ? "ok    " : "FAILED")} {threshold.Name}: {threshold.Found}");
    }

    public static string Line(Measurement of)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{of.Count,8} in {of.Seconds:0.00} s = {of.PerSecond,8:#,0}/s  {of.Latency}");
        if (of.Failed > 0)
            line += $"  {of.Failed} failed";
        if (of.CpuMicros.Count > 0)
            line += $"  CPU us each: {string.Join(", ", of.CpuMicros.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0}")))}";
        return of.LoadAverage is { } load ? line + string.Create(CultureInfo.InvariantCulture, $"  load {load:0.0}") : line;
    }
}

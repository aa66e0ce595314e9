using System.Globalization;
using System.Text;
using HdrHistogram;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;

namespace Hrms.Load.Scale;

/// <summary>How long one kind of question took.</summary>
/// <param name="P99Max">The mark, in milliseconds; null: it has none.</param>
internal sealed record Figure(string What, long Count, Latency Latency, double? P99Max)
{
    public static Figure Of(string what, HistogramBase micros, double? p99Max) => new(what, micros.TotalCount, Latency.Of(micros), p99Max);
}

/// <summary>What a run at size found: what there was, how long questions took, and what must hold. For the terminal and as a document.</summary>
internal sealed record ScaleReport(string Title, string Command, string Commit, IReadOnlyList<string> Facts, IReadOnlyList<Figure> Figures, IReadOnlyList<Threshold> Checks)
{
    public IReadOnlyList<Threshold> Thresholds =>
    [
        .. Figures.Where(figure => figure.P99Max is not null).Select(figure => new Threshold(
            string.Create(CultureInfo.InvariantCulture, $"{figure.What}: p99 < {figure.P99Max:0.##} ms"), figure.Latency.P99 < figure.P99Max, string.Create(CultureInfo.InvariantCulture, $"{figure.Latency.P99:0.0} ms"))),
        .. Checks,
    ];

    public bool Passed => Thresholds.All(threshold => threshold.Holds);

    public void Write(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"{Title}; {Machine.Describe()}");
        foreach (var fact in Facts)
            to.WriteLine($"  {fact}");
        foreach (var figure in Figures)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {figure.What,-70} {figure.Count,8}  {figure.Latency}"));
        foreach (var threshold in Thresholds)
            to.WriteLine($"  {(threshold.Holds ? "ok    " : "FAILED")} {threshold.Name}: {threshold.Found}");
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"# {Title}").AppendLine();
        text.AppendLine($"Written by `dotnet run --project load -c Release -- {Command}`; not by hand. How it is measured: [load/README.md](../load/README.md).").AppendLine();
        foreach (var fact in Facts)
            text.AppendLine($"- {fact}");
        if (Figures.Count > 0)
            text.AppendLine().AppendLine("| milliseconds | how many | p50 | p95 | p99 | max |").AppendLine("|---|---|---|---|---|---|");
        foreach (var (what, count, latency, _) in Figures)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {count:#,0} | {latency.P50:0.0} | {latency.P95:0.0} | {latency.P99:0.0} | {latency.Max:0.0} |"));
        text.AppendLine();
        foreach (var threshold in Thresholds)
            text.AppendLine($"- {(threshold.Holds ? "ok" : "FAILED")}: {threshold.Name} ({threshold.Found})");
        text.AppendLine().AppendLine(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC; {GoalReport.ProcessorName()}; {Machine.Describe()}; commit {Commit}."));
        if (Machine.LoadAverage() is { } load)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"The machine's load average at the end was {load:0.0} on {Environment.ProcessorCount} cores."));
        return text.ToString();
    }
}

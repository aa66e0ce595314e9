using System.Globalization;
using System.Net;
using System.Text;
using Hrms.Load.Measuring;

namespace Hrms.Load.Reports;

/// <summary>The report for somebody who would rather look than read: one page without scripts, that can be mailed and kept.</summary>
internal static class HtmlReport
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}h1{margin-bottom:0}table{border-collapse:collapse;margin:1rem 0}" +
        "td,th{padding:.25rem .75rem;text-align:right;border-bottom:1px solid #d7dee5}td:first-child,th:first-child,.marks td,.marks th{text-align:left}.ok{color:#176b3a}.failed{color:#a3140f;font-weight:600}" +
        "svg{width:100%;height:auto}svg text{font-size:12px;fill:#4a5866}figure{margin:1.5rem 0}figcaption{font-weight:600}footer{color:#4a5866;margin:2rem 0}";

    public static string Of(LoadReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{Text(report.Scenario)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(report.Scenario)} <span class=\"{Class(report.Passed)}\">{(report.Passed ? "passed" : "FAILED")}</span></h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Text(report.Simulation)}, {report.Clients} clients: {report.PerSecond:#,0} {Text(report.Unit)}/s");
        if (report.Ratio is { } ratio)
            page.Append(CultureInfo.InvariantCulture, $", {ratio:0.00} × the baseline ({Text(report.Baseline!)})");
        page.Append("</p>");
        Thresholds(page, report);
        Rounds(page, report);
        LineChart.Percentiles(page, report.Rounds);
        LineChart.OverTime(page, "Answered in each second", $"{report.Unit}/s", report.Rounds, second => second.Count);
        LineChart.OverTime(page, "Slowest answer of each second", "ms", report.Rounds, second => second.MaxMillis);
        Cpu(page, report);
        page.Append(CultureInfo.InvariantCulture, $"<footer>{report.EndedAt:u}; {Text(report.Machine)}</footer></html>");
        return page.ToString();
    }

    private static void Thresholds(StringBuilder page, LoadReport report)
    {
        page.Append("<table class=\"marks\"><tr><th>threshold<th>found<th></tr>");
        foreach (var one in report.Thresholds)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(one.Name)}<td>{Text(one.Found)}<td class=\"{Class(one.Holds)}\">{(one.Holds ? "ok" : "FAILED")}</tr>");
        page.Append("</table>");
    }

    private static void Rounds(StringBuilder page, LoadReport report)
    {
        page.Append("<table><tr><th>round<th>answered<th>failed<th>per second<th>p50<th>p95<th>p99<th>p99.9<th>max ms</tr>");
        for (var round = 0; round < report.Rounds.Count; round++)
        {
            var one = report.Rounds[round];
            Row(page, $"{round + 1}", one.Count, one.Failed.ToString(CultureInfo.InvariantCulture), one.PerSecond, one.Latency);
            if (one.Steps.Count > 1)
                foreach (var (step, figures) in one.Steps)
                    Row(page, $"{round + 1} {step}", figures.Count, "", figures.Count / one.Seconds, figures.Latency);
            if (round < report.BaselineRounds.Count)
                Row(page, $"{round + 1} baseline", report.BaselineRounds[round].Count, "", report.BaselineRounds[round].PerSecond, report.BaselineRounds[round].Latency);
        }
        page.Append("</table>");
    }

    private static void Row(StringBuilder page, string name, long count, string failed, double perSecond, Latency latency) => page.Append(
        CultureInfo.InvariantCulture,
        $"<tr><td>{Text(name)}<td>{count:#,0}<td>{failed}<td>{perSecond:#,0}<td>{latency.P50:0.0}<td>{latency.P95:0.0}<td>{latency.P99:0.0}<td>{latency.P999:0.0}<td>{latency.Max:0.0}</tr>");

    private static void Cpu(StringBuilder page, LoadReport report)
    {
        var parts = report.Rounds.SelectMany(round => round.CpuMicros.Keys).Distinct().ToList();
        if (parts.Count == 0)
            return;
        page.Append("<figure><figcaption>CPU of one step, µs</figcaption><table><tr><th>round").Append(string.Concat(parts.Select(part => $"<th>{Text(part)}"))).Append("</tr>");
        for (var round = 0; round < report.Rounds.Count; round++)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{round + 1}{string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"<td>{report.Rounds[round].CpuMicros.GetValueOrDefault(part):0}")))}</tr>");
        page.Append("</table></figure>");
    }

    private static string Class(bool holds) => holds ? "ok" : "failed";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

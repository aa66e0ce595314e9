using System.Globalization;
using System.Xml.Linq;

namespace Hrms.Load.Reports;

/// <summary>The thresholds as test cases, as build servers show them.</summary>
internal static class JUnitReport
{
    public static void Write(LoadReport report, FileInfo file)
    {
        using var stream = file.Create();
        Of(report).Save(stream);
    }

    public static XDocument Of(LoadReport report)
    {
        var seconds = report.Rounds.Sum(round => round.Seconds).ToString("0.###", CultureInfo.InvariantCulture);
        return new XDocument(new XElement("testsuites", new XElement(
            "testsuite",
            new XAttribute("name", $"load {report.Scenario}"), new XAttribute("tests", report.Thresholds.Count), new XAttribute("failures", report.Thresholds.Count(one => !one.Holds)),
            new XAttribute("time", seconds), new XAttribute("timestamp", report.EndedAt.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
            report.Thresholds.Select(threshold => new XElement(
                "testcase", new XAttribute("classname", $"load.{report.Scenario}"), new XAttribute("name", threshold.Name), new XAttribute("time", seconds),
                threshold.Holds ? new XElement("system-out", threshold.Found) : new XElement("failure", new XAttribute("message", threshold.Found)))))));
    }
}

using HdrHistogram;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;

namespace Hrms.Load.Tests;

/// <summary>What a run leaves behind for people and for build servers.</summary>
[Trait("Feature", "110")]
public sealed class ReportTests
{
    [Fact]
    public void ABuildServer_SeesEachThresholdAsATestCase_TheMissedOnesAsFailures()
    {
        var suite = JUnitReport.Of(Report()).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        var missed = Assert.Single(suite.Elements("testcase"), one => one.Element("failure") is not null);
        Assert.Equal(("p99 < 5ms", "9ms"), (missed.Attribute("name")!.Value, missed.Element("failure")!.Attribute("message")!.Value));
    }

    [Fact]
    public void ThePage_ShowsMarksStepsAndCharts_WithoutScripts()
    {
        var page = HtmlReport.Of(Report());
        Assert.Contains("<td>p99 &lt; 5ms<td>9ms<td class=\"failed\">FAILED", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>1 read<td>3", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHistogramFile_HasARoundEach_InMilliseconds()
    {
        using var folder = new Hrms.TestKit.TemporaryFolder();
        HgrmReport.Write(Report(), new DirectoryInfo(folder["hgrm"]));
        Assert.Contains("#[Max     =        9.0", File.ReadAllText(Assert.Single(Directory.GetFiles(folder["hgrm"]))), StringComparison.Ordinal);
    }

    private static LoadReport Report()
    {
        var micros = new LongHistogram(3_600_000_000, 3);
        foreach (var value in (long[])[1_000, 2_000, 9_000, 4_000])
            micros.RecordValue(value);
        var latency = Latency.Of(micros);
        var round = new Measurement("it", 4, 1, 4, latency, new Dictionary<string, double> { ["api and silo"] = 120 }, 1.5, ["HTTP 500"])
        {
            Micros = micros, BySecond = [new(1, 1), new(0, 0), new(2, 9), new(1, 4)],
            Steps = new Dictionary<string, StepMeasurement> { ["read"] = new(3, latency), ["grant"] = new(1, latency) },
        };
        return new LoadReport("it", "things", 2, "1 x keep_constant 2 4s", "a machine", DateTimeOffset.UnixEpoch, [round], null, [],
            [new Threshold("no request fails", true, "0 failed"), new Threshold("p99 < 5ms", false, "9ms")]);
    }
}

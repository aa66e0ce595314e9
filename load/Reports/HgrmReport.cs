using HdrHistogram;

namespace Hrms.Load.Reports;

/// <summary>The latencies of each round as HdrHistogram's own plotter and other tools read them: percentiles in milliseconds.</summary>
internal static class HgrmReport
{
    private const int StepsPerHalfDistance = 5;
    private const double MicrosInMilli = 1_000;

    public static void Write(LoadReport report, DirectoryInfo folder)
    {
        folder.Create();
        for (var round = 0; round < report.Rounds.Count; round++)
        {
            if (report.Rounds[round].Micros is not { } micros)
                continue;
            using var file = new StreamWriter(Path.Combine(folder.FullName, $"{report.Scenario}-{round + 1}.hgrm"));
            micros.OutputPercentileDistribution(file, StepsPerHalfDistance, MicrosInMilli);
        }
    }
}

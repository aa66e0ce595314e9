using Hrms.Load.Measuring;

namespace Hrms.Load.Reports;

/// <summary>Everything that a run found, raw figures first; what else is printed is computed from them.</summary>
internal sealed record LoadReport(
    string Scenario, string Unit, int Clients, string Machine, DateTimeOffset EndedAt, IReadOnlyList<Measurement> Rounds,
    string? Baseline, IReadOnlyList<Measurement> BaselineRounds, IReadOnlyList<Threshold> Thresholds)
{
    public double PerSecond => Rounds.Sum(round => round.Count) / Rounds.Sum(round => round.Seconds);

    /// <summary>The ratio of each round to the baseline's round right after it.</summary>
    public IReadOnlyList<double> Ratios => [.. Rounds.Zip(BaselineRounds, (round, baseline) => round.PerSecond / baseline.PerSecond)];

    public double? Ratio => BaselineRounds.Count == 0 ? null : Median([.. Ratios.Order()]);

    private static double Median(IReadOnlyList<double> ordered) => (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;

    public bool Passed => Thresholds.All(threshold => threshold.Holds);
}

using Hrms.Load.Measuring;

namespace Hrms.Load.Reports;

/// <summary>Everything that a run found, raw figures first; what else is printed is computed from them.</summary>
internal sealed record LoadReport(
    string Scenario, string Unit, int Clients, string Simulation, string Machine, DateTimeOffset EndedAt, IReadOnlyList<Measurement> Rounds,
    string? Baseline, IReadOnlyList<Measurement> BaselineRounds, IReadOnlyList<Threshold> Thresholds)
{
    public double PerSecond => Rounds.Sum(round => round.Count) / Rounds.Sum(round => round.Seconds);

    /// <summary>The ratio of each round to the baseline's round right after it.</summary>
    public IReadOnlyList<double> Ratios => [.. Rounds.Zip(BaselineRounds, (round, baseline) => round.PerSecond / baseline.PerSecond)];

    public double? Ratio => BaselineRounds.Count == 0 ? null : Median([.. Ratios.Order()]);

    /// <summary>The baseline's CPU of a step, through all processes, to the scenario's: the ratio as it would be with the machine to themselves, were CPU all they need.</summary>
    public double? CpuRatio => BaselineRounds.Count == 0 || Rounds.Any(round => round.CpuMicros.Count == 0)
        ? null
        : Median([.. Rounds.Zip(BaselineRounds, (round, baseline) => baseline.CpuMicros.Values.Sum() / round.CpuMicros.Values.Sum()).Order()]);

    private static double Median(IReadOnlyList<double> ordered) => (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;

    public bool Passed => Thresholds.All(threshold => threshold.Holds);
}

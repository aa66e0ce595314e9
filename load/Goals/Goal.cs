using System.Globalization;

namespace Hrms.Load.Goals;

/// <summary>A number that the system is built to reach, as the design names it.</summary>
/// <param name="Id">"P1", or "P6 p50" where a goal is of several numbers.</param>
/// <param name="Reach">What it has to be.</param>
/// <param name="GoFor">What it should be.</param>
/// <param name="MoreIsBetter">Whether the marks are the least or the most.</param>
/// <param name="Unit">Empty for a ratio.</param>
internal sealed record Goal(string Id, string What, double Reach, double GoFor, bool MoreIsBetter = true, string Unit = "")
{
    public bool IsReached(double value) => MoreIsBetter ? value >= Reach : value <= Reach;

    public bool IsTopped(double value) => MoreIsBetter ? value >= GoFor : value <= GoFor;

    public string Mark(double mark) => $"{(MoreIsBetter ? "≥" : "≤")} {Text(mark)}";

    public string Text(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##}{(Unit.Length > 0 ? " " : "")}{Unit}");
}

/// <summary>What was measured of a goal.</summary>
/// <param name="Values">One of each repeat.</param>
/// <param name="Raw">The figures behind them: a line for each repeat, and what they should be read with.</param>
/// <param name="Command">What prints this goal alone.</param>
internal sealed record GoalResult(Goal Goal, IReadOnlyList<double> Values, IReadOnlyList<string> Raw, string Command)
{
    private IReadOnlyList<double> Ordered => [.. Values.Order()];

    public double Median => (Ordered[(Values.Count - 1) / 2] + Ordered[Values.Count / 2]) / 2;

    /// <summary>The least and the most of all repeats.</summary>
    public string Interval => $"{Goal.Text(Ordered[0])} – {Goal.Text(Ordered[^1])}";

    public bool Reached => Goal.IsReached(Median);

    public string Verdict => Goal.IsTopped(Median) ? "topped" : Reached ? "reached" : "missed";
}

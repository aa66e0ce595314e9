using System.Globalization;
using System.Text.RegularExpressions;

namespace Hrms.Load.Measuring;

/// <summary>
/// A threshold as a tester writes it: <c>p99 &lt; 250ms</c>, <c>failed &lt;= 0.1%</c>, <c>rate &gt;= 1000/s</c>, <c>read p95 &lt; 50ms</c> for one step. It holds when every round does.
/// </summary>
internal sealed partial record PassMark(string? Step, string Metric, string Compared, double Mark, string Unit)
{
    public const string Forms = "[STEP] p50|p95|p99|p99.9|max|rate, or failed, then <|<=|>|>= NUMBER, such as 'p99 < 250ms', 'rate >= 1000/s', 'failed <= 0.1%', 'read p95 < 50ms'";

    /// <exception cref="FormatException">What can't be understood.</exception>
    public static PassMark Parse(string text)
    {
        if (Form().Match(text.Trim()) is not { Success: true } match)
            throw new FormatException($"The threshold '{text}' is not: {Forms}.");
        var (metric, unit) = (match.Groups["metric"].Value, match.Groups["unit"].Value);
        var expected = metric switch { "rate" => "/s", "failed" => "%", _ => "ms" };
        if (unit.Length > 0 && unit != expected)
            throw new FormatException($"The threshold '{text}' has {metric} in {unit}; it is in {expected}.");
        if (metric == "failed" && match.Groups["step"].Success)
            throw new FormatException($"The threshold '{text}' is of one step: a step that failed has no name, so failures are counted of all together. Leave '{match.Groups["step"].Value}' out.");
        return new PassMark(
            match.Groups["step"] is { Success: true } step ? step.Value : null, metric, match.Groups["compared"].Value,
            double.Parse(match.Groups["mark"].Value, CultureInfo.InvariantCulture), expected);
    }

    public Threshold Judge(IReadOnlyList<Measurement> rounds)
    {
        var found = rounds.Select(Value).ToList();
        var worst = Compared[0] == '<' ? found.Max() : found.Min();
        return new Threshold(ToString(), found.Count > 0 && found.TrueForAll(Holds), worst is null ? "no such step" : string.Create(CultureInfo.InvariantCulture, $"{worst:0.###}{Unit}"));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Step is null ? "" : Step + " ")}{Metric} {Compared} {Mark}{Unit}");

    private bool Holds(double? value) => Compared switch
    {
        "<" => value < Mark,
        "<=" => value <= Mark,
        ">" => value > Mark,
        _ => value >= Mark,
    };

    private double? Value(Measurement round)
    {
        if (Step is not null && !round.Steps.ContainsKey(Step))
            return null;
        var (count, latency) = Step is null ? (round.Count, round.Latency) : (round.Steps[Step].Count, round.Steps[Step].Latency);
        return Metric switch
        {
            "p50" => latency.P50,
            "p95" => latency.P95,
            "p99" => latency.P99,
            "p99.9" => latency.P999,
            "max" => latency.Max,
            "rate" => count / round.Seconds,
            _ => 100.0 * round.Failed / Math.Max(1, round.Count + round.Failed),
        };
    }

    [GeneratedRegex(@"^(?:(?<step>[A-Za-z-]+) +)?(?<metric>p50|p95|p99\.9|p99|max|rate|failed) *(?<compared><=|<|>=|>) *(?<mark>\d+(?:\.\d+)?) *(?<unit>ms|/s|%)?$")]
    private static partial Regex Form();
}

using System.Globalization;
using System.Net;
using System.Text;
using Hrms.Load.Measuring;

namespace Hrms.Load.Reports;

/// <summary>Lines of rounds as SVG, each round in a colour of its own that colour-blind people can tell apart (Okabe and Ito, 2008).</summary>
internal static class LineChart
{
    private const double Width = 900, Height = 260, Left = 70, Right = 12, Top = 10, Bottom = 30;
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
    private static readonly (double Percentile, string Name)[] Ticks = [(0, "0 %"), (50, "50 %"), (90, "90 %"), (99, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %")];

    /// <summary>Latency by percentile, the rare ones as wide as the common ones.</summary>
    public static void Percentiles(StringBuilder page, IReadOnlyList<Measurement> rounds)
    {
        const double Most = 99.99;
        var lines = rounds.Where(round => round.Micros is { TotalCount: > 0 }).Select(round => Enumerable.Range(0, 101)
            .Select(step => (X: step / 100.0, Y: round.Micros!.GetValueAtPercentile(Percentile(step / 100.0)) / 1000.0)).ToList()).ToList();
        Draw(page, "Latency by percentile", "ms", lines, [.. Ticks.Select(tick => (Place(tick.Percentile), tick.Name))]);

        // From 0 to 1 as the logarithm of how many are slower.
        static double Place(double percentile) => -Math.Log10(1 - (percentile / 100)) / -Math.Log10(1 - (Most / 100));
        static double Percentile(double place) => 100 * (1 - Math.Pow(10, place * Math.Log10(1 - (Most / 100))));
    }

    /// <summary>Something of each second of the rounds.</summary>
    public static void OverTime(StringBuilder page, string title, string unit, IReadOnlyList<Measurement> rounds, Func<Second, double> of)
    {
        var longest = rounds.Max(round => round.BySecond.Count);
        if (longest < 2)
            return;
        // The last second is seldom a whole one.
        var lines = rounds.Select(round => round.BySecond.SkipLast(1).Select((second, i) => (X: i / (longest - 1.0), Y: of(second))).ToList()).ToList();
        var every = Math.Max(1, longest / 10);
        Draw(page, title, unit, lines, [.. Enumerable.Range(0, longest).Where(second => second % every == 0).Select(second => (second / (longest - 1.0), $"{second} s"))]);
    }

    /// <param name="lines">X from 0 to 1.</param>
    private static void Draw(StringBuilder page, string title, string unit, List<List<(double X, double Y)>> lines, IReadOnlyList<(double X, string Name)> ticks)
    {
        var most = Ceiling(lines.SelectMany(line => line).Select(point => point.Y).DefaultIfEmpty(1).Max());
        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{WebUtility.HtmlEncode(title)}, {WebUtility.HtmlEncode(unit)}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        foreach (var part in (double[])[0, 0.25, 0.5, 0.75, 1])
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(part)}\" y2=\"{Y(part)}\" stroke=\"#d7dee5\"/><text x=\"{Left - 6}\" y=\"{Y(part) + 4}\" text-anchor=\"end\">{most * part:#,0.##}</text>");
        foreach (var (x, name) in ticks)
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x)}\" y=\"{Height - 8}\" text-anchor=\"{(x > 0.97 ? "end" : "middle")}\">{name}</text>");
        for (var i = 0; i < lines.Count; i++)
            page.Append(CultureInfo.InvariantCulture,
                $"<polyline fill=\"none\" stroke-width=\"2\" stroke=\"{Colours[i % Colours.Length]}\" points=\"{string.Join(' ', lines[i].Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y / most):0.#}")))}\"><title>round {i + 1}</title></polyline>");
        page.Append("</svg></figure>");

        static double X(double part) => Left + (part * (Width - Left - Right));
        static double Y(double part) => Height - Bottom - (part * (Height - Top - Bottom));
    }

    /// <summary>The next number of 1, 2 or 5 times a power of ten: what an axis ends at.</summary>
    private static double Ceiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-3))));
        return power * ((double[])[1, 2, 5, 10]).First(step => step * power >= value * 0.999);
    }
}

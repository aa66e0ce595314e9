using System.Globalization;

namespace Hrms.Load.Measuring;

/// <summary>
/// Load simulations as a tester writes them, in NBomber's words, one after the other: <c>ramping_inject 1000 30s, inject 1000 5m, pause 10s, keep_constant 64 1m</c>. A ramp
/// begins where the part before ended.
/// </summary>
internal static class SimulationText
{
    public const string Forms = "inject RATE TIME, ramping_inject RATE TIME, keep_constant COPIES TIME, ramping_constant COPIES TIME, pause TIME";

    /// <param name="copies">Clients that open models may use.</param>
    /// <exception cref="FormatException">What can't be understood, with its place.</exception>
    public static LoadSimulation Parse(string text, int copies)
    {
        List<LoadSimulation> parts = [];
        var (rate, kept) = (0.0, 0);
        foreach (var (part, index) in text.Split(',', StringSplitOptions.TrimEntries).Select((part, index) => (part, index)))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            LoadSimulation simulation = words switch
            {
                ["inject", var to, var time] when Rate(to) is { } steady && Time(time) is { } during => new RampingInject(steady, steady, copies, during),
                ["ramping_inject", var to, var time] when Rate(to) is { } end && Time(time) is { } during => new RampingInject(rate, end, copies, during),
                ["keep_constant", var to, var time] when Count(to) is { } steady && Time(time) is { } during => new KeepConstant(steady, during),
                ["ramping_constant", var to, var time] when Count(to) is { } end && Time(time) is { } during => new RampingConstant(kept, end, during),
                ["pause", var time] when Time(time) is { } during => new Pause(during),
                _ => throw new FormatException($"Part {index + 1} of the simulation, '{part}', is none of: {Forms}. A time is such as 30s or 5m."),
            };
            (rate, kept) = simulation switch
            {
                RampingInject inject => (inject.To, 0),
                KeepConstant keep => (0, keep.Copies),
                RampingConstant ramp => (0, ramp.To),
                _ => (0, 0),
            };
            parts.Add(simulation);
        }
        return parts is [var one] ? one : new Sequence(parts);
    }

    private static double? Rate(string text) =>
        double.TryParse(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate > 0 ? rate : null;

    private static int? Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    private static TimeSpan? Time(string text) =>
        text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? text[^1] switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), _ => null }
            : null;
}

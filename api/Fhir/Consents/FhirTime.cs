using System.Globalization;

namespace Hrms.Api.Fhir.Consents;

/// <summary>
/// FHIR's dateTime and ours. A FHIR period ends with its last day, second or fraction (R4, 2.24.0.13); ours ends before an instant. A date without a zone is UTC.
/// </summary>
internal static class FhirTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";

    public static string Start(DateTimeOffset from) => IsDay(from) ? from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Instant(from);

    public static string End(DateTimeOffset until) =>
        // Nothing is before the first day that a date can name.
        until.Ticks < TimeSpan.TicksPerDay ? Instant(until)
        : IsDay(until) ? until.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : until.AddTicks(-1).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The first instant of what the text names; null when it is no date.</summary>
    public static DateTimeOffset? ReadStart(string text) => Span(text)?.From;

    /// <summary>The first instant after it.</summary>
    public static DateTimeOffset? ReadEnd(string text) => Span(text)?.Until;

    private static (DateTimeOffset From, DateTimeOffset Until)? Span(string text)
    {
        var full = text.Length switch { 4 => $"{text}-01-01T00:00:00Z", 7 => $"{text}-01T00:00:00Z", 10 => $"{text}T00:00:00Z", _ => text };
        if (!DateTimeOffset.TryParse(full, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) || from.Year >= 9999)
            return null;
        return (from, text.Length switch { 4 => from.AddYears(1), 7 => from.AddMonths(1), 10 => from.AddDays(1), _ => from.AddTicks(TicksOf(text)) });
    }

    /// <summary>One unit of the last digit of the seconds; at least the tick that we keep.</summary>
    private static long TicksOf(string text)
    {
        var point = text.IndexOf('.');
        var digits = point < 0 ? 0 : text.Skip(point + 1).TakeWhile(char.IsAsciiDigit).Count();
        return (long)Math.Pow(10, 7 - Math.Min(digits, 7));
    }

    private static bool IsDay(DateTimeOffset instant) => instant.Offset == TimeSpan.Zero && instant.TimeOfDay == TimeSpan.Zero;
}

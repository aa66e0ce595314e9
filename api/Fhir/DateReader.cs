using System.Globalization;
using System.Text.Json;

namespace Hrms.Api.Fhir;

/// <summary>Reads when a resource was clinically relevant: when it happened, else when it was ordered, else when it was written.</summary>
internal static class DateReader
{
    /// <summary>The first that is there counts; of a Period its start.</summary>
    private static readonly string[] Elements =
    [
        "effectiveDateTime", "effectivePeriod", "effectiveInstant", "onsetDateTime", "onsetPeriod", "occurrenceDateTime", "occurrencePeriod",
        "performedDateTime", "performedPeriod", "identifiedDateTime", "identifiedPeriod", "collection", "whenHandedOver", "whenPrepared",
        "started", "period", "start", "startDate", "servicedDate", "servicedPeriod", "billablePeriod", "servicePeriod", "timingDateTime",
        "timingPeriod", "authoredOn", "authored", "dateWritten", "executionPeriod", "recordedDate", "recordedOn", "recorded", "dateTime",
        "dateAsserted", "sent", "received", "createdDateTime", "issued", "date", "created", "timestamp", "detected", "statusDate",
    ];

    private static readonly string[] Within = ["start", "collectedDateTime", "collectedPeriod", "end"];

    public static DateTimeOffset? Read(JsonElement resource) => FirstOf(resource, Elements);

    private static DateTimeOffset? FirstOf(JsonElement element, string[] names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out var value)) continue;
            var date = value.ValueKind switch
            {
                JsonValueKind.String => Parse(value.GetString()!),
                JsonValueKind.Object => FirstOf(value, Within),
                _ => null,
            };
            if (date is not null) return date;
        }
        return null;
    }

    /// <summary>A FHIR date, dateTime or instant; a partial one is the start of its year, month or day, in UTC.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        var whole = text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text };
        return DateTimeOffset.TryParse(whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date : null;
    }
}

namespace Hrms.Contracts;

/// <summary>A span of time of fixed length. Codes of FHIR's Timing.repeat.periodUnit (UCUM), spelled out.</summary>
[GenerateSerializer]
public enum PeriodUnit
{
    Minute = 1,
    Hour = 2,
    Day = 3,
    Week = 4,
}

/// <summary>
/// How often a consent may be used: at most <paramref name="Frequency"/> permitted questions, all askers together, within any span of
/// <paramref name="Period"/> units. FHIR Timing.repeat; ABDM consent artefact, permission.frequency.
/// </summary>
[GenerateSerializer, Immutable, Alias("AccessFrequency")]
public sealed record AccessFrequency([property: Id(0)] int Frequency, [property: Id(1)] int Period, [property: Id(2)] PeriodUnit PeriodUnit)
{
    public TimeSpan Span => PeriodUnit switch
    {
        PeriodUnit.Minute => TimeSpan.FromMinutes(Period),
        PeriodUnit.Hour => TimeSpan.FromHours(Period),
        PeriodUnit.Day => TimeSpan.FromDays(Period),
        PeriodUnit.Week => TimeSpan.FromDays(7L * Period),
        _ => throw new InvalidOperationException($"Period unit {PeriodUnit} has no length."),
    };
}

namespace Hrms.Contracts;

/// <summary>What a wearable measures. A blood pressure is two samples at the same time.</summary>
[GenerateSerializer]
public enum SampleKind : byte
{
    /// <summary>A name that no kind has; only in a batch, where it makes its item be rejected.</summary>
    Unknown = 0,
    HeartRate = 1,
    /// <summary>Steps since the sample before.</summary>
    Steps = 2,
    OxygenSaturation = 3,
    Glucose = 4,
    BloodPressureSystolic = 5,
    BloodPressureDiastolic = 6,
    BodyWeight = 7,
    BodyTemperature = 8,
}

/// <summary>A kind's name on the wire, its LOINC code and the units that it takes.</summary>
/// <param name="Unit">The kind's own unit: values are stored and answered in it.</param>
/// <param name="OtherUnit">One more that is taken and converted (the domain's UnitTable).</param>
public sealed record SampleKindFacts(SampleKind Kind, string Name, string Loinc, SampleUnit Unit, SampleUnit? OtherUnit = null)
{
    public IReadOnlyList<SampleUnit> Units => OtherUnit is { } other ? [Unit, other] : [Unit];
}

/// <summary>
/// The kinds that are taken. Codes follow the FHIR R4 vital signs profiles where there is one; 59408-5 (pulse oximetry), 2339-0 (glucose
/// in blood) and 55423-8 (steps) come from LOINC's device panels.
/// </summary>
public static class SampleKinds
{
    public static readonly IReadOnlyList<SampleKindFacts> All =
    [
        new(SampleKind.HeartRate, "heart-rate", "8867-4", SampleUnit.PerMinute),
        new(SampleKind.Steps, "steps", "55423-8", SampleUnit.Steps),
        new(SampleKind.OxygenSaturation, "oxygen-saturation", "59408-5", SampleUnit.Percent),
        new(SampleKind.Glucose, "glucose", "2339-0", SampleUnit.MilligramPerDecilitre, SampleUnit.MillimolePerLitre),
        new(SampleKind.BloodPressureSystolic, "blood-pressure-systolic", "8480-6", SampleUnit.MillimetreOfMercury),
        new(SampleKind.BloodPressureDiastolic, "blood-pressure-diastolic", "8462-4", SampleUnit.MillimetreOfMercury),
        new(SampleKind.BodyWeight, "body-weight", "29463-7", SampleUnit.Kilogram, SampleUnit.Pound),
        new(SampleKind.BodyTemperature, "body-temperature", "8310-5", SampleUnit.DegreeCelsius, SampleUnit.DegreeFahrenheit),
    ];

    /// <exception cref="ArgumentOutOfRangeException">Not one of <see cref="All"/>.</exception>
    public static SampleKindFacts Facts(this SampleKind kind) => kind is not SampleKind.Unknown && (int)kind <= All.Count
        ? All[(int)kind - 1]
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of sample: see SampleKinds.All.");
}

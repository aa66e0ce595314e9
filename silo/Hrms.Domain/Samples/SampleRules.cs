using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>Whether one item of a batch can be a measurement. What can't is rejected with its reason; the others of its batch are
/// stored.</summary>
public static class SampleRules
{
    /// <summary><see cref="SampleStatus.Stored"/> when nothing speaks against the item by itself, else why it is rejected.</summary>
    /// <param name="time">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="now">Our clock, in the same unit.</param>
    /// <param name="canonical">The value in the kind's own unit, when stored.</param>
    public static SampleStatus Judge(SampleKind kind, long time, double value, SampleUnit unit, long now, out double canonical)
    {
        canonical = double.NaN;
        if (kind is < SampleKind.HeartRate or > SampleKind.BodyTemperature) return SampleStatus.UnknownKind;
        if (time == SampleBatch.UnreadableTime) return SampleStatus.UnreadableTime;
        if (time < TimeMin) return SampleStatus.TimeTooOld;
        if (time > now + ClockSkewMax) return SampleStatus.TimeInFuture;
        if (!double.IsFinite(value)) return SampleStatus.NotANumber;
        if (!UnitTable.TryConvert(kind, unit, value, out canonical)) return SampleStatus.ForeignUnit;
        var (least, most) = Bounds(kind);
        if (canonical < least || canonical > most) return SampleStatus.Implausible;
        canonical += 0.0; // minus zero is zero
        return SampleStatus.Stored;
    }

    /// <summary>
    /// The least and the most that a sensor on a living person can mean, in the kind's own unit. Wide on purpose: they keep out broken
    /// devices and wrong units, and judge nobody's health.
    /// </summary>
    public static (double Least, double Most) Bounds(SampleKind kind) => kind switch
    {
        SampleKind.HeartRate => (0, 400),
        SampleKind.Steps => (0, 100_000),
        SampleKind.OxygenSaturation => (0, 100),
        SampleKind.Glucose => (0, 3_000),
        SampleKind.BloodPressureSystolic => (0, 400),
        SampleKind.BloodPressureDiastolic => (0, 300),
        SampleKind.BodyWeight => (0.1, 1_000),
        SampleKind.BodyTemperature => (10, 50),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A new kind of sample needs its bounds here."),
    };

    private static readonly long TimeMin = SampleLimits.TimeMin.ToUnixTimeMilliseconds();
    private static readonly long ClockSkewMax = (long)SampleLimits.ClockSkewMax.TotalMilliseconds;
}

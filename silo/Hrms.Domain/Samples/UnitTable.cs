using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>How the units that a kind takes (<see cref="SampleKindFacts.Units"/>) become the kind's own. Called by
/// <see cref="SampleRules"/>.</summary>
public static class UnitTable
{
    /// <summary>Grams in a mole of glucose ÷ 10 (IFCC): 1 mmol/L is 18.016 mg/dL.</summary>
    public const double GlucoseMilligramPerDecilitre = 18.016;

    /// <summary>The international avoirdupois pound, exact by definition (NIST SP 811, appendix B.8).</summary>
    public const double KilogramPerPound = 0.45359237;

    /// <summary>
    /// A converted value keeps this many decimals: finer than any sensor, and it gives the number as sent when it is converted back and
    /// rounded to two decimals. A value that came in the kind's own unit is kept as it came.
    /// </summary>
    private const int ConvertedDecimals = 4;

    /// <summary>The value in the kind's own unit; false when the kind does not take the unit.</summary>
    public static bool TryConvert(SampleKind kind, SampleUnit unit, double value, out double canonical)
    {
        if (unit == kind.Facts().Unit)
        {
            canonical = value;
            return true;
        }
        double? converted = (kind, unit) switch
        {
            (SampleKind.Glucose, SampleUnit.MillimolePerLitre) => value * GlucoseMilligramPerDecilitre,
            (SampleKind.BodyWeight, SampleUnit.Pound) => value * KilogramPerPound,
            (SampleKind.BodyTemperature, SampleUnit.DegreeFahrenheit) => (value - 32) / 1.8,
            _ => null,
        };
        canonical = Math.Round(converted ?? double.NaN, ConvertedDecimals);
        return converted is not null;
    }
}

namespace Hrms.Contracts;

/// <summary>The units that samples come in. Which kind takes which is a rule of the domain (UnitTable).</summary>
[GenerateSerializer]
public enum SampleUnit : byte
{
    /// <summary>A unit that is not in this list; only in a batch, where it makes its item be rejected.</summary>
    Foreign = 0,
    PerMinute = 1,
    Steps = 2,
    Percent = 3,
    MilligramPerDecilitre = 4,
    MillimolePerLitre = 5,
    MillimetreOfMercury = 6,
    Kilogram = 7,
    Pound = 8,
    DegreeCelsius = 9,
    DegreeFahrenheit = 10,
}

/// <summary>Units by their case sensitive codes (UCUM 2.1, c/s column).</summary>
public static class SampleUnits
{
    /// <summary>The codes, at the place of their enum value; none at 0.</summary>
    private static readonly string[] Codes =
        ["", "/min", "{steps}", "%", "mg/dL", "mmol/L", "mm[Hg]", "kg", "[lb_av]", "Cel", "[degF]"];

    public static readonly IReadOnlyList<SampleUnit> All = [.. Enum.GetValues<SampleUnit>().Where(unit => unit != SampleUnit.Foreign)];

    /// <exception cref="ArgumentOutOfRangeException"><see cref="SampleUnit.Foreign"/> has no code.</exception>
    public static string Code(this SampleUnit unit) => unit is not SampleUnit.Foreign && (int)unit < Codes.Length
        ? Codes[(int)unit]
        : throw new ArgumentOutOfRangeException(nameof(unit), unit, "A foreign unit has no code.");
}

namespace Hrms.Domain.Tests;

/// <summary>
/// How many random cases a property is tried on. A mutation run repeats the tests for every mutant, and cuts the cases down with
/// <c>HRMS_CASES_DIVISOR</c> (MUTANTS.md); every other run tries them all.
/// </summary>
internal static class RandomCases
{
    private static readonly int Divisor = int.TryParse(Environment.GetEnvironmentVariable("HRMS_CASES_DIVISOR"), out var divisor) && divisor > 1 ? divisor : 1;

    public static int Of(int usual) => Math.Max(1, usual / Divisor);

    /// <summary>How often something must have come up for the property to be worth anything; with fewer cases nothing is asked, since a chance failure would pass for a killed mutant.</summary>
    public static int AtLeast(int usual) => Divisor == 1 ? usual : 0;
}

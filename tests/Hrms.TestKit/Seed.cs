using System.Globalization;
using Xunit;

namespace Hrms.TestKit;

/// <summary>Chance that can be had again: each test prints its seed, and <c>HRMS_SEED</c> sets it.</summary>
public static class Seed
{
    public const string Variable = "HRMS_SEED";

    public static Random Random(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : System.Random.Shared.Next();
        output.WriteLine($"{Variable}={seed}");
        return new Random(seed);
    }
}

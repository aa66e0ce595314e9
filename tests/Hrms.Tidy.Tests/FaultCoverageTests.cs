using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

/// <summary>Each fault of the ledger's list has a test that names it: <c>[Trait("Fault", "F07")]</c>. Run them with <c>--filter-trait Fault=F07</c>.</summary>
public sealed class FaultCoverageTests
{
    private static readonly IEnumerable<string> Faults = Enumerable.Range(1, 27).Append(30).Select(number => $"F{number:00}");

    [Fact]
    public void EveryFaultOfTheLedger_IsShownByATest()
    {
        var shown = Repository.EndingWith(".cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(path => Regex.Matches(Repository.Text(path), """\[Trait\("Fault", "(F\d\d)"\)\]""")).Select(found => found.Groups[1].Value).ToHashSet();
        Offences.None(Faults.Where(fault => !shown.Contains(fault)));
    }

    [Fact]
    public void EveryNamedPoint_IsPassedByTheProduct()
    {
        var named = Regex.Matches(Repository.Text("silo/Hrms.Domain/Ports/Fault.cs"), "public const string (\\w+) =").Select(found => found.Groups[1].Value);
        var product = string.Concat(Repository.ProductCode().Select(Repository.Text));
        Offences.None(named.Where(point => !product.Contains($"Fault.PointAsync(Fault.{point})", StringComparison.Ordinal)));
    }
}

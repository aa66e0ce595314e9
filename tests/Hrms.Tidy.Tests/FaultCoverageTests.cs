using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

/// <summary>Each fault that the document has to tell of has a test that names it: <c>[Trait("Fault", "F07")]</c>. Run them with <c>--filter-trait Fault=F07</c>.</summary>
public sealed class FaultCoverageTests
{
    private const string Document = "docs/faults.md";
    private static readonly IEnumerable<string> Faults = Enumerable.Range(1, 39).Select(number => $"F{number:00}");

    [Fact]
    public void EveryFault_IsShownByATest()
    {
        var shown = Repository.EndingWith(".cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(path => Regex.Matches(Repository.Text(path), """\[Trait\("Fault", "(F\d\d)"\)\]""")).Select(found => found.Groups[1].Value).ToHashSet();
        Offences.None(Faults.Where(fault => !shown.Contains(fault)));
    }

    [Fact]
    public void TheTableOfFaults_HasEach_WithTestsThatCarryItsName()
    {
        var rows = Regex.Matches(Repository.Text(Document), @"^\| (F\d\d) \|.*\|([^|]*)\|\s*$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => Named(row.Groups[2].Value).ToList());
        Assert.Equal(Faults, rows.Keys);
        Offences.None(
            from row in rows
            from test in row.Value.DefaultIfEmpty()
            where test is null || !Sources(test).Any(source => source.Contains($"[Trait(\"Fault\", \"{row.Key}\")]", StringComparison.Ordinal))
            select $"{row.Key}: {test}");
    }

    [Fact]
    public void EveryTestThatTheTableOfFaultsNames_IsThere()
    {
        var named = Named(Repository.Text(Document)).ToList();
        Assert.NotEmpty(named);
        Offences.None(named.Where(test => !Sources(test).Any(source => Regex.IsMatch(source, $@"\b(Task|void) {test.Split('.')[1]}\("))));
    }

    [Fact]
    public void EveryNamedPoint_IsPassedByTheProduct()
    {
        var named = Regex.Matches(Repository.Text("silo/Hrms.Domain/Ports/Fault.cs"), "public const string (\\w+) =").Select(found => found.Groups[1].Value);
        var product = string.Concat(Repository.ProductCode().Select(Repository.Text));
        Offences.None(named.Where(point => !product.Contains($"Fault.PointAsync(Fault.{point})", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Named(string text) => Regex.Matches(text, @"`(\w+Tests\.\w+)`").Select(found => found.Groups[1].Value);

    /// <summary>The files of a test's class.</summary>
    private static IEnumerable<string> Sources(string test) =>
        Repository.EndingWith($"/{test.Split('.')[0]}.cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal)).Select(Repository.Text);
}

using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

/// <summary>Log lines are declared, and hold ids, counts and names of faults: nothing of a patient's.</summary>
public sealed class LogsTests
{
    /// <summary>What a log line may name. Add to it only what can never hold a person's data.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "stream", "version", "lane", "number", "from", "through", "batch", "epoch", "position", "hash", "node", "connectionId", "traceId", "lanes", "method",
        "appends", "rows", "attempt", "attempts", "operations", "closeCode", "code", "sqlState", "count", "elapsed", "milliseconds",
        "fault", "exception", "reason", "hint", "detail", "field", "grain", "url", "port", "state",
    };

    [Fact]
    public void NoLogLineIsComposedInPlace() => Offences.None(
        from path in Repository.ProductCode()
        from found in Repository.Lines(path).Select((line, i) => (line, i))
        where Regex.IsMatch(found.line, @"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\((?!\s*\))") && !found.line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            && !Regex.IsMatch(found.line, @"Math\.Log\(")
        select $"{path}:{found.i + 1}");

    [Fact]
    public void ADeclaredLine_NamesOnlyWhatCanHoldNoPersonsData()
    {
        var declared = (
            from path in Repository.ProductCode()
            from Match found in Regex.Matches(Repository.Text(path), @"\[LoggerMessage\([^\]]*\]\s*(?:\[[^\]]*\]\s*)*[\w\s]*void\s+(\w+)\(([^)]*)\)")
            from parameter in found.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            where !Regex.IsMatch(parameter, @"\bILogger\b")
            select (Place: $"{path}: {found.Groups[1].Value}", Name: parameter.Split(' ')[^1])).ToList();
        Assert.True(declared.Count > 10);
        Offences.None(declared.Where(line => !Harmless.Contains(line.Name)));
    }
}

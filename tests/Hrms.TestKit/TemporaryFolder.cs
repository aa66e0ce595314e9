using System.Text;
using System.Text.RegularExpressions;

namespace Hrms.TestKit;

/// <summary>
/// A folder of one test's own, removed with everything in it when disposed. Before that every log in it is searched for what the sample patients' Bundles say
/// of them, and for tokens: the servers' logs, and what the hosts under test wrote. So all logs of a test run are searched, whatever the test was about.
/// </summary>
public sealed partial class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hrms-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        List<string> found = [.. Directory.EnumerateFiles(Path, "*.log", SearchOption.AllDirectories).SelectMany(Told)];
        Directory.Delete(Path, recursive: true);
        if (found.Count > 0)
            throw new InvalidOperationException($"A log tells of patients or holds a token, and must hold ids and counts only: {string.Join("; ", found.Distinct().Take(20))}");
    }

    /// <summary>JWS and JWE, compact: each begins with the base64url of <c>{"</c>.</summary>
    [GeneratedRegex(@"eyJ[\w-]{10,}\.[\w-]{10,}\.")]
    private static partial Regex Token();

    /// <summary>Line by line: a log at its finest level can be larger than one text may be.</summary>
    private static IEnumerable<string> Told(string log)
    {
        var number = 0;
        foreach (var line in File.ReadLines(log, Encoding.Latin1))
        {
            number++;
            if (Token().Match(line) is { Success: true } token)
                yield return $"a token behind '{line[Math.Max(0, token.Index - 60)..token.Index]}' in line {number} of {System.IO.Path.GetFileName(log)}";
            foreach (var text in Canaries.OfTheSamples.InLatin1(line))
                yield return $"'{text}' in line {number} of {System.IO.Path.GetFileName(log)}";
        }
    }
}

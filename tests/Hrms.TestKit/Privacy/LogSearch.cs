using System.Text.RegularExpressions;

namespace Hrms.TestKit;

/// <summary>Searches what hosts under test wrote, once all is said: line by line, since a log at its finest level is larger than memory should be.</summary>
public static partial class LogSearch
{
    /// <summary>How the lines begin in which metrics are noted (<see cref="Telemetry"/>).</summary>
    public const string Metric = "metric ";

    /// <summary>What is found in a folder's logs, each with its place.</summary>
    public static IEnumerable<string> In(string folder)
    {
        LearnSecrets(folder);
        return Directory.EnumerateFiles(folder, "*log", SearchOption.AllDirectories).SelectMany(InFile);
    }

    private static IEnumerable<string> InFile(string log)
    {
        var (number, isOtlp) = (0, Path.GetFileName(log) == OtlpReceiver.File);
        foreach (var line in File.ReadLines(log))
        {
            number++;
            foreach (var found in isOtlp ? Said.In(line).Union(Said.In(line, anywhere: true)) : Said.In(line))
                yield return $"{found} in line {number} of {Path.GetFileName(log)}: {Beginning(line)}";
            // Logs and traces hold ids, which are pseudonyms (ADR 3); whoever reads metrics has no need of a single person's or record's.
            if (line.StartsWith(Metric, StringComparison.Ordinal) && Id().IsMatch(line))
                yield return $"an id in {Path.GetFileName(log)}: {Beginning(line)}";
        }
    }

    /// <summary>The hosts' keys and passwords, and the links that went out by mail.</summary>
    private static void LearnSecrets(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (file.EndsWith(".eml", StringComparison.Ordinal))
                Learn(Link().Matches(File.ReadAllText(file)), "the secret of a mailed link");
            else if (IsKeyFile(file))
                Learn(Key().Matches(File.ReadAllText(file)), $"a key of {Path.GetFileName(file)}");
        }
    }

    private static void Learn(IEnumerable<Match> found, string kind)
    {
        foreach (var match in found.Where(match => !Guid.TryParse(match.Groups[1].Value, out _)))
            Said.Secret(match.Groups[1].Value, kind);
    }

    private static bool IsKeyFile(string file) => Path.GetFileName(file) is "vault.json" or "identity.json" or "lanes.json" or "member.pem" or "password" or "development-issuer.pem";

    private static string Beginning(string line) => line[..Math.Min(line.Length, 160)];

    [GeneratedRegex(@"[?&][a-z]+=([\w%.-]{16,})")]
    private static partial Regex Link();

    /// <summary>What a file of keys holds besides ids and addresses, which are shorter.</summary>
    [GeneratedRegex(@"(?<![\w+/])((?:0x)?[\w+/-]{43,}=*|\A[\w-]{16,}\s*\z)")]
    private static partial Regex Key();

    [GeneratedRegex("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")]
    private static partial Regex Id();
}

using System.Diagnostics;

namespace Hrms.Tidy.Tests;

/// <summary>The repository's own files: those git tracks or would track, and in an exported tree all that no build made.</summary>
internal static class Repository
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", ".hrms", "TestResults", ".git"];

    public static readonly string Root = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes, in order.</summary>
    public static readonly IReadOnlyList<string> Files = [.. (Tracked() ?? Walked()).Where(path => File.Exists(Full(path))).Order(StringComparer.Ordinal)];

    /// <summary>Only what is in git's index; null outside a checkout.</summary>
    public static IReadOnlyList<string>? Index => Git("ls-files");

    public static string Full(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(Full(path));

    public static string[] Lines(string path) => File.ReadAllLines(Full(path));

    public static IEnumerable<string> EndingWith(string end) => Files.Where(path => path.EndsWith(end, StringComparison.Ordinal));

    /// <summary>C# of the product, without the tests.</summary>
    public static IEnumerable<string> ProductCode() => EndingWith(".cs").Where(path => !path.StartsWith("tests/", StringComparison.Ordinal));

    private static List<string>? Tracked() => Git("ls-files --cached --others --exclude-standard");

    private static List<string>? Git(string arguments)
    {
        if (!Path.Exists(Full(".git")))
            return null;
        using var git = Process.Start(new ProcessStartInfo("git", $"-c core.quotePath=off {arguments}") { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {arguments} ended with {git.ExitCode}.");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static IEnumerable<string> Walked() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(Made.Contains));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No HrmsOrleans.sln above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }
}

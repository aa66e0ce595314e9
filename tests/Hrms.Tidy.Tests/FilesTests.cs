using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

public sealed class FilesTests
{
    private const int LinesMax = 300;

    /// <summary>Longer files, each with why it is one.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    [Fact]
    public void NoCSharpFile_IsLongerThanOneSubjectNeeds()
    {
        var longer = Repository.EndingWith(".cs").Where(path => Repository.Lines(path).Length > LinesMax).ToList();
        Assert.Equal(LongFiles.Keys.Order(StringComparer.Ordinal), longer);
    }

    [Fact]
    public void NothingThatABuildOrARunMakes_IsTracked()
    {
        if (Repository.Index is null)
            Assert.Skip("Not a git checkout: nothing is tracked here.");
        Offences.None(Repository.Index.Where(path => path.Split('/').Any(part => part is ".hrms" or "node_modules" or "bin" or "obj" or "TestResults")));
    }

    [Fact]
    public void LockFiles_NameNoRegistry() => Offences.None(
        Repository.Files.Where(path => Path.GetFileName(path) == "package-lock.json" && Repository.Text(path).Contains("\"resolved\"", StringComparison.Ordinal)));

    [Fact]
    public void NoPrivateKeyOrToken_IsInAFile() => Offences.None(
        Repository.Files.Where(path => new FileInfo(Repository.Full(path)).Length < 1 << 20)
            .Where(path => Regex.IsMatch(Repository.Text(path), "-----BEGIN [A-Z ]*PRIVATE KEY-----" + @"|\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}")));

    [Fact]
    public void EveryRelativeLink_LeadsToAFile_AndEachHeadingItNamesIsThere()
    {
        var broken =
            from path in Repository.EndingWith(".md")
            from Match found in Regex.Matches(Regex.Replace(Repository.Text(path), "```.*?```", "", RegexOptions.Singleline), @"\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")
            let target = found.Groups[1].Value
            where !Regex.IsMatch(target, "^[a-z][a-z0-9+.-]*:")
            where !Leads(path, target)
            select $"{path} -> {target}";
        Offences.None(broken);
    }

    [Fact]
    public void Migrations_AreNumberedWithoutAGap()
    {
        var folders = Repository.EndingWith(".sql").Where(path => path.Contains("/Migrations/", StringComparison.Ordinal)).ToLookup(path => Path.GetDirectoryName(path), path => Path.GetFileName(path));
        Assert.NotEmpty(folders);
        foreach (var names in folders.Select(folder => folder.ToList()))
            for (var i = 0; i < names.Count; i++)
                Assert.Matches($"^{i + 1:D4}_[a-z0-9_]+\\.sql$", names[i]);
    }

    [Fact]
    public void EveryPackageVersion_IsSaidOnce() => Offences.None(
        Repository.EndingWith(".csproj").Where(path => Regex.IsMatch(Repository.Text(path), "<PackageReference[^>]*Version=")));

    private static bool Leads(string from, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? from : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, parts[0]));
        if (!Path.Exists(Repository.Full(path)))
            return false;
        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)
            || Repository.Lines(path).Where(line => line.StartsWith('#')).Select(Anchor).Contains(parts[1]);
    }

    private static string Anchor(string heading) =>
        Regex.Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-');
}

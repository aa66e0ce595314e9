using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hrms.Tidy.Tests;

/// <summary>One command runs every test, on the real parts, and leaves none out.</summary>
[Trait("Feature", "93")]
public sealed class RealPartsTests
{
    /// <summary>Product projects that speak to PostgreSQL or to the ledger.</summary>
    private static readonly string[] Outside = ["Hrms.Storage", "Hrms.Ledger", "Hrms.Silo", "Hrms.Api", "Hrms.Embedded"];

    /// <summary>Where a test may end without a result, and why.</summary>
    private static readonly Dictionary<string, string> MayNotRun = new()
    {
        ["tests/Hrms.TestKit/EmbeddedPrograms.cs"] = "The services' programs are missing; in CI that fails.",
        ["tests/Hrms.TestKit/PostgresFixture.cs"] = "A test that kills PostgreSQL was given a running one.",
        ["tests/Hrms.TestKit/EvmNodeFixture.cs"] = "A test that kills the node was given a running one.",
        ["tests/Hrms.TestKit/SampleData.cs"] = "The samples are kept beside the repository.",
        ["tests/Hrms.Faults.Tests/Harness/RunningHost.cs"] = "A test that kills services was given running ones.",
        ["tests/Hrms.Faults.Tests/Harness/Networks.cs"] = "Network namespaces need root, Linux and its programs for them.",
        ["tests/Hrms.Faults.Tests/Harness/SmallDisk.cs"] = "Mounting a file system needs root and Linux.",
        ["tests/Hrms.Embedded.Tests/UserTests.cs"] = "Changing the user needs root and Linux.",
        ["tests/Hrms.Storage.Tests/KeyTests.cs"] = "File modes are Unix's.",
        ["tests/Hrms.Storage.Tests/JournalBenchmark.cs"] = "A measurement, run by hand.",
        ["tests/Hrms.Tidy.Tests/FilesTests.cs"] = "An exported tree has no index.",
    };

    public static TheoryData<string> TestProjects => [.. Repository.EndingWith(".Tests.csproj")];

    [Fact]
    public void TheTestCommand_RunsThePlatformThatTheProjectsAreBuiltFor()
    {
        using var settings = JsonDocument.Parse(Repository.Text("global.json"));
        Assert.Equal("Microsoft.Testing.Platform", settings.RootElement.GetProperty("test").GetProperty("runner").GetString());
        var properties = XDocument.Parse(Repository.Text("Directory.Build.props")).Descendants("PropertyGroup")
            .Single(group => group.Attribute("Condition")?.Value.Contains("IsTestProject", StringComparison.Ordinal) == true);
        Assert.Equal("Exe", properties.Element("OutputType")?.Value);
        Assert.Equal("true", properties.Element("UseMicrosoftTestingPlatformRunner")?.Value);
    }

    [Theory, MemberData(nameof(TestProjects))]
    public void ATestProject_IsInTheSolutionAndRunsAsItStands(string project)
    {
        Assert.Contains(project.Replace('/', '\\'), Repository.Text("HrmsOrleans.sln"), StringComparison.Ordinal);
        var own = XDocument.Parse(Repository.Text(project)).Descendants().Select(element => element.Name.LocalName);
        Offences.None(own.Intersect(["OutputType", "IsTestProject", "UseMicrosoftTestingPlatformRunner", "TestingPlatformDotnetTestSupport"]));
    }

    [Theory, MemberData(nameof(TestProjects))]
    public void ATestProject_OfWhatSpeaksToOutside_StartsTheRealServices(string project)
    {
        var referenced = XDocument.Parse(Repository.Text(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).ToList();
        if (!referenced.Intersect(Outside).Any())
            return;
        Assert.Contains("Hrms.TestKit", referenced);
        var code = string.Concat(Code(Path.GetDirectoryName(project)!.Replace('\\', '/') + "/").Select(Repository.Text));
        Assert.Matches(@"\b(PostgresFixture|EvmNodeFixture|EmbeddedHost|EmbeddedServices)\b", code);
    }

    [Fact]
    public void NoTest_PutsSomethingElseInTheServicesPlace() => Offences.None(
        from path in Code("tests/")
        where path != "tests/Hrms.Tidy.Tests/RealPartsTests.cs"
        from Match found in Regex.Matches(
            Repository.Text(path), @"\b(AddMemoryGrainStorage\w*|UseInMemoryReminderService|UseLocalhostClustering|TestClusterBuilder|Moq|NSubstitute|FakeItEasy|Testcontainers)\b")
        select $"{path}: {found.Value}");

    [Fact]
    public void NoTest_IsLeftOut_ButForANamedReason()
    {
        var leavingOut = Code("tests/").Where(path => path != "tests/Hrms.Tidy.Tests/RealPartsTests.cs"
            && Regex.IsMatch(Repository.Text(path), @"\bSkip\w*\s*=|\bExplicit\s*=\s*true|Assert\.Skip|#if\b")).ToList();
        Offences.None(leavingOut.Where(path => !MayNotRun.ContainsKey(path)));
        // A reason that nobody needs any more goes.
        Assert.Empty(MayNotRun.Keys.Except(leavingOut));
    }

    private static IEnumerable<string> Code(string folder) => Repository.EndingWith(".cs").Where(path => path.StartsWith(folder, StringComparison.Ordinal));
}

using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

/// <summary>Whatever runs the product, or a part of it, in a test has its logs, traces and metrics searched for personal data and secrets (compliance P41).</summary>
public sealed class PrivacyWatchTests
{
    private const string Itself = "tests/Hrms.Tidy.Tests/PrivacyWatchTests.cs";

    /// <summary>Hosts and processes that say nothing of persons, and why.</summary>
    private static readonly Dictionary<string, string> Silent = new()
    {
        ["tests/Hrms.Api.Tests/EndToEnd/DeviceTests.cs"] = "A device's program, which asks.",
        ["tests/Hrms.Api.Tests/EndToEnd/StartTests.cs"] = "Nobody comes in, and its start is measured as people have it.",
        ["tests/Hrms.Api.Tests/GraphQLHttp/GraphQLAudit.cs"] = "A program of others, which asks.",
        ["tests/Hrms.Api.Tests/Identity/Harness/AppOnThisMachine.cs"] = "An app of others, which shows one page.",
        ["tests/Hrms.Api.Tests/Identity/Harness/ClientOfOthers.cs"] = "An app of others.",
        ["tests/Hrms.Api.Tests/Errors/UnavailableAnswerTests.cs"] = "One edge with nothing behind it.",
        ["tests/Hrms.Faults.Tests/Harness/Networks.cs"] = "Programs of the system.",
        ["tests/Hrms.Faults.Tests/Harness/SmallDisk.cs"] = "A program of the system.",
        ["tests/Hrms.Embedded.Tests/OwnerProcess.cs"] = "PostgreSQL and the ledger's node alone; their logs are in its folder.",
        ["tests/Hrms.Load.Tests/CpuMeterTests.cs"] = "A shell that counts.",
        ["tests/Hrms.Ledger.Tests/Rpc/ScriptedNode.cs"] = "A node's stand-in.",
        ["tests/Hrms.Ledger.Tests/Support/NodeProgram.cs"] = "A program of others, which checks.",
        ["tests/Hrms.TestKit/MisbehavingNode.cs"] = "A node's stand-in.",
        ["tests/Hrms.TestKit/Privacy/OtlpReceiver.cs"] = "It hears.",
        ["tests/Hrms.Tidy.Tests/Repository.cs"] = "It asks git.",
    };

    [Fact]
    public void EveryHostAndProcess_IsHeard()
    {
        var starting = Code().Where(path => Regex.IsMatch(Repository.Text(path), @"\b(WebApplication|Host)\.Create\w*\(|\bEmbeddedHost\.StartAsync\(|\bnew (ProcessStartInfo|HostBuilder|WebHostBuilder|TestServer)\b")).ToList();
        Assert.True(starting.Count > 10);
        Offences.None(starting.Where(path => !Silent.ContainsKey(path) && !Regex.IsMatch(Repository.Text(path), @"\.AddFileLog\(|\bPrivacyWatch\.Variables\b")));
        // A reason that nobody needs any more goes.
        Assert.Empty(Silent.Keys.Except(starting));
    }

    [Fact]
    public void EveryAssemblyThatRunsTheProduct_HasTheWatch()
    {
        var heard = OfTests().Where(path => Regex.IsMatch(Repository.Text(path), @"\.AddFileLog\(|\bPrivacyWatch\.Variables\b")).Select(path => path.Split('/')[1]).ToHashSet();
        var watched = OfTests().Where(path => Repository.Text(path).Contains("[assembly: AssemblyFixture(typeof(PrivacyWatch))]", StringComparison.Ordinal)).Select(path => path.Split('/')[1]).ToHashSet();
        Assert.Contains("Hrms.Api.Tests", heard);
        Assert.Equal(heard.Order(StringComparer.Ordinal), watched.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NoHost_KeepsItsLogElsewhere() => Offences.None(
        from path in Code()
        where path != "tests/Hrms.TestKit/Logs/FileLog.cs"
        from Match found in Regex.Matches(Repository.Text(path), @"\bnew FileLog\(")
        select $"{path}: {found.Value} Use AddFileLog.");

    private static IEnumerable<string> OfTests() => Code().Where(path => path.Split('/')[1] != "Hrms.TestKit");

    private static IEnumerable<string> Code() => Repository.EndingWith(".cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path != Itself);
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hrms.Embedded;
using Hrms.Load.Running;
using Hrms.TestKit;

[assembly: AssemblyFixture(typeof(PrivacyWatch))]

namespace Hrms.Load.Tests;

/// <summary>A tester's runs on a system that the program starts itself: correctness under load, and what the exit code says. Times are not asserted.</summary>
[Trait("Feature", "110")]
public sealed class ScenarioTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mixed-day"), InlineData("import"), InlineData("fan-out"), InlineData("verification"), InlineData("graphql-and-rest")]
    [Trait("Feature", "38")]
    public async Task AShortRun_KeepsWhatItAcknowledged(string scenario)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, said) = await RunAsync(
            scenario, "--clients", "6", "--patients", "12", "--rounds", "2", "--warmup", "1", "--simulate", "ramping_constant 6 1s, inject 30/s 1s", "--json", folder["run.json"],
            "--html", folder["run.html"], "--junit", folder["run.xml"], "--hgrm", folder["hgrm"]);
        Assert.True(exitCode == 0, said);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["run.json"]));
        Assert.All(json.RootElement.GetProperty("rounds").EnumerateArray(), round => Assert.True(round.GetProperty("count").GetInt64() > 0));
        Assert.Equal(2, Directory.GetFiles(folder["hgrm"]).Length);
        Assert.True(File.Exists(folder["run.html"]) && File.Exists(folder["run.xml"]));
    }

    /// <summary>A day of samples that a device sent, hour by hour; and batches at an open rate. What the marks of both are is said by the program, and not asserted here.</summary>
    [Theory]
    [InlineData("samples", "look"), InlineData("wearables", "send")]
    [Trait("Feature", "76"), Trait("Feature", "77")]
    public async Task SamplesOfDevices_AreThereOnce_AndAreShownByTheHour(string scenario, string step)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, said) = await RunAsync(
            scenario, "--clients", "2", "--patients", "2", "--rounds", "1", "--warmup", "1", "--rate", "10", "--duration", "1", "--threshold", $"{step} p95 < 600000ms", "--json", folder["run.json"]);
        Assert.True(exitCode == 0, said);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["run.json"]));
        Assert.Equal(10, json.RootElement.GetProperty("rounds")[0].GetProperty("count").GetInt64());
        Assert.Contains(scenario == "samples" ? "ok     every sample of each day is there once: 2 days of 86400 samples" : "ok     every acknowledged sample is there once: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeSignIns_HaveFiguresForEachOfTheirRequests_AndAreInTheAccountsHistories()
    {
        using var folder = new TemporaryFolder();
        // One client, so that what it does in turn is done by both ways.
        var (exitCode, said) = await RunAsync(
            "sign-in", "--clients", "1", "--patients", "16", "--rounds", "1", "--warmup", "1", "--simulate", "inject 4/s 1s", "--threshold", "token p99 < 600000ms", "--json", folder["run.json"]);
        Assert.True(exitCode == 0, said);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["run.json"]));
        var round = json.RootElement.GetProperty("rounds")[0];
        var steps = round.GetProperty("steps").EnumerateObject().ToDictionary(step => step.Name, step => step.Value.GetProperty("count").GetInt64());
        Assert.Equal((4, 4), (round.GetProperty("count").GetInt64(), steps["by-passkey"] + steps["by-password"]));
        Assert.Equal((steps["by-passkey"], steps["by-password"]), (steps["passkey"], steps["second-factor"]));
        Assert.All((string[])["sign-in-page", "consent", "token", "refresh", "first-question"], part => Assert.Equal(4, steps[part]));
    }

    [Fact]
    public async Task AMissedMark_IsTheExitCode_AndAMistypedOneIsToldBeforeAnythingStarts()
    {
        var (missed, said) = await RunAsync("decisions", "--clients", "2", "--rounds", "1", "--duration", "1", "--warmup", "1", "--threshold", "p50 < 0ms");
        Assert.True(missed == 1, said);
        Assert.Contains("FAILED p50 < 0ms", said, StringComparison.Ordinal);

        var began = Stopwatch.GetTimestamp();
        var (mistyped, told) = await RunAsync("mixed-day", "--threshold", "p98 < 5ms");
        Assert.Equal(2, mistyped);
        Assert.Contains("The threshold 'p98 < 5ms' is not", told, StringComparison.Ordinal);
        Assert.DoesNotContain("PostgreSQL ready", told, StringComparison.Ordinal);
        output.WriteLine($"Told after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task ASystemThatDoesNotAnswer_IsARunThatCouldNotBeMade_AndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        // As a running system leaves it: a port, and a password.
        Directory.CreateDirectory(folder["postgres/data"]);
        File.WriteAllText(folder["postgres/password"], "unused");
        File.WriteAllLines(folder["postgres/data/postmaster.pid"], ["0", "", "", "1"]);
        var (exitCode, said) = await RunAsync("changes", "--url", "http://127.0.0.1:1", "--data", folder.Path, "--clients", "1", "--patients", "1");
        Assert.True(exitCode == 2, said);
        Assert.Contains("SocketException: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    /// <summary>Two of the goals, at a size that says nothing: each has its line, and what is not kept is the exit code. Whether the marks are reached is not asserted.</summary>
    [Fact]
    public async Task SomeGoals_AreMeasuredPrintedAndWritten()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, said) = await RunAsync(
            "goals", "--only", "P7", "P8", "--repeats", "1", "--duration", "1", "--warmup", "1", "--clients", "4", "--patients", "8", "--markdown", folder["goals.md"], "--json", folder["goals.json"]);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["goals.json"]));
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["P7", "P8"], results.Select(result => result.GetProperty("goal").GetProperty("id").GetString()));
        Assert.True(exitCode == (results.All(result => result.GetProperty("reached").GetBoolean()) ? 0 : 1), said);
        Assert.DoesNotContain("FAILED", said, StringComparison.Ordinal);
        Assert.Contains("ok     every acknowledged change is listed, and nothing else: ", said, StringComparison.Ordinal);
        Assert.Contains("| P8 | ", File.ReadAllText(folder["goals.md"]), StringComparison.Ordinal);

        var (mistyped, told) = await RunAsync("goals", "--only", "P99");
        Assert.True(mistyped == 2, told);
    }

    /// <summary>One silo, two silos, each with all that was acknowledged afterwards, and with the CPU of a change by process; at a size that says nothing.</summary>
    [Fact]
    [Trait("Feature", "107")]
    public async Task MoreSilos_AreMeasuredInTurn_AndWrittenDown()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, said) = await RunAsync(
            "silos", "--most", "2", "--apis", "2", "--repeats", "1", "--clients", "4", "--patients", "8", "--duration", "1", "--warmup", "1", "--markdown", folder["silos.md"]);
        var text = File.ReadAllText(folder["silos.md"]);
        Assert.Contains("- ok: after each round all that was acknowledged is there and on the ledger (0 checks of 2 rounds failed)", text, StringComparison.Ordinal);
        Assert.Contains("- 2 silos: ", text, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Matches(@"- 1 silo: [\d,]+ changes/s \(.*\), 1.00 times those of one; CPU of a change: generator \d+, silo \d+, api \d+, PostgreSQL \d+, node \d+, together \d+ µs", text);
        // Where there are cores enough, throughput has to grow, which so short a run need not show.
        Assert.True(exitCode == (text.Contains("- FAILED: throughput grows", StringComparison.Ordinal) ? 1 : 0), said);
    }

    /// <summary>Silos and API processes that somebody else started, as deploy has them: told by address, database, and the folder of the authority that both sides know.</summary>
    [Fact]
    [Trait("Feature", "107")]
    public async Task ProcessesThatRunAlready_AreMeasuredAsTheyAre()
    {
        EmbeddedPrograms.SkipWhenMissing();
        OneSystem.LetProcessesBeHeard();
        await using var cluster = await SiloCluster.StartAsync(silos: 1, apis: 2, _ => { }, TestContext.Current.CancellationToken);
        string[] running = ["reads", .. cluster.Urls.SelectMany(url => (string[])["--url", url.ToString()]), "--database", cluster.System.Database.ConnectionString];
        string[] small = ["--clients", "4", "--patients", "4", "--rounds", "1", "--duration", "1", "--warmup", "1"];
        var (exitCode, said) = await RunAsync([.. running, "--data", cluster.AuthorityFolder, .. small]);
        Assert.True(exitCode == 0, said);
        Assert.Contains("ok     the contract has the newest batch", said, StringComparison.Ordinal);

        var (without, told) = await RunAsync([.. running, .. small]);
        Assert.True(without == 2, told);
        Assert.Contains("--database needs --data", told, StringComparison.Ordinal);
    }

    /// <summary>What is measured at size keeps what it acknowledged, checks out as the product's own, and goes on where it was interrupted; at a size that says nothing about time.</summary>
    [Fact]
    [Trait("Feature", "40")]
    public async Task AHistoryMadeInBulk_IsPagedWhole_AlsoByALaterRun()
    {
        using var folder = new TemporaryFolder();
        string[] small = ["history", "--data", folder["data"], "--lines", "14000", "--patients", "12", "--largest", "12000", "--samples", "8", "--limit", "60000", "--markdown", folder["history.md"]];
        for (var run = 0; run < 2; run++)
        {
            var (exitCode, said) = await RunAsync(small);
            Assert.True(exitCode == 0, said);
            Assert.Contains("ok     the check of that history finds nothing wrong: ", said, StringComparison.Ordinal);
        }
        Assert.Contains("12 partitions", File.ReadAllText(folder["history.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PatientsMadeInBulk_BecomeActive_AndAreCollected()
    {
        var (exitCode, said) = await RunAsync("patients", "--registered", "300", "--active", "200", "--records", "3");
        Assert.True(exitCode == 0, said);
    }

    /// <summary>Settled lines locked, lanes paused, followers held back: every read is answered, and every line is there and on the ledger afterwards.</summary>
    [Fact]
    [Trait("Feature", "47")]
    public async Task ReadsGoOn_WhileTheAuditBehindTheJournalStandsStill_AndNothingIsLost()
    {
        var (exitCode, said) = await RunAsync("audit", "--clients", "6", "--patients", "8", "--repeats", "1", "--duration", "3", "--warmup", "1", "--rate", "40", "--growth", "1000000");
        Assert.True(exitCode == 0, said);
        Assert.Contains("ok     every read has its access line: ", said, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        EmbeddedPrograms.SkipWhenMissing();
        var dotnet = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "hrms-load.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Private services, whatever the tests themselves run on: what is counted must be its own.
        (start.Environment[EmbeddedServices.PostgresVariable], start.Environment[EmbeddedServices.LedgerVariable]) = (null, null);
        foreach (var (name, value) in PrivacyWatch.Variables)
            start.Environment[name] = value;
        using var folder = new TemporaryFolder();
        using var process = Process.Start(start)!;
        var (said, errors) = (KeepAsync(process.StandardOutput, folder["hosts.log"]), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + await errors);
    }

    /// <summary>What the program says itself; what its hosts log goes to a file.</summary>
    private static async Task<string> KeepAsync(StreamReader output, string logFile)
    {
        await using var log = new StreamWriter(logFile);
        var said = new StringBuilder();
        while (await output.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (!Regex.IsMatch(line, @"^\d{4}-\d\d-\d\dT[\d:.]+Z "))
                said.AppendLine(line);
        }
        return said.ToString();
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>The clock runs: nothing else of this assembly runs beside these.</summary>
[CollectionDefinition(nameof(StartTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary>One command brings everything up, and takes all of it down.</summary>
[Collection(nameof(StartTests))]
public sealed partial class StartTests(ITestOutputHelper output)
{
    private const int LaterStarts = 4;
    private static readonly TimeSpan FirstStartMax = TimeSpan.FromSeconds(60), LaterStartMax = TimeSpan.FromSeconds(10), StopMax = TimeSpan.FromSeconds(20);

    [Fact, Trait("Feature", "92")]
    public async Task Command_StartsEverythingWithinItsTimeAndStopsAllOfIt()
    {
        EmbeddedPrograms.SkipWhenMissing();
        using var folder = new TemporaryFolder();

        var first = await StartAndStopAsync(folder["data"]);
        // Other tests' processes want the machine, too: what the command can do shows when they leave it some.
        List<TimeSpan> later = [];
        do
            later.Add(await StartAndStopAsync(folder["data"]));
        while (later[^1] >= LaterStartMax && later.Count < LaterStarts);

        var seconds = string.Join(", ", later.Select(start => $"{start.TotalSeconds:0.0} s"));
        output.WriteLine($"First start ready after {first.TotalSeconds:0.0} s, later after {seconds}.");
        Assert.True(first < FirstStartMax, $"The first start took {first.TotalSeconds:0.0} s.");
        Assert.True(later[^1] < LaterStartMax, $"The later starts took {seconds}.");
    }

    private async Task<TimeSpan> StartAndStopAsync(string data)
    {
        // Configuration/framework of this build, so that what is tested is what was built with it.
        var built = Path.GetRelativePath(Path.Combine(RepositoryFolder.Root, "tests", "Hrms.Api.Tests", "bin"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(RepositoryFolder.Root, "api", "bin", built, "Hrms.Api.dll"), "--data", data, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            List<int> ports = [];
            Uri? url = null;
            while (url is null && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (Port().Match(line) is { Success: true } port)
                    ports.Add(int.Parse(port.Groups[1].Value));
                if (line.StartsWith("HRMS ready: ", StringComparison.Ordinal))
                    url = new Uri(line["HRMS ready: ".Length..]);
            }
            var ready = Stopwatch.GetElapsedTime(began);
            Assert.NotNull(url);
            var reading = process.StandardOutput.ReadToEndAsync();
            await AssertHealthyAsync(url);
            Assert.Equal(3, ports.Distinct().Count());
            Assert.All(ports, port => Assert.True(Answers(port)));

            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            using var limit = new CancellationTokenSource(StopMax);
            await process.WaitForExitAsync(limit.Token);

            Assert.Equal(0, process.ExitCode);
            Assert.All(ports, port => Assert.False(Answers(port), $"Something still listens on port {port}."));
            await reading;
            return ready;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task AssertHealthyAsync(Uri url)
    {
        using var http = new HttpClient { BaseAddress = url };
        foreach (var path in new[] { "health/live", "health/ready" })
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode}.");
        }
    }

    private static bool Answers(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The addresses that the process prints: PostgreSQL's, the node's and its own.</summary>
    [GeneratedRegex(@"^HRMS .*ready.*127\.0\.0\.1:(\d+)")]
    private static partial Regex Port();
}

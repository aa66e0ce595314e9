using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Hrms.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.Privacy;

/// <summary>The search of a whole run finds what it looks for: a run in which a host tells of a person, in each way there is, fails at its end and names each place.</summary>
[Trait("Feature", "85")]
public sealed class PlantedLeaksTests(ITestOutputHelper output)
{
    private const string Variable = "HRMS_PLANTED_LEAKS", Family = "Thornquillet", Email = "ottilie.7731@example.org";

    private static readonly ActivitySource Source = new("Planted");
    private static readonly Counter<long> Count = new Meter("Planted").CreateCounter<long>("planted");

    [Fact]
    public async Task ARunWhoseHostTellsOfAPerson_Fails_AndNamesEachPlace()
    {
        var dotnet = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());
        var start = new ProcessStartInfo(dotnet, [typeof(PlantedLeaksTests).Assembly.Location, "--filter-method", $"*{nameof(PlantedLeaksTests)}.{nameof(Planted)}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = "1";
        using var run = Process.Start(start)!;
        var said = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        output.WriteLine(said);

        Assert.NotEqual(0, run.ExitCode);
        // The test itself found its log; what follows only the run's end can tell.
        Assert.DoesNotContain("Assert.", said, StringComparison.Ordinal);
        foreach (var place in new[]
        {
            $"'{Email}' in line \\d+ of telemetry.log: planted.tag planted", $"'{Email}' in line \\d+ of telemetry.log: exception exception.message planted", "an id in telemetry.log: metric planted record",
            $"'{Family}' in an answer with 400: POST /other", $"'{Email}' in the address of a redirect: GET /lost", "token in the address of a request: GET /lost",
            "token in the address of a request: GET /graphql", $"'{Email}' in the address of a request: GET /fhir", $"'{Email}' in the address of a redirect: GET /away",
        })
            Assert.Matches(place, said);
    }

    /// <summary>Does nothing in a run that is not to fail.</summary>
    [Fact]
    public async Task Planted()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            return;
        var folder = new TemporaryFolder();
        await using (var app = await LeakAsync(folder["planted.log"]))
        {
            using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
            await http.PostAsJsonAsync("/person", new { family = Family, email = Email }, TestContext.Current.CancellationToken);
            await http.PostAsJsonAsync("/other", new { }, TestContext.Current.CancellationToken);
            var token = $"{"eyJ"}hbGciOiJub25lIn0.eyJzdWIiOiIxIn0x.x";
            // Also where a parameter is called as one that people's pages have, which is good once there.
            foreach (var address in new[] { $"/lost?access={token}", $"/graphql?token={token}", $"/fhir?launch={Email}", "/away" })
                await http.GetAsync(address, TestContext.Current.CancellationToken);
        }
        // Logs are told of with the folder that they are in; all else at the run's end.
        var told = Assert.Throws<InvalidOperationException>(folder.Dispose).Message;
        Assert.Matches($"'{Family}' in line \\d+ of planted.log: Debug {typeof(PlantedLeaksTests).FullName} ", told);
    }

    private static async Task<WebApplication> LeakAsync(string logFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddFileLog(logFile);
        var app = builder.Build();
        app.MapPost("/person", (ILogger<PlantedLeaksTests> log) =>
        {
            log.Log(LogLevel.Debug, default, Family, null, (family, _) => $"{family} was here");
            using var span = Source.StartActivity("planted");
            span?.SetTag("planted.tag", Email);
            span?.AddException(new InvalidOperationException($"No {Email}."));
            Count.Add(1, new KeyValuePair<string, object?>("record", Guid.NewGuid()));
        });
        app.MapPost("/other", () => Results.Json(new { title = $"No {Family}." }, statusCode: 400));
        app.MapGet("/away", () => Results.Redirect($"https://app.example/?code=1&invitation={Email}"));
        app.MapGet("/lost", () => Results.Redirect($"/found?email={Email}"));
        await app.StartAsync();
        return app;
    }
}

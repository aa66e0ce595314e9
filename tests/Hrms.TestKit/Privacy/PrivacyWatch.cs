using Xunit;

namespace Hrms.TestKit;

/// <summary>
/// An assembly fixture that searches all that a test assembly's run said: requests' addresses, error answers, traces and metrics of this process and, by OTLP, of those that it starts. Logs are searched by
/// <see cref="TemporaryFolder"/>, with the folder that they are in. When a personal datum or a secret was found anywhere, the run fails at its end and names the place (compliance P41).
/// </summary>
public sealed class PrivacyWatch : IAsyncLifetime
{
    private static PrivacyWatch? _running;
    private readonly TemporaryFolder _folder = new();
    private Traffic? _traffic;
    private Telemetry? _telemetry;
    private OtlpReceiver? _collector;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync(_folder[OtlpReceiver.File]);
        (_traffic, _telemetry, _running) = (new Traffic(), new Telemetry(_folder["telemetry.log"]), this);
    }

    /// <summary>What a process needs in its environment to log more than by default, with scopes, and to send its traces and metrics here. Finer levels would slow a loaded process more than what is tested bears: hosts in the tests' own process have them, and the process whose whole output is searched.</summary>
    /// <exception cref="InvalidOperationException">The test's assembly has no watch.</exception>
    public static IReadOnlyDictionary<string, string> Variables => _running is { } watch
        ? new Dictionary<string, string>(watch._collector!.Variables) { ["Logging__Console__LogLevel__Default"] = "Information", ["Logging__Console__FormatterOptions__IncludeScopes"] = "true" }
        : throw new InvalidOperationException("What this process says would go unheard: add [assembly: AssemblyFixture(typeof(PrivacyWatch))] to the test project.");

    public async ValueTask DisposeAsync()
    {
        _telemetry!.Dispose();
        _traffic!.Dispose();
        await _collector!.DisposeAsync();
        TestContext.Current.SendDiagnosticMessage("{0} texts were looked for in {1} requests, {2} texts of traces and metrics, {3} messages of processes.", Said.Count, _traffic.Requests, _telemetry.Count, _collector.Messages);
        List<string> found = [.. _traffic.Found];
        if (Said.IsFull)
            found.Add("more was said than can be looked for");
        try
        {
            _folder.Dispose();
        }
        catch (InvalidOperationException told)
        {
            found.Add(told.Message);
        }
        if (found.Count > 0)
            throw new InvalidOperationException($"The product told of persons or secrets: {string.Join("\n", found.Take(40))}");
    }
}

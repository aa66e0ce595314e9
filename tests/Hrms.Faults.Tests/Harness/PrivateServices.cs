using System.Globalization;

namespace Hrms.Faults.Tests.Harness;

/// <summary>Where the private services of a running program are reached, read off what they leave in its data folder.</summary>
internal sealed class PrivateServices(string dataFolder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public string Postgres
    {
        get
        {
            var folder = Path.Combine(dataFolder, "postgres");
            var port = File.ReadLines(Directory.EnumerateFiles(folder, "postmaster.pid", SearchOption.AllDirectories).Single()).ElementAt(3);
            return $"Host=127.0.0.1;Port={port};Username=hrms;Password={File.ReadAllText(Path.Combine(folder, "password")).Trim()};Database=hrms";
        }
    }

    public Uri Node
    {
        get
        {
            var command = File.ReadAllText($"/proc/{ProcessId("ledger")}/cmdline").Split('\0');
            return new Uri($"http://127.0.0.1:{command[Array.IndexOf(command, "--port") + 1]}");
        }
    }

    /// <param name="service"><c>postgres</c> or <c>ledger</c>.</param>
    public int ProcessId(string service) => int.Parse(File.ReadLines(PidFile(service)).First().Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>They write their data out after their owner is gone; the folder can be removed when they have ended.</summary>
    public async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        foreach (var service in new[] { "postgres", "ledger" })
            while (File.Exists(PidFile(service)))
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private string PidFile(string service) => Path.Combine(dataFolder, service, "service.pid");
}

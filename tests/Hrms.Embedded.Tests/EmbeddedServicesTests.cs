using System.Diagnostics;
using Hrms.TestKit;

namespace Hrms.Embedded.Tests;

public sealed class EmbeddedServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedServicesTests() => EmbeddedPrograms.SkipWhenMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Feature", "92")]
    public async Task OwnerKilled_LeavesNoProcessAndLosesNothing()
    {
        string hash;
        using (var owner = await OwnerProcess.StartAsync(_folder["data"]))
        {
            await Sql.RunAsync(owner.Services.PostgresConnectionString, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");
            hash = await Rpc.DeployAsync(owner.Services.LedgerRpcUrls[0]);
            await owner.KillAsync();
            await owner.ServicesEndAsync();
        }
        using var next = await OwnerProcess.StartAsync(_folder["data"]);
        Assert.Equal("kept", await Sql.RunAsync(next.Services.PostgresConnectionString, "SELECT text FROM note"));
        Assert.NotNull(await Rpc.ReceiptAsync(next.Services.LedgerRpcUrls[0], hash));
        await next.StopAsync();
        await next.ServicesEndAsync();
    }

    [Fact]
    public async Task NextOwner_WaitsForTheServicesOfAKilledOne()
    {
        using var owner = await OwnerProcess.StartAsync(_folder["data"]);
        var hash = await Rpc.DeployAsync(owner.Services.LedgerRpcUrls[0]);
        await owner.KillAsync();
        using var next = await OwnerProcess.StartAsync(_folder["data"]);        // at once: the former services still write
        Assert.NotNull(await Rpc.ReceiptAsync(next.Services.LedgerRpcUrls[0], hash));
        await next.StopAsync();
    }

    [Fact]
    public async Task Variables_ReplaceTheServices()
    {
        using var running = await OwnerProcess.StartAsync(_folder["data"]);
        var variables = new Dictionary<string, string>
        {
            [EmbeddedServices.PostgresVariable] = running.Services.PostgresConnectionString,
            [EmbeddedServices.LedgerVariable] = $"{running.Services.LedgerRpcUrls[0]}, http://127.0.0.1:1/",
        };
        using var other = await OwnerProcess.StartAsync(_folder["other"], variables: variables);
        Assert.False(other.Services.IsPostgresEmbedded || other.Services.IsLedgerEmbedded);
        Assert.Equal(running.Services.PostgresConnectionString, other.Services.PostgresConnectionString);
        Assert.Equal(2, other.Services.LedgerRpcUrls.Length);
        Assert.False(Directory.Exists(_folder["other"]));
        await other.StopAsync();
        await running.StopAsync();
    }

    [Fact]
    public async Task Start_TellsAWaitingPersonAndIsQuick()
    {
        var lines = new List<string>();
        var began = Stopwatch.GetTimestamp();
        await using (await EmbeddedServices.StartAsync(_folder["data"], Add))
        {
        }
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Contains(lines, line => line.StartsWith("PostgreSQL ready on 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("EVM node ready on http://127.0.0.1:", StringComparison.Ordinal));

        void Add(string line)
        {
            lock (lines)
                lines.Add(line);
        }
    }

    [Fact]
    public async Task OneServiceThatCannotStart_LeavesTheOtherStopped()
    {
        Directory.CreateDirectory(_folder["ledger"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["ledger"], "state.json"), "not json");
        await Assert.ThrowsAsync<EmbeddedServiceException>(() => EmbeddedServices.StartAsync(_folder.Path));
        Assert.False(File.Exists(Path.Combine(_folder["postgres"], "service.pid")));
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"] });
    }
}

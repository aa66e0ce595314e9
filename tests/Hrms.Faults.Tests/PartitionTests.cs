using System.Diagnostics;
using Hrms.Faults.Tests.Histories;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>A silo does not reach its two peers, or they don't reach it; all reach PostgreSQL, and the API processes reach all.</summary>
public sealed class PartitionTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const int Patients = 6;
    private static readonly IReadOnlyList<(string, string?)> Settings = [("Hrms__Plaintext", "Http,Cluster,Postgres,Ledger")];

    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F32")]
    [Trait("Fault", "F33")]
    public async Task ASiloThatLosesItsPeers_EndsItself_AndNobodyReadsAfterARevocation()
    {
        await using var networks = await Networks.CreateAsync(machines: 3);
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync("partition"));
        await using var toPostgres = new CuttingProxy(database.Host!, database.Port, networks.Here);
        await using var toNode = new CuttingProxy(node.RpcUrl.Host, node.RpcUrl.Port, networks.Here);
        (database.Host, database.Port) = ($"{networks.Here}", toPostgres.Port);
        Machine[] machines = [.. Enumerable.Range(0, 3).Select(number => networks.Machine(number))];
        await using var all = await SeveralProcesses.StartAsync(database.ConnectionString, new Uri($"http://{networks.Here}:{toNode.Port}"), machines, apis: 2, Settings);
        using var clients = await RecordedClients.PrepareAsync(all.Client, Patients);
        var calls = 0;
        // Two API processes, so that one patient is asked for on both sides.
        clients.Begin(() => all.Apis[Interlocked.Increment(ref calls) & 1].Client);

        // Nothing gets through, either way.
        (int, int)[] symmetric = [(0, 1), (1, 0), (0, 2), (2, 0)];
        await CutUntilItEndsAsync(networks, all, symmetric, clients);
        await all.AddSiloAsync(machines[0]);
        // One peer hears nothing of the silo, and the silo nothing of the other.
        await CutUntilItEndsAsync(networks, all, [(0, 1), (2, 0)], clients);
        await clients.GoHomeAsync();

        output.WriteLine($"{clients}");
        Assert.Empty(all.Faults());
        Assert.All(clients.Heard.Keys, code => Assert.Equal("UNAVAILABLE", code));
        await clients.HoldsAsync(all.Client, database.ConnectionString, node.RpcUrl);
    }

    /// <summary>The newest of the machine's silos; afterwards all is heard again.</summary>
    private async Task CutUntilItEndsAsync(Networks networks, SeveralProcesses all, (int From, int To)[] ways, RecordedClients clients)
    {
        await using var silo = all.LetGo(all.Silos.Single(silo => silo.Url.Host.EndsWith(".10", StringComparison.Ordinal)));
        var began = Stopwatch.GetTimestamp();
        foreach (var (from, to) in ways)
            await networks.CutAsync(from, to);
        await silo.EndedAsync();
        output.WriteLine($"Cut off {string.Join(", ", ways.Select(way => $"{way.From} to {way.To}"))}: ended after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {clients}");
        foreach (var (from, to) in ways)
            await networks.HealAsync(from, to);
    }
}

using System.Diagnostics;

namespace Hrms.Faults.Tests.Histories;

/// <summary>What clients saw of each patient, while a silo and PostgreSQL were killed, could have happened one after the other.</summary>
public sealed class HistoryTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    private const int Patients = 8, Times = 20, Answers = Patients * 5 * 2 * Times;

    [Fact]
    [Trait("Feature", "18")]
    [Trait("Feature", "107")]
    [Trait("Fault", "F01")]
    [Trait("Fault", "F26")]
    public async Task WhateverIsKilled_EachPatientsHistory_IsOneThingAfterTheOther()
    {
        var database = await postgres.CreateDatabaseAsync("histories");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 3);
        var random = Seed.Random(output);
        var clients = await RecordedClients.PrepareAsync(all.Client, Patients);

        var running = clients.RunAsync(all.Client, Times);
        await ReachedAsync(clients, random.Next(Answers / 8, Answers / 4), running);
        await all.KillSiloAsync();
        await ReachedAsync(clients, random.Next(Answers / 3, Answers / 2), running);
        await postgres.Server.KillAsync();
        await postgres.Server.RestartAsync();
        await running;

        output.WriteLine($"{clients.Acknowledged} answers, {clients.Unanswered} calls without one");
        var began = Stopwatch.GetTimestamp();
        foreach (var history in clients.Histories)
            Assert.Null(Linearizability.Violation(history));
        output.WriteLine($"{clients.Histories.Sum(history => history.Count)} operations in order, found in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    private static async Task ReachedAsync(RecordedClients clients, int answers, Task running)
    {
        while (clients.Acknowledged < answers && !running.IsCompleted)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }
}

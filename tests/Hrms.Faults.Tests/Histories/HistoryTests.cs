using System.Diagnostics;

namespace Hrms.Faults.Tests.Histories;

/// <summary>What clients saw of each patient, while a silo and PostgreSQL were killed, could have happened one after the other.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class HistoryTests(ThreeSilos silos, ITestOutputHelper output)
{
    private const int Patients = 8, Times = 20, Answers = Patients * 5 * 2 * Times;

    [Fact]
    [Trait("Feature", "18")]
    [Trait("Feature", "107")]
    [Trait("Fault", "F01")]
    [Trait("Fault", "F26")]
    public async Task WhateverIsKilled_EachPatientsHistory_IsOneThingAfterTheOther()
    {
        var all = await silos.RunningAsync();
        var random = Seed.Random(output);
        using var clients = await RecordedClients.PrepareAsync(all.Client, Patients);

        var running = clients.RunAsync(all.Client, Times);
        await ReachedAsync(clients, random.Next(Answers / 8, Answers / 4), running);
        await all.KillSiloAsync();
        await ReachedAsync(clients, random.Next(Answers / 3, Answers / 2), running);
        await silos.Postgres.Server.KillAsync();
        await silos.Postgres.Server.RestartAsync();
        await running;

        output.WriteLine($"{clients.Acknowledged} answers, {clients.Unanswered} calls without one");
        var began = Stopwatch.GetTimestamp();
        await clients.HoldsAsync(all.Client, silos.Database, silos.Node.RpcUrl, ThreeSilos.Lanes);
        output.WriteLine($"{clients.Histories.Sum(history => history.Count)} operations in order and on the ledger, found in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    private static async Task ReachedAsync(RecordedClients clients, int answers, Task running)
    {
        while (clients.Acknowledged < answers && !running.IsCompleted)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }
}

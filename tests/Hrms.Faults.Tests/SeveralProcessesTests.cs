using Hrms.Faults.Tests.Histories;

namespace Hrms.Faults.Tests;

/// <summary>Silos come and go under load, each a process of its own.</summary>
public sealed class SeveralProcessesTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const string Changes = "subscription($p:ID!){consentChanged(patient:$p){id}}";

    // A machine that is so busy that a silo stands still for seconds loses nothing. A call that a silo dropped on its way out is asked again by the API when it has waited for so long; twice it is not lost.
    private static readonly IReadOnlyList<(string, string?)> Patient = [("Hrms__DrainMilliseconds", "2000"), ("Hrms__AnswerWithinMilliseconds", "6000"), ("Hrms__ProbeTimeoutMilliseconds", "5000")];
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(12);

    [Fact]
    [Trait("Feature", "107")]
    public async Task EveryProcessReplacedUnderLoad_OneAfterTheOther_AndNoClientHearsOfIt()
    {
        var database = await postgres.CreateDatabaseAsync("rolling");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 3, apis: 2, more: Patient);
        using var clients = await RecordedClients.PrepareAsync(all.Client, patients: 6);
        await using var balancer = new LoadBalancer(all);
        clients.Begin(balancer.Next);

        for (var silo = 0; silo < 3; silo++)
        {
            var stopped = all.StopSiloAsync();
            await all.AddSiloAsync();
            Assert.Equal(0, await stopped);
            output.WriteLine($"Silo {silo + 1} of 3 replaced: {clients}");
        }
        for (var api = 0; api < 2; api++)
        {
            var closed = await StreamAsync(all.Client);
            var stopped = all.StopApiAsync();
            await all.AddApiAsync();
            Assert.Equal((0, 1001), (await stopped, await closed));
            output.WriteLine($"API process {api + 1} of 2 replaced: {clients}");
        }
        await clients.GoHomeAsync();

        Assert.Empty(all.Faults());
        Assert.Empty(clients.Heard);
        Assert.InRange(clients.Slowest, TimeSpan.Zero, LongestAnswer);
        await clients.HoldsAsync(all.Client, database, node.RpcUrl);
    }

    /// <summary>A patient's app that listens to its API process.</summary>
    /// <returns>With what code the process closes the stream.</returns>
    private static async Task<Task<int>> StreamAsync(ApiClient client)
    {
        var (patient, listening) = (await client.PatientAsync(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var closed = client.SubscribedUntilClosedAsync(Party.Patient(patient), Changes, new { p = patient }, listening);
        await await Task.WhenAny(listening.Task, closed);
        return closed;
    }
}

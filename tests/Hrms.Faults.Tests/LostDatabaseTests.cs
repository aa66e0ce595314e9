using System.Diagnostics;
using Hrms.Faults.Tests.Histories;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>One silo of two loses PostgreSQL; its peer and the API still reach it, and everybody takes it for one of them.</summary>
public sealed class LostDatabaseTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const int Patients = 8, Newcomers = 24;

    [Fact]
    [Trait("Feature", "107")]
    [Trait("Fault", "F33")]
    public async Task ASiloWithoutPostgres_IsNotReady_AndDecidesNothing_AndItsPatientsAreServedOrToldToRepeat()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync("lost"));
        await using var way = new CuttingProxy(database.Host!, database.Port);
        var proxied = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = way.Port }.ConnectionString;
        await using var all = await SeveralProcesses.StartAsync(database.ConnectionString, node.RpcUrl, [Machine.Here(), Machine.Here(("Hrms__Postgres", proxied))]);
        using var clients = await RecordedClients.PrepareAsync(all.Client, Patients);
        clients.Begin(() => all.Client);
        await clients.AnswersAsync(10 * Patients);

        way.Down = true;
        await all.Silos[1].SaysAsync(503);
        await all.Silos[0].SaysAsync(200);
        await all.Apis[0].Process.SaysAsync(200);
        // Who was on neither silo before begins on one of them, and half of all on the one that can't.
        var told = await Task.WhenAll(Enumerable.Range(0, Newcomers).Select(_ => RegisterAsync(all.Client)));
        output.WriteLine($"Of {Newcomers} patients who came meanwhile {told.Count(codes => codes.Count == 0)} are registered, the others heard {string.Join(", ", told.SelectMany(codes => codes).CountBy(code => code))}; {clients}");
        Assert.All(told.SelectMany(codes => codes), code => Assert.Equal("UNAVAILABLE", code));
        await clients.AnswersAsync(10 * Patients);

        way.Down = false;
        var healed = await all.Silos[1].SaysAsync(200);
        await clients.AnswersAsync(10 * Patients);
        var began = Stopwatch.GetTimestamp();
        await clients.GoHomeAsync();
        output.WriteLine($"Ready again after {healed.TotalSeconds:0.0} s, everybody answered after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s more; {clients}");
        Assert.Empty(all.Faults());
        Assert.All(clients.Heard.Keys, code => Assert.Equal("UNAVAILABLE", code));
        await clients.HoldsAsync(all.Client, database.ConnectionString, node.RpcUrl);
    }

    private static async Task<IReadOnlyList<string>> RegisterAsync(ApiClient client) => (await client.SendAsync(
        Party.Operator, "mutation($c:ID!){registerPatient(input:{commandId:$c}){patient{id} errors{code}}}", new { c = Guid.NewGuid() })).Codes;
}

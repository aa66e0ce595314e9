using System.Diagnostics;
using Hrms.Embedded;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>PostgreSQL has no connection or no lock to give: changes wait or are refused, nothing is half done, and it goes on by itself when there is some again.</summary>
public sealed class StarvedDatabaseTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private const int Clients = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    [Trait("Fault", "F28")]
    public async Task NoConnectionLeft_RefusesOrServes_AndLosesNothing()
    {
        await using var services = await Started.Async();
        var postgres = services.Postgres;
        await using var all = await SeveralProcesses.StartAsync(postgres.ConnectionString, node.RpcUrl, silos: 1);
        var work = await Workload.PrepareAsync(all.Client, patients: 10, changesEach: 50, Seed.Random(output));
        var reached = work.ReachesAsync(100);
        var running = work.RunAsync(all.Client, Clients);
        await reached;

        var greedy = await TakeAllAsync(postgres.ConnectionString);
        await running;
        await work.RunAsync(all.Client, Clients);
        output.WriteLine($"With {greedy.Count} connections taken {work.Acknowledged} of {work.Count} are acknowledged; the others heard {Told(work)}");
        Assert.All(work.Faults.Keys, code => Assert.Equal("UNAVAILABLE", code));

        foreach (var connection in greedy)
            await connection.DisposeAsync();
        await AllDoneAsync(all, work, postgres.ConnectionString);
    }

    [Fact]
    [Trait("Fault", "F28")]
    public async Task AJournalThatIsLockedForLong_RefusesChanges_AndLosesNothing()
    {
        await using var services = await Started.Async();
        var postgres = services.Postgres;
        await using var all = await SeveralProcesses.StartAsync(postgres.ConnectionString, node.RpcUrl, silos: 1);
        var work = await Workload.PrepareAsync(all.Client, patients: 10, changesEach: 50, Seed.Random(output));
        var reached = work.ReachesAsync(100);
        var running = work.RunAsync(all.Client, Clients);
        await reached;

        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("lock table journal in access exclusive mode", connection, transaction);
            await command.ExecuteNonQueryAsync();
            await running;                      // each client has waited as long as callers wait, and gone home
        }
        output.WriteLine($"With the journal locked {work.Acknowledged} of {work.Count} are acknowledged; the others heard {Told(work)}");
        Assert.Equal(["UNAVAILABLE"], work.Faults.Keys);
        await AllDoneAsync(all, work, postgres.ConnectionString);
    }

    private static string Told(Workload work) => string.Join(", ", work.Faults.Select(fault => $"{fault.Value} {fault.Key}"));

    private async Task AllDoneAsync(SeveralProcesses all, Workload work, string database)
    {
        var began = Stopwatch.GetTimestamp();
        while (work.Acknowledged < work.Count)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"{work.Acknowledged} of {work.Count} after {Limit}.");
            await work.RunAsync(all.Client, Clients);
        }
        output.WriteLine($"All acknowledged {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s later");
        Assert.Equal(200, await ReadyAsync(all.Silos[0]));
        Assert.Equal((0, 0, 0), await work.CheckAsync(all.Client));
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(string database)
    {
        var one = new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString;
        List<NpgsqlConnection> taken = [];
        while (true)
        {
            var connection = new NpgsqlConnection(one);
            try
            {
                await connection.OpenAsync();
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return taken;
            }
            taken.Add(connection);
        }
    }

    private static async Task<int> ReadyAsync(HostProcess silo)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(silo.Url, "/health/ready"));
        return (int)answer.StatusCode;
    }

    /// <summary>A PostgreSQL for one test alone, which it may starve.</summary>
    private sealed class Started(TemporaryFolder folder, EmbeddedPostgres postgres) : IAsyncDisposable
    {
        public EmbeddedPostgres Postgres => postgres;

        public static async Task<Started> Async()
        {
            EmbeddedPrograms.SkipWhenMissing();
            var folder = new TemporaryFolder();
            return new Started(folder, await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = folder["postgres"] }));
        }

        public async ValueTask DisposeAsync()
        {
            await postgres.DisposeAsync();
            folder.Dispose();
        }
    }
}

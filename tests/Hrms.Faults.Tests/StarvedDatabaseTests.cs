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
        await using var it = await UnderLoad.BeginAsync(node, output);
        var (postgres, all, work, running) = (it.Postgres, it.All, it.Work, it.Running);

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
        await using var it = await UnderLoad.BeginAsync(node, output);
        var (postgres, all, work, running) = (it.Postgres, it.All, it.Work, it.Running);

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

    /// <summary>A silo and an API over a PostgreSQL for one test alone, which it may starve, while clients change what they may.</summary>
    private sealed class UnderLoad(TemporaryFolder folder, EmbeddedPostgres postgres, SeveralProcesses all, Workload work) : IAsyncDisposable
    {
        public EmbeddedPostgres Postgres => postgres;

        public SeveralProcesses All => all;

        public Workload Work => work;

        /// <summary>Ends when each client has heard no acknowledgement once, or nothing is left to do.</summary>
        public Task Running { get; private set; } = Task.CompletedTask;

        public static async Task<UnderLoad> BeginAsync(EvmNodeFixture node, ITestOutputHelper output)
        {
            EmbeddedPrograms.SkipWhenMissing();
            var folder = new TemporaryFolder();
            var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = folder["postgres"] });
            var all = await SeveralProcesses.StartAsync(postgres.ConnectionString, node.RpcUrl, silos: 1);
            var it = new UnderLoad(folder, postgres, all, await Workload.PrepareAsync(all.Client, patients: 10, changesEach: 50, Seed.Random(output)));
            var reached = it.Work.ReachesAsync(100);
            it.Running = it.Work.RunAsync(all.Client, Clients);
            await reached;
            return it;
        }

        public async ValueTask DisposeAsync()
        {
            await all.DisposeAsync();
            await postgres.DisposeAsync();
            folder.Dispose();
        }
    }
}

using System.Diagnostics;
using Hrms.Embedded;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>PostgreSQL has no connection, no lock or no room on its disk to give: changes wait or are refused, nothing is half done, and it goes on by itself when there is some again.</summary>
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

    [Fact]
    [Trait("Fault", "F28")]
    public async Task ADiskThatIsFull_RefusesChanges_AndLosesNothing()
    {
        await using var disk = await SmallDisk.CreateAsync(megabytes: 192);
        await using var it = await UnderLoad.BeginAsync(node, output, disk["postgres"]);
        var (postgres, all, work, running) = (it.Postgres, it.All, it.Work, it.Running);

        disk.Fill();
        await running;
        output.WriteLine($"With the disk full {work.Acknowledged} of {work.Count} are acknowledged; the others heard {Told(work)}");
        Assert.Equal(["UNAVAILABLE"], work.Faults.Keys);
        await all.Silos[0].SaysAsync(503);

        // Where the write-ahead log finds no room either, PostgreSQL ends itself, and does not come up again before there is some.
        await using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString))
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => FillLogAsync(connection));
        await postgres.Exited.WaitAsync(Limit);
        Assert.Equal(503, await all.Silos[0].ReadyStatusAsync());

        disk.MakeRoom();
        await postgres.RestartAsync();
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
        await all.Silos[0].SaysAsync(200);
        Assert.Equal((0, 0, 0), await work.CheckAsync(all.Client));
        await all.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node.RpcUrl);
    }

    /// <summary>Begins one file of the log after the other.</summary>
    private static async Task FillLogAsync(NpgsqlConnection connection)
    {
        await connection.OpenAsync();
        while (true)
        {
            await using var command = new NpgsqlCommand("select pg_logical_emit_message(false, 'hrms.test', ''), pg_switch_wal()", connection);
            await command.ExecuteNonQueryAsync();
        }
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

    /// <summary>A silo and an API over a PostgreSQL for one test alone, which it may starve, while clients change what they may.</summary>
    private sealed class UnderLoad : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        private UnderLoad()
        {
        }

        public EmbeddedPostgres Postgres { get; private set; } = null!;

        public SeveralProcesses All { get; private set; } = null!;

        public Workload Work { get; private set; } = null!;

        /// <summary>Ends when each client has heard no acknowledgement once, or nothing is left to do.</summary>
        public Task Running { get; private set; } = Task.CompletedTask;

        /// <param name="data">PostgreSQL's folder; null: it has one with room enough.</param>
        public static async Task<UnderLoad> BeginAsync(EvmNodeFixture node, ITestOutputHelper output, string? data = null)
        {
            EmbeddedPrograms.SkipWhenMissing();
            var it = new UnderLoad();
            try
            {
                it.Postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = data ?? it._folder["postgres"] });
                it.All = await SeveralProcesses.StartAsync(it.Postgres.ConnectionString, node.RpcUrl, silos: 1);
                it.Work = await Workload.PrepareAsync(it.All.Client, patients: 10, changesEach: 50, Seed.Random(output));
                var reached = it.Work.ReachesAsync(100);
                it.Running = it.Work.RunAsync(it.All.Client, Clients);
                await reached;
                return it;
            }
            catch
            {
                await it.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (All is not null)
                await All.DisposeAsync();
            if (Postgres is not null)
                await Postgres.DisposeAsync();
            _folder.Dispose();
        }
    }
}

using System.Diagnostics;
using Hrms.Embedded;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>PostgreSQL has no connection, no lock or no room on its disk to give: changes wait or are refused, nothing is half done, and it goes on by itself when there is some again.</summary>
public sealed class StarvedDatabaseTests(StarvedDatabaseTests.Shared shared, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<StarvedDatabaseTests.Shared>
{
    private const int Clients = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    [Trait("Fault", "F28")]
    public async Task NoConnectionLeft_RefusesChanges_AndLosesNothing()
    {
        var it = await shared.RunningAsync();
        var (postgres, all) = (it.Postgres, it.All);
        var (work, running) = await LoadAsync(all);

        var greedy = await TakeAllAsync(postgres.ConnectionString);
        await running;
        // However much was done before all were taken: now nothing is.
        var change = new Change(ChangeKind.Grant, work.Patients[0]);
        Assert.False(await change.SendAsync(all.Client));
        output.WriteLine($"With {greedy.Count} connections taken {work.Acknowledged} of {work.Count} are acknowledged; the others heard {Told(work)}");
        Assert.All(work.Faults.Keys.Concat(change.Faults), code => Assert.Equal("UNAVAILABLE", code));
        await all.Silos[0].SaysAsync(503);

        foreach (var connection in greedy)
            await connection.DisposeAsync();
        await change.SendUntilAnsweredAsync(all.Client);
        await AllDoneAsync(all, work, postgres.ConnectionString);
        Assert.Equal(1, (await Effects.OfAsync(all.Client, change.Patient)).Count(change));
    }

    [Fact]
    [Trait("Fault", "F28")]
    public async Task AJournalThatIsLockedForLong_RefusesChanges_AndLosesNothing()
    {
        var it = await shared.RunningAsync();
        var (postgres, all) = (it.Postgres, it.All);
        var (work, running) = await LoadAsync(all);

        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("lock table journal in access exclusive mode", connection, transaction);
            await command.ExecuteNonQueryAsync();
            await running;                      // each client has waited as long as callers wait, and gone home
            await all.Silos[0].SaysAsync(503);
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
        await using var it = await Starved.StartAsync(node, disk["postgres"]);
        var (postgres, all) = (it.Postgres, it.All);
        var (work, running) = await LoadAsync(all);

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

    /// <summary>Takes each connection that there is, those of silos and API included: theirs are ended, and what becomes free is taken before they have it again.</summary>
    private static async Task<List<NpgsqlConnection>> TakeAllAsync(string database)
    {
        var one = new NpgsqlConnectionStringBuilder(database) { Pooling = false, ApplicationName = "greedy" }.ConnectionString;
        List<NpgsqlConnection> taken = [];
        for (var others = 1L; others > 0;)
        {
            var connection = new NpgsqlConnection(one);
            try
            {
                await connection.OpenAsync();
                taken.Add(connection);
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                await using var command = new NpgsqlCommand(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'greedy'", taken[0]);
                others = (long)(await command.ExecuteScalarAsync())!;
            }
        }
        return taken;
    }

    /// <summary>Clients change what they may.</summary>
    /// <returns>What they do; and what ends when each has heard no acknowledgement once, or nothing is left to do.</returns>
    private async Task<(Workload Work, Task Running)> LoadAsync(SeveralProcesses all)
    {
        var work = await Workload.PrepareAsync(all.Client, patients: 10, changesEach: 50, Seed.Random(output));
        var reached = work.ReachesAsync(100);
        var running = work.RunAsync(all.Client, Clients);
        await reached;
        return (work, running);
    }

    /// <summary>For the tests that give back what they took; the first of them starts it.</summary>
    public sealed class Shared(EvmNodeFixture node) : IAsyncLifetime
    {
        private Starved? _it;

        internal async Task<Starved> RunningAsync() => _it ??= await Starved.StartAsync(node);

        public ValueTask InitializeAsync() => default;

        public ValueTask DisposeAsync() => _it?.DisposeAsync() ?? default;
    }

    /// <summary>A silo and an API over a PostgreSQL of their own, which a test may starve.</summary>
    internal sealed class Starved : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        private Starved()
        {
        }

        public EmbeddedPostgres Postgres { get; private set; } = null!;

        public SeveralProcesses All { get; private set; } = null!;

        /// <param name="data">PostgreSQL's folder; null: it has one with room enough.</param>
        public static async Task<Starved> StartAsync(EvmNodeFixture node, string? data = null)
        {
            EmbeddedPrograms.SkipWhenMissing();
            var it = new Starved();
            try
            {
                it.Postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = data ?? it._folder["postgres"] });
                it.All = await SeveralProcesses.StartAsync(it.Postgres.ConnectionString, node.RpcUrl, silos: 1);
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

using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Load.Tests;

/// <summary>A system for the tests of one class, as the program starts it for a run.</summary>
public sealed class OneSystem : IAsyncLifetime
{
    internal RunningSystem System { get; private set; } = null!;

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        EmbeddedPrograms.SkipWhenMissing();
        LetProcessesBeHeard();
        System = await RunningSystem.OpenAsync(null, null, _ => { }, Cancellation);
    }

    /// <summary>What this process starts from now on tells the watch what it says; whoever starts a program by itself hands it the same.</summary>
    internal static void LetProcessesBeHeard()
    {
        foreach (var (name, value) in PrivacyWatch.Variables)
            Environment.SetEnvironmentVariable(name, value);
    }

    public ValueTask DisposeAsync() => System?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What a measurement is made of, on a system that runs.</summary>
[Trait("Feature", "110")]
public sealed class OneSystemTests(OneSystem one, ITestOutputHelper output) : IClassFixture<OneSystem>
{
    private static CancellationToken Cancellation => OneSystem.Cancellation;

    /// <summary>Each revocation takes away what there is to hear, and ends the listener's stream: the next consent has a listener of its own, who hears.</summary>
    [Fact]
    [Trait("Feature", "37")]
    public async Task EachRevocation_IsWatchedByAListenerWhoHeard_AndWhoseStreamEnds()
    {
        using var watch = new RevocationWatch(one.System, [one.System.Url, one.System.Url], patientCount: 2);
        await watch.PrepareAsync(output.WriteLine, Cancellation);
        for (var round = 0; round < 2; round++)
        {
            var told = watch.Told;
            var seen = await watch.RunAsync(Task.CompletedTask, Cancellation);
            Assert.Equal(2, seen.Count);
            Assert.True(watch.Told - told >= 2, $"{watch.Told - told} events of {seen.Count} revocations.");
            Assert.All(seen, revocation => Assert.Equal(Math.Max(revocation.Came, revocation.Ended), revocation.Last));
        }
        Assert.True(watch.Reads >= 2 * 2 * 2);
    }

    [Fact]
    [Trait("Feature", "43")]
    public async Task ARootThatIsNotOnTheChain_FailsTheCheck()
    {
        using var changes = new ConsentChanges(one.System, copies: 2, patientCount: 2);
        await changes.PrepareAsync(output.WriteLine, Cancellation);
        await changes.StepAsync(0, Cancellation);
        var checks = await changes.CheckAsync(output.WriteLine, Cancellation);
        Assert.All(checks, check => Assert.True(check.Holds, $"{check.Name}: {check.Found}"));
        Assert.Contains(checks, check => check.Name.StartsWith("the contract has the newest batch", StringComparison.Ordinal) && check.Found.Contains("roots compared", StringComparison.Ordinal));

        await EditRootAsync();
        var edited = await LedgerCheck.HeldAsync(one.System, Cancellation);
        await EditRootAsync();
        Assert.False(edited.Holds);
        Assert.StartsWith("Batch 1 of lane 0", edited.Found, StringComparison.Ordinal);
        Assert.True((await LedgerCheck.HeldAsync(one.System, Cancellation)).Holds);
    }

    [Fact]
    public async Task EachPartOfTheSystem_IsCountedByItself()
    {
        using var changes = new ConsentChanges(one.System, copies: 2, patientCount: 2);
        await changes.PrepareAsync(output.WriteLine, Cancellation);
        var round = await new ScenarioRunner(one.System.Cpu, new ProgressLine()).RunAsync(changes, Inject.At(50, 2, TimeSpan.FromSeconds(1)), "CPU", Cancellation);
        Assert.Equal(OperatingSystem.IsLinux() ? [CpuMeter.Generator, CpuMeter.Hosts, CpuMeter.Postgres, CpuMeter.Node] : [], round.CpuMicros.Keys);
        Assert.All(round.CpuMicros.Where(part => part.Key == CpuMeter.Hosts), part => Assert.True(part.Value > 0));
    }

    /// <summary>A second time puts it back. As somebody who may do everything does: the database's own guards are off.</summary>
    private async Task EditRootAsync()
    {
        await using var connection = new NpgsqlConnection(one.System.Database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "set session_replication_role = replica; update ledger_batch set root = set_byte(root, 0, get_byte(root, 0) # 1) where (lane, number) = (0, 1)", connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
    }
}

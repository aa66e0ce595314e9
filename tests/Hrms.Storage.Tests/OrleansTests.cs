using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Hrms.Storage.Tests;

/// <summary>The AdoNet providers with our statements, on two silos.</summary>
public sealed class OrleansTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_IsReadBackByAnotherActivationAndKeptClearedWhenCleared()
    {
        var key = Guid.NewGuid();
        var (here, there) = (TwoSilos.Grain<INoteGrain>(silos.One, key), TwoSilos.Grain<INoteGrain>(silos.Two, key));
        Assert.Null(await here.ReadAsync());
        await here.WriteAsync("first");
        await there.WriteAsync("second");
        await there.ForgetAsync();
        Assert.Equal("second", await here.ReadAsync());

        await here.ClearAsync();
        await here.ForgetAsync();
        Assert.Null(await there.ReadAsync());
        await there.WriteAsync("third");
        await there.ForgetAsync();
        Assert.Equal("third", await here.ReadAsync());
    }

    [Fact]
    [Trait("Fault", "F25")]
    public async Task FirstWrite_OfOneGrainOnTwoSilos_HasOneWinnerAndTheLoserIsTold()
    {
        var storages = new[] { Storage(silos.One), Storage(silos.Two) };
        GrainId[] grains =
        [
            .. Enumerable.Range(0, 30).Select(_ => GrainId.Create("race", Guid.NewGuid().ToString("N"))),
            .. Enumerable.Range(0, 10).Select(i => GrainId.Create("race", $"text-{i}-{Guid.NewGuid()}")),
            .. Enumerable.Range(0, 10).Select(i => GrainId.Create("race", $"{Guid.NewGuid():N}+extension")),
        ];
        foreach (var grain in grains)
        {
            var wins = await Task.WhenAll(storages.Select((storage, silo) => Task.Run(() => WritesAsync(storage, grain, $"silo {silo}"))));
            var winner = Assert.Single(wins, win => win is not null);

            var stored = new GrainState<Note>(new());
            await storages[0].ReadStateAsync("race", grain, stored);
            Assert.Equal((winner, "1"), (stored.State?.Text, stored.ETag));
        }
    }

    [Fact]
    public async Task Write_FromAnOldVersionOrOverAClearedState_IsTold()
    {
        var (storage, grain) = (Storage(silos.One), GrainId.Create("stale", Guid.NewGuid().ToString("N")));
        var (first, second) = (new GrainState<Note>(new() { Text = "a" }), new GrainState<Note>(new()));
        await storage.WriteStateAsync("stale", grain, first);
        await storage.ReadStateAsync("stale", grain, second);
        await storage.WriteStateAsync("stale", grain, second);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("stale", grain, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("stale", grain, first));

        await storage.ClearStateAsync("stale", grain, second);

        Assert.Null(await WritesAsync(storage, grain, "put back", "stale"));
        var after = new GrainState<Note>(new());
        await storage.ReadStateAsync("stale", grain, after);
        Assert.Equal((false, "3"), (after.RecordExists, after.ETag));
    }

    [Fact]
    public async Task Reminder_IsARowAndKnownToTheNextActivation()
    {
        var grain = TwoSilos.Grain<INoteGrain>(silos.One, Guid.NewGuid());
        await grain.RemindAsync("sweep");
        await grain.RemindAsync("sweep");
        await grain.RemindAsync("other");
        var id = grain.GetGrainId().ToString();
        Assert.Equal(2L, await ScalarAsync<long>($"select count(*) from OrleansRemindersTable where GrainId = '{id}'"));
        await grain.ForgetAsync();
        Assert.Equal(["other", "sweep"], (await grain.RemindersAsync()).Order());

        var table = silos.Two.Services.GetRequiredService<IReminderTable>();
        var (all, none) = (await table.ReadRows(0, 0), await table.ReadRows(grain.GetGrainId().GetUniformHashCode(), grain.GetGrainId().GetUniformHashCode() + 1));
        Assert.Contains(all.Reminders, reminder => reminder.GrainId == grain.GetGrainId() && reminder.Period == TimeSpan.FromHours(1));
        Assert.DoesNotContain(none.Reminders, reminder => reminder.GrainId == grain.GetGrainId());

        await grain.StopRemindingAsync("sweep");
        Assert.Equal(["other"], await grain.RemindersAsync());
    }

    [Fact]
    public async Task Silos_AreActiveAndOneThatDiesIsSuspectedAndDeclaredDead()
    {
        await UntilAsync(() => ScalarAsync<bool>("select count(*) >= 2 from OrleansMembershipTable where Status = 3"));
        // What a silo leaves behind that was killed: an active row at an address that does not answer.
        await ScalarAsync<int>(
            """
            with stepped as (update OrleansMembershipVersionTable set Version = Version + 1 returning DeploymentId)
            insert into OrleansMembershipTable (
                DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            select DeploymentId, '127.0.0.1', 1, 1, 'killed', 'localhost', 3, 0, now(), now() from stepped
            returning 1
            """);
        await UntilAsync(() => ScalarAsync<bool>("select Status = 6 and SuspectTimes <> '' from OrleansMembershipTable where SiloName = 'killed'"));
        Assert.True(await ScalarAsync<bool>("select count(*) >= 2 from OrleansMembershipTable where Status = 3"));

        await silos.One.Services.GetRequiredService<IMembershipTable>().CleanupDefunctSiloEntriesAsync(DateTimeOffset.MaxValue, Cancel);
        Assert.Equal(0L, await ScalarAsync<long>("select count(*) from OrleansMembershipTable where SiloName = 'killed'"));
    }

    [Fact]
    public async Task Silo_ThatStopsWithoutAGoodbye_LeavesItsGrainsToTheOthers()
    {
        var third = silos.Build();
        await third.StartAsync(Cancel);
        var address = third.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        var keys = Enumerable.Range(0, 30).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(keys.Select(key => TwoSilos.Grain<INoteGrain>(third, key).WriteAsync(key.ToString())));

        // A stop that has no time left: grains are not handed over. Whether it is cut short with an exception is the host's affair.
        var cut = await Record.ExceptionAsync(() => third.StopAsync(new CancellationToken(canceled: true)));
        Assert.True(cut is null or OperationCanceledException, $"{cut}");
        third.Dispose();

        await UntilAsync(() => ScalarAsync<bool>(
            $"select Status = 6 from OrleansMembershipTable where Port = {address.Endpoint.Port} and Generation = {address.Generation}"));
        foreach (var key in keys)
            Assert.Equal(key.ToString(), await TwoSilos.Grain<INoteGrain>(silos.One, key).ReadAsync());
    }

    [Fact]
    public async Task Members_ChangeOnlyFromTheNewestVersion()
    {
        var table = silos.One.Services.GetRequiredService<IMembershipTable>();
        // Alive now: the silos themselves clear away members that were last alive long ago.
        var (data, now) = (await table.ReadAllAsync(), TimeProvider.System.GetUtcNow().UtcDateTime);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 2, 7), SiloName = "extra", HostName = "localhost", Status = SiloStatus.Created,
            StartTime = now, IAmAliveTime = now,
        };
        Assert.False(await table.InsertRowAsync(entry, new TableVersion(data.Version.Version + 1, "-1")));
        await UntilAsync(async () => await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
        data = await table.ReadRowAsync(entry.SiloAddress);
        Assert.False(await table.InsertRowAsync(entry, data.Version.Next()));
        Assert.Equal("extra", Assert.Single(data.Members).Item1.SiloName);
        Assert.Empty((await table.ReadRowAsync(SiloAddress.New(IPAddress.Loopback, 2, 8))).Members);

        (entry, var etag) = Assert.Single((await table.ReadRowAsync(entry.SiloAddress)).Members);
        entry.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRowAsync(entry, etag, new TableVersion(0, "-1")));
        await UntilAsync(async () => await table.UpdateRowAsync(entry, etag, (await table.ReadRowAsync(entry.SiloAddress)).Version.Next()));
        Assert.Equal(SiloStatus.Dead, Assert.Single((await table.ReadRowAsync(entry.SiloAddress)).Members).Item1.Status);
    }

    private static IGrainStorage Storage(IHost host) =>
        host.Services.GetRequiredKeyedService<IGrainStorage>(Orleans.Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);

    private static async Task<string?> WritesAsync(IGrainStorage storage, GrainId grain, string text, string state = "race")
    {
        try
        {
            await storage.WriteStateAsync(state, grain, new GrainState<Note>(new() { Text = text }));
            return text;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = silos.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!await condition())
            await timer.WaitForNextTickAsync(patience.Token);
    }
}

using Hrms.Storage.Time;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

/// <summary>By which clock all silos decide.</summary>
[Trait("Fault", "F31")]
public sealed class DatabaseClockTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(5);
    private readonly Machine _machine = new();

    [Theory]
    [InlineData(10), InlineData(-10), InlineData(0)]
    public async Task AMachineWhoseClockIsWrong_HasTheDatabasesTime(int minutes)
    {
        _machine.Ahead = TimeSpan.FromMinutes(minutes);
        var clock = await DatabaseClock.BeginAsync(_ => DatabaseTimeAsync(), _machine, Cancel);

        Assert.InRange(clock.GetUtcNow() - await DatabaseTimeAsync(), -Near, Near);
        Assert.InRange(clock.Offset - _machine.Ahead, -Near, Near);
    }

    [Theory]
    [InlineData(10), InlineData(-10)]
    public async Task SettingTheMachinesClock_MovesNothing(int minutes)
    {
        var clock = await DatabaseClock.BeginAsync(_ => DatabaseTimeAsync(), _machine, Cancel);
        _machine.Ahead = TimeSpan.FromMinutes(minutes);

        Assert.InRange(clock.GetUtcNow() - await DatabaseTimeAsync(), -Near, Near);
    }

    [Fact]
    public async Task WithoutTheDatabase_TheCounterGoesOn()
    {
        var isThere = true;
        var clock = await DatabaseClock.BeginAsync(_ => isThere ? Task.FromResult(DateTimeOffset.UnixEpoch) : throw new Npgsql.NpgsqlException("It is away."), _machine, Cancel);
        isThere = false;
        await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => clock.ReadAsync(Cancel));
        _machine.Passed += TimeSpan.FromMinutes(3);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(3), clock.GetUtcNow());
    }

    [Fact]
    public async Task ADatabaseWhoseClockIsSetBack_StopsTheTime_UntilItIsAsLateAgain()
    {
        var now = DateTimeOffset.UnixEpoch.AddHours(1);
        var clock = await DatabaseClock.BeginAsync(_ => Task.FromResult(now), _machine, Cancel);
        var before = clock.GetUtcNow();

        now = now.AddMinutes(-10);
        await clock.ReadAsync(Cancel);
        Assert.Equal(before, clock.GetUtcNow());
        _machine.Passed += TimeSpan.FromMinutes(11);
        Assert.Equal(before.AddMinutes(1), clock.GetUtcNow());
    }

    private async Task<DateTimeOffset> DatabaseTimeAsync() => new(await ScalarAsync<DateTime>("select clock_timestamp()"));

    /// <summary>A machine whose clock a test sets, and whose counter it turns.</summary>
    private sealed class Machine : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public TimeSpan Passed { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead + Passed;

        public override long GetTimestamp() => Passed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}

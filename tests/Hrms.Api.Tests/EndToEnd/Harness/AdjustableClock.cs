namespace Hrms.Api.Tests.EndToEnd;

/// <summary>The real time, ahead by as much as a test says: a year passes in no time, and everything that waits goes on as usual.</summary>
public sealed class AdjustableClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    /// <summary>Goes on until a moment; does nothing when it has passed.</summary>
    public void AdvanceTo(DateTimeOffset moment) => Advance(TimeSpan.FromTicks(Math.Max(0, (moment - GetUtcNow()).Ticks)));
}

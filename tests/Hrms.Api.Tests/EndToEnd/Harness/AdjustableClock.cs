namespace Hrms.Api.Tests.EndToEnd;

/// <summary>The real time, ahead by as much as a test says: a year passes in no time, and everything that waits goes on as usual.</summary>
public sealed class AdjustableClock : TimeProvider
{
    private long _aheadTicks, _stoodTicks;

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref _stoodTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : System.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public TimeSpan Ahead => Interlocked.Read(ref _stoodTicks) > 0 ? GetUtcNow() - System.GetUtcNow() : TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref (Interlocked.Read(ref _stoodTicks) > 0 ? ref _stoodTicks : ref _aheadTicks), by.Ticks);

    /// <summary>Goes on until a moment; does nothing when it has passed.</summary>
    public void AdvanceTo(DateTimeOffset moment) => Advance(TimeSpan.FromTicks(Math.Max(0, (moment - GetUtcNow()).Ticks)));

    /// <summary>Stands still, at a whole second, and moves by <see cref="Advance"/> alone until the result is disposed of: for edges of a second, on machines that are slower than that.</summary>
    public IDisposable Stand()
    {
        var now = GetUtcNow();
        Interlocked.Exchange(ref _stoodTicks, now.Ticks + TimeSpan.TicksPerSecond - now.Ticks % TimeSpan.TicksPerSecond);
        return new Standing(this);
    }

    private sealed class Standing(AdjustableClock clock) : IDisposable
    {
        /// <summary>Never back: from where it stood.</summary>
        public void Dispose()
        {
            Interlocked.Exchange(ref clock._aheadTicks, Math.Max(Interlocked.Read(ref clock._aheadTicks), clock._stoodTicks - System.GetUtcNow().Ticks));
            Interlocked.Exchange(ref clock._stoodTicks, 0);
        }
    }
}

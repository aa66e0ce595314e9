namespace Hrms.Storage.Time;

/// <summary>
/// The one clock by which all silos of a cluster decide: PostgreSQL's, read at the start and again and again, and carried on between by the machine's counter, which nobody sets. What the
/// clock of one silo's machine says, or is set to, moves no beginning and no end of a consent. It never goes back.
/// </summary>
public sealed class DatabaseClock : TimeProvider
{
    private const int Tries = 3;
    private readonly Func<CancellationToken, Task<DateTimeOffset>> _read;
    private readonly TimeProvider _machine;
    private Reading _reading;
    private long _latestTicks;

    private DatabaseClock(Func<CancellationToken, Task<DateTimeOffset>> read, TimeProvider machine, Reading reading)
    {
        (_read, _machine, _reading) = (read, machine, reading);
        StorageTelemetry.Meter.CreateObservableGauge("hrms.clock.offset", () => Offset.TotalSeconds, "s", "How far the machine's clock is ahead of the database's.");
    }

    /// <summary>How far the machine's clock is ahead.</summary>
    public TimeSpan Offset => _machine.GetUtcNow() - GetUtcNow();

    /// <summary>A clock that has been read: nobody is ever told another time.</summary>
    /// <param name="read">Asks for the trusted time.</param>
    /// <param name="machine">The machine's own clock, whose counter carries the time on.</param>
    public static async Task<DatabaseClock> BeginAsync(Func<CancellationToken, Task<DateTimeOffset>> read, TimeProvider machine, CancellationToken cancellationToken) =>
        new(read, machine, await AskAsync(read, machine, cancellationToken));

    public override DateTimeOffset GetUtcNow()
    {
        var reading = Volatile.Read(ref _reading);
        var now = (reading.At + _machine.GetElapsedTime(reading.Timestamp)).UtcTicks;
        var latest = Interlocked.Read(ref _latestTicks);
        while (now > latest)
        {
            var seen = Interlocked.CompareExchange(ref _latestTicks, now, latest);
            if (seen == latest)
                return new DateTimeOffset(now, TimeSpan.Zero);
            latest = seen;
        }
        return new DateTimeOffset(latest, TimeSpan.Zero);
    }

    /// <summary>Takes the database's time.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken) => Volatile.Write(ref _reading, await AskAsync(_read, _machine, cancellationToken));

    /// <summary>Of some answers the quickest counts; it was made about half way.</summary>
    private static async Task<Reading> AskAsync(Func<CancellationToken, Task<DateTimeOffset>> read, TimeProvider machine, CancellationToken cancellationToken)
    {
        Reading? best = null;
        var shortest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var asked = machine.GetTimestamp();
            var said = await read(cancellationToken);
            var answered = machine.GetTimestamp();
            if (machine.GetElapsedTime(asked, answered) is var took && took < shortest)
                (best, shortest) = (new Reading(said + took / 2, answered), took);
        }
        return best!;
    }

    private sealed record Reading(DateTimeOffset At, long Timestamp);
}

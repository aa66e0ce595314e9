using System.Diagnostics;

namespace Hrms.Load.Measuring;

/// <summary>
/// An open model: steps are due at a rate, whether or not earlier ones are answered, and each is timed from when it was due. So a system that stalls can't hide it by
/// being asked less (coordinated omission). A step that finds no copy free waits for one, and the wait is in its latency.
/// </summary>
/// <param name="From">Steps that become due in a second at first, of all copies together; the rate changes evenly.</param>
/// <param name="To">Steps that become due in a second at the end.</param>
internal sealed record RampingInject(double From, double To, int Copies, TimeSpan During) : LoadSimulation(Copies, During)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private long _taken, _sent;
    private volatile bool _givenUp;

    public override long Unsent => _givenUp ? Steps - Interlocked.Read(ref _sent) : 0;

    /// <summary>All that become due.</summary>
    public long Steps => (long)Math.Ceiling((From + To) / 2 * During.TotalSeconds);

    public override async ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _taken) - 1;
        if (number >= Steps)
            return null;
        if (Stopwatch.GetElapsedTime(began) > During + Patience)
        {
            // This one, and the others that nobody will ask for.
            _givenUp = true;
            return null;
        }
        Interlocked.Increment(ref _sent);
        var due = DueAt(number);
        await UntilAsync(due, began, stop);
        return began + (long)(due.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>When the step of this number is due after the beginning: where the area below the rate's line is as large as the number.</summary>
    public TimeSpan DueAt(long number)
    {
        var slope = (To - From) / During.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Abs(slope) < 1e-9 ? number / From : (Math.Sqrt((From * From) + (2 * slope * number)) - From) / slope);
    }
}

internal static class Inject
{
    /// <summary>An open model at a steady rate.</summary>
    public static RampingInject At(double perSecond, int copies, TimeSpan during) => new(perSecond, perSecond, copies, during);
}

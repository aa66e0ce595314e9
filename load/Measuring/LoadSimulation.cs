using System.Diagnostics;

namespace Hrms.Load.Measuring;

/// <summary>How copies of a scenario are let loose. One for each run: it counts what it has let go.</summary>
/// <param name="Copies">So many clients, each with one step under way.</param>
/// <param name="During">How long new steps begin.</param>
internal abstract record LoadSimulation(int Copies, TimeSpan During)
{
    /// <summary>Waits until a copy's next step is due and says when that is, in <see cref="Stopwatch"/> ticks; null: there are no more.</summary>
    public abstract ValueTask<long?> NextAsync(long began, CancellationToken stop);

    /// <summary>Steps that were due and never sent, since no copy was free for too long. They count as failed.</summary>
    public virtual long Unsent => 0;
}

/// <summary>A closed model: each copy begins its next step when it has the answer to the last.</summary>
internal sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation(Copies, During)
{
    public override ValueTask<long?> NextAsync(long began, CancellationToken stop) =>
        ValueTask.FromResult<long?>(Stopwatch.GetElapsedTime(began) < During ? Stopwatch.GetTimestamp() : null);
}

/// <summary>
/// An open model: steps are due at a steady rate, whether or not earlier ones are answered, and each is timed from when it was due. So a system that stalls can't
/// hide it by being asked less (coordinated omission). A step that finds no copy free waits for one, and the wait is in its latency.
/// </summary>
/// <param name="PerSecond">Steps that become due in a second, of all copies together.</param>
internal sealed record Inject(double PerSecond, int Copies, TimeSpan During) : LoadSimulation(Copies, During)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private long _taken;
    private long _unsent;

    public override long Unsent => Interlocked.Read(ref _unsent);

    public override async ValueTask<long?> NextAsync(long began, CancellationToken stop)
    {
        var due = TimeSpan.FromSeconds((Interlocked.Increment(ref _taken) - 1) / PerSecond);
        if (due >= During)
            return null;
        var passed = Stopwatch.GetElapsedTime(began);
        if (passed > During + Patience)
        {
            // This one, and the others that nobody will ask for.
            Interlocked.Exchange(ref _unsent, (long)(During.TotalSeconds * PerSecond) - Interlocked.Read(ref _taken) + Copies);
            return null;
        }
        if (due > passed)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((due - passed).TotalMilliseconds)), stop);
        return began + (long)(due.TotalSeconds * Stopwatch.Frequency);
    }
}

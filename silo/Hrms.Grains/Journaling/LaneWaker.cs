using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Journaling;

/// <summary>
/// Wakes ledger writers for the grains of this silo that appended something. Nobody's answer waits for a wake, and one is as good as a hundred: those of a moment
/// go as one. One for each silo.
/// </summary>
public sealed class LaneWaker(IGrainFactory grains, LaneOptions lanes)
{
    // Real time, whatever the silo's clock says: it delays a hint and decides nothing.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private readonly int[] _due = new int[lanes.LaneCount];

    /// <summary>The stream has something new for the ledger, or looks as if it had.</summary>
    public void Wake(StreamId stream)
    {
        var lane = Lanes.Of(stream, lanes.LaneCount);
        if (Interlocked.Exchange(ref _due[lane], 1) == 0)
            WakeSoonAsync(lane).Ignore();
    }

    private async Task WakeSoonAsync(int lane)
    {
        await Task.Delay(Moment).ConfigureAwait(false);
        // Before the wake: what comes from here on gets one of its own.
        Volatile.Write(ref _due[lane], 0);
        await grains.GetGrain<ILedgerWriterGrain>(lane).WakeAsync();
    }
}

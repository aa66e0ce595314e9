using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Which lanes' patients are closed to everybody but themselves, as this silo last read it: the ledger holds something that the database lacks
/// (<see cref="LedgerDisagreesException.RowsAreMissing"/>). One for each silo; the host has it read again each second, so that a decision costs a look at memory.
/// </summary>
public sealed class ClosedLanes(ILaneStore store, LaneOptions lanes)
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HashSet<int> _closed = [];

    /// <summary>Ends when it was read once: before, no patient is active on this silo.</summary>
    public Task Known => _known.Task;

    public bool Has(StreamId stream) => _closed.Contains(Lanes.Of(stream, lanes.LaneCount));

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        _closed = [.. await store.ClosedAsync(cancellationToken)];
        _known.TrySetResult();
    }
}

using Hrms.Domain.Ports;

namespace Hrms.Grains.Ledger;

/// <summary>
/// What a lane's writer knows of the changes that the ledger lacks: operators watch it. Counted in the database every few seconds while the writer works, whatever the ledger does, and kept along with each
/// receipt between; whoever scrapes it asks nobody.
/// </summary>
internal sealed class LaneBacklog(int lane, int laneCount, ILaneStore store, TimeProvider clock)
{
    private const int RowsMax = 100_000;
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(5);
    private DateTimeOffset _countedAt = DateTimeOffset.MinValue;

    // Read by whoever measures, on a thread of theirs.
    private volatile LaneWaiting _now = LaneWaiting.Nothing;

    public LaneWaiting Now => _now;

    /// <summary>For how long the oldest has waited; zero: none waits.</summary>
    public TimeSpan Age => _now.Since is { } since && clock.GetUtcNow() is var now && now > since ? now - since : TimeSpan.Zero;

    /// <summary>Counts when it is due.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_countedAt <= now && now - _countedAt < CountEvery)
            return;
        _now = await store.WaitingAsync(lane, laneCount, RowsMax, cancellationToken);
        _countedAt = now;
    }

    /// <summary>A batch has its receipt. What came since the last count is not known yet, and shows at the next.</summary>
    public void Confirmed(int rows) => _now = _now.Rows > rows ? _now with { Rows = _now.Rows - rows } : LaneWaiting.Nothing;

    /// <summary>The writer comes to rest, and nobody counts until it is woken: what is left is looked at once more.</summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        if (_now.Rows > 0)
            _now = await store.WaitingAsync(lane, laneCount, RowsMax, cancellationToken);
    }
}

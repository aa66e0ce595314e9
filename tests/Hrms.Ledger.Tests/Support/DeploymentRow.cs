using Hrms.Domain.Ports;

namespace Hrms.Ledger.Tests.Support;

/// <summary>The one row of the lane store that the adapter itself uses. Batches are the writer's affair.</summary>
internal sealed class DeploymentRow : ILaneStore
{
    public LedgerDeployment? Stored { get; set; }

    public Task<LedgerDeployment?> DeploymentAsync(CancellationToken cancellationToken) => Task.FromResult(Stored);

    public Task<LedgerDeployment> InsertDeploymentAsync(LedgerDeployment deployment, CancellationToken cancellationToken) =>
        Task.FromResult(Stored = Stored is { } stored && stored.Epoch >= deployment.Epoch ? stored : deployment);

    public Task<long> TakeLeaseAsync(int lane, string holder, CancellationToken cancellationToken) => throw Other();

    public Task<LedgerBatch?> LastAsync(int lane, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LedgerBatch>> BatchesAsync(int lane, long fromNumber, int take, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LedgerBatch>> OpenAsync(int lane, int take, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LaneRow>> ReadAsync(int lane, int laneCount, JournalCursor after, int take, CancellationToken cancellationToken) =>
        throw Other();

    public Task<int> BacklogAsync(int lane, int laneCount, JournalCursor after, int limit, CancellationToken cancellationToken) => throw Other();

    public Task<LaneWaiting> WaitingAsync(int lane, int laneCount, int limit, CancellationToken cancellationToken) => throw Other();

    public Task InsertAsync(LedgerBatch batch, long epoch, CancellationToken cancellationToken) => throw Other();

    public Task ConfirmAsync(int lane, long number, int attempt, BatchReceipt receipt, long epoch, CancellationToken cancellationToken) => throw Other();

    public Task<LedgerBatch> ReissueAsync(LedgerBatch batch, string reason, long epoch, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LedgerTransaction>> AttemptsAsync(int lane, long number, int chainEpoch, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LedgerTransaction>> TransactionsAsync(int lane, int chainEpoch, ulong fromNonce, int take, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerTransaction>>([]);

    public Task<ulong?> NextNonceAsync(int lane, int chainEpoch, CancellationToken cancellationToken) => throw Other();

    public Task CloseAsync(int lane, string? because, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<int>> ClosedAsync(CancellationToken cancellationToken) => throw Other();

    public Task<string?> PausedBecauseAsync(int lane, CancellationToken cancellationToken) => throw Other();

    public Task<bool> OperateAsync(LaneOperation operation, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<LaneOperation>> OperationsAsync(int lane, int take, CancellationToken cancellationToken) => throw Other();

    public Task<LeafPlace?> FindAsync(int lane, int laneCount, JournalCursor row, CancellationToken cancellationToken) => throw Other();

    public Task<IReadOnlyList<byte[]>> LeavesAsync(LedgerBatch batch, int laneCount, CancellationToken cancellationToken) => throw Other();

    private static NotSupportedException Other() => new("The ledger adapter touches nothing of the lane store but the deployment.");
}

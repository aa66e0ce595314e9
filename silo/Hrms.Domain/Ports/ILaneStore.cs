namespace Hrms.Domain.Ports;

/// <summary>Where a reader of the journal stands. Rows are read in (transaction, position) order, below the oldest running transaction.</summary>
public readonly record struct JournalCursor(ulong TransactionId, long Position)
{
    public static readonly JournalCursor Start = new(0, 0);
}

/// <summary>A row as the ledger writer needs it: no payload, no salt.</summary>
public sealed record LaneRow(ulong TransactionId, long Position, byte[] Leaf, byte[]? Nullifier)
{
    public JournalCursor Cursor => new(TransactionId, Position);
}

/// <summary>
/// One commit of a lane: the range of rows it covers, its root, and the signed transaction that carries it, all stored before the first send.
/// </summary>
/// <param name="After">Rows after this cursor...</param>
/// <param name="Through">...up to and including this one, of this lane, are the batch's leaves, in order.</param>
/// <param name="Padding">Random 32-byte leaves that fill the tree up to a power of two, concatenated.</param>
/// <param name="Nullifiers">As sent, 32 bytes each, concatenated; with padding where configured.</param>
/// <param name="SignedTransaction">The exact bytes that are sent, and sent again. From nonce to receipt: those of the attempt that counts.</param>
/// <param name="ChainEpoch">The chain that the attempt is for: <see cref="LedgerDeployment.Epoch"/>.</param>
/// <param name="Attempt">1 for the transaction that the batch was made with; higher when it was signed again. See <see cref="LedgerTransaction"/>.</param>
public sealed record LedgerBatch(
    int Lane, long Number, byte[] Root, JournalCursor After, JournalCursor Through, int LeafCount, byte[] Padding, byte[] Nullifiers,
    ulong Nonce, byte[] TransactionHash, byte[] SignedTransaction, DateTimeOffset SignedAt, BatchReceipt? Receipt = null, int ChainEpoch = 1, int Attempt = 1);

/// <summary>
/// One stored transaction of a lane's key. A batch has more than one when its nonce was used by another transaction, when it was reverted, or when a new
/// chain took the place of the old: whatever number of them is mined, the contract commits the batch once.
/// </summary>
public sealed record LedgerTransaction(long Number, int Attempt, ulong Nonce, byte[] Hash, byte[] Bytes);

/// <summary>An operator's command to a lane, kept for good. The command's id makes its repetition harmless.</summary>
/// <param name="Actor">Who: the kind of party and its id.</param>
/// <param name="What"><c>pause</c>, <c>resume</c> or <c>reanchor</c>.</param>
public sealed record LaneOperation(Guid CommandId, int Lane, DateTimeOffset At, string Actor, string What, string Reason);

/// <summary>What the chain said of a batch. Only this sets a final state, and a final state never changes.</summary>
public sealed record BatchReceipt(long BlockNumber, byte[] BlockHash, DateTimeOffset BlockTime);

/// <summary>What the ledger still lacks of a lane.</summary>
/// <param name="Rows">Rows that are durable and have no receipt, counted up to a limit.</param>
/// <param name="Since">When the oldest of them was written; null: there is none.</param>
public sealed record LaneWaiting(int Rows, DateTimeOffset? Since)
{
    public static readonly LaneWaiting Nothing = new(0, null);
}

/// <summary>Where a leaf was committed: its batch and its place in the tree.</summary>
public sealed record LeafPlace(LedgerBatch Batch, int Index);

/// <summary>
/// The ledger writer's rows in PostgreSQL, fenced by a lease: each write names the epoch that it was leased under and fails when another
/// writer has taken the lane since.
/// </summary>
public interface ILaneStore
{
    /// <summary>Takes the lane's lease: raises its epoch by one, which fences every writer before.</summary>
    Task<long> TakeLeaseAsync(int lane, string holder, CancellationToken cancellationToken);

    /// <summary>The newest batch of a lane, or null.</summary>
    Task<LedgerBatch?> LastAsync(int lane, CancellationToken cancellationToken);

    /// <summary>Batches in order of number, from a number on.</summary>
    Task<IReadOnlyList<LedgerBatch>> BatchesAsync(int lane, long fromNumber, int take, CancellationToken cancellationToken);

    /// <summary>Batches without a receipt, in order of number.</summary>
    Task<IReadOnlyList<LedgerBatch>> OpenAsync(int lane, int take, CancellationToken cancellationToken);

    /// <summary>Rows of the lane's streams after the cursor that no running transaction can still precede.</summary>
    Task<IReadOnlyList<LaneRow>> ReadAsync(int lane, int laneCount, JournalCursor after, int take, CancellationToken cancellationToken);

    /// <summary>How many rows of the lane wait after the cursor, counted up to a limit.</summary>
    Task<int> BacklogAsync(int lane, int laneCount, JournalCursor after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// What the ledger lacks of the lane, counted up to a limit. Finds the place by itself, so that it can be asked while no node answers; rows that a running transaction could still precede wait, too.
    /// </summary>
    Task<LaneWaiting> WaitingAsync(int lane, int laneCount, int limit, CancellationToken cancellationToken);

    /// <summary>Stores a batch before its first send. Fails with <see cref="LeaseLostException"/> when the epoch is not the newest.</summary>
    Task InsertAsync(LedgerBatch batch, long epoch, CancellationToken cancellationToken);

    /// <summary>Stores a receipt of one attempt. A batch that has one on the attempt's chain keeps it: what comes later changes nothing.</summary>
    Task ConfirmAsync(int lane, long number, int attempt, BatchReceipt receipt, long epoch, CancellationToken cancellationToken);

    /// <summary>Stores one more transaction of a stored batch, before its first send. Fenced as <see cref="InsertAsync"/> is.</summary>
    /// <param name="batch">With the new nonce, hash, bytes, time and chain epoch.</param>
    /// <returns>The batch with the number of its new attempt, one above the highest that was stored.</returns>
    Task<LedgerBatch> ReissueAsync(LedgerBatch batch, string reason, long epoch, CancellationToken cancellationToken);

    /// <summary>All attempts of a batch on a chain, in order.</summary>
    Task<IReadOnlyList<LedgerTransaction>> AttemptsAsync(int lane, long number, int chainEpoch, CancellationToken cancellationToken);

    /// <summary>Stored transactions of a lane on a chain in order of nonce, from a nonce on.</summary>
    Task<IReadOnlyList<LedgerTransaction>> TransactionsAsync(int lane, int chainEpoch, ulong fromNonce, int take, CancellationToken cancellationToken);

    /// <summary>The nonce after the highest that a stored transaction uses on a chain; null when none is stored.</summary>
    Task<ulong?> NextNonceAsync(int lane, int chainEpoch, CancellationToken cancellationToken);

    /// <summary>The batch that covers a row of the journal and the row's index in it; null when it is not in a batch yet.</summary>
    Task<LeafPlace?> FindAsync(int lane, int laneCount, JournalCursor row, CancellationToken cancellationToken);

    /// <summary>All leaves of a batch in order, without padding.</summary>
    Task<IReadOnlyList<byte[]>> LeavesAsync(LedgerBatch batch, int laneCount, CancellationToken cancellationToken);

    /// <summary>The stored deployment of the ledger contract, or null.</summary>
    Task<LedgerDeployment?> DeploymentAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a deployment before its first send; returns the newest that is stored, which may be another's. A higher epoch than the stored one's leaves
    /// the old chain for a new one: the operator's word, never the writer's.
    /// </summary>
    Task<LedgerDeployment> InsertDeploymentAsync(LedgerDeployment deployment, CancellationToken cancellationToken);

    /// <summary>Why an operator paused the lane; null when it is not paused. While it is, no batch is stored.</summary>
    Task<string?> PausedBecauseAsync(int lane, CancellationToken cancellationToken);

    /// <summary>Closes the records of a lane's patients to everybody but themselves, with the reason, or opens them again with null. See <see cref="LedgerDisagreesException.RowsAreMissing"/>.</summary>
    Task CloseAsync(int lane, string? because, CancellationToken cancellationToken);

    /// <summary>The lanes whose patients' records are closed.</summary>
    Task<IReadOnlyList<int>> ClosedAsync(CancellationToken cancellationToken);

    /// <summary>Keeps an operator's command and, for a pause or its end, makes it hold. False when the same command came before.</summary>
    Task<bool> OperateAsync(LaneOperation operation, CancellationToken cancellationToken);

    /// <summary>The newest commands to a lane, newest first.</summary>
    Task<IReadOnlyList<LaneOperation>> OperationsAsync(int lane, int take, CancellationToken cancellationToken);
}

/// <summary>
/// The chain and contract this database writes to. <paramref name="SignedTransactions"/> are the signed deployment and role transactions in
/// order of nonce; null when the consortium deployed it and configuration names the address.
/// </summary>
/// <param name="Epoch">Which of the chains that this database was anchored in, from 1; a chain can have several, one after the other.</param>
/// <param name="Since">The first epoch on this chain: below <paramref name="Epoch"/> when another began on the same one.</param>
public sealed record LedgerDeployment(
    ulong ChainId, byte[] GenesisHash, byte[] ContractAddress, byte[] CodeHash, IReadOnlyList<byte[]>? SignedTransactions, int Epoch = 1, int Since = 1);

/// <summary>Another writer holds the lane now.</summary>
public sealed class LeaseLostException(int lane, long epoch)
    : Exception($"Lane {lane} was taken by another writer since epoch {epoch}. This writer stops.");

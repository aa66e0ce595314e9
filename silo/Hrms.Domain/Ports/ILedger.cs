namespace Hrms.Domain.Ports;

/// <summary>
/// The shared ledger as the writer sees it: signing, sending, and what the chain says. The adapter (Hrms.Ledger) is the only project that
/// knows the chain. A send error is a hint; the receipt and the contract's view are the truth.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Checks chain id, genesis, contract address and code against what the database knows, deploying and re-sending stored
    /// deployment bytes in the embedded mode. Called at start and every few minutes.
    /// </summary>
    /// <exception cref="LedgerDisagreesException">The chain contradicts our rows: the lane stops and alarms.</exception>
    /// <param name="lane">The lane whose writer asks: when the contract names another key of ours for it, that one signs from now on, in a new epoch.</param>
    /// <exception cref="LedgerUnavailableException">No node answers now.</exception>
    Task<LedgerIdentity> IdentifyAsync(CancellationToken cancellationToken, int? lane = null);

    /// <summary>
    /// Leaves the known chain for the one that the nodes are of now, whose contract must be empty; the next identity has the new epoch. An operator's
    /// command, after a chain was lost.
    /// </summary>
    /// <exception cref="LedgerDisagreesException">The contract there is not ours or not empty.</exception>
    Task<LedgerIdentity> ReanchorAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins an epoch on the known chain and contract: batches that the contract lacks get new transactions. For a chain that forgot batches and has used up the nonces of
    /// the stored ones, so that these can never be mined again.
    /// </summary>
    Task BeginEpochAsync(LedgerIdentity identity, CancellationToken cancellationToken);

    /// <summary>Signs the commit of a batch with the lane's key. Pure apart from the key: the same input gives the same bytes.</summary>
    SignedCommit SignCommit(LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, ulong nonce);

    /// <summary>Signs a transaction of the lane's key to itself: it does nothing but use a nonce that nothing else will use. Pure as a commit.</summary>
    SignedCommit SignFiller(LedgerIdentity identity, int lane, ulong nonce);

    /// <summary>Offers signed bytes to the nodes. Returns what the node said; never throws for a node's refusal.</summary>
    /// <param name="toAll">Also to nodes after the first that takes them: for bytes that were sent before and are in no block yet.</param>
    Task<SendHint> SendAsync(byte[] signedTransaction, CancellationToken cancellationToken, bool toAll = false);

    /// <summary>The receipt's place in the chain, or null; <see cref="CommitReceipt.Succeeded"/> tells a revert.</summary>
    Task<CommitReceipt?> ReceiptAsync(byte[] transactionHash, CancellationToken cancellationToken);

    /// <summary>The contract's last number of a lane and the root stored under a number (zero when none).</summary>
    Task<long> LastNumberAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken);

    Task<byte[]> RootAsync(LedgerIdentity identity, int lane, long number, CancellationToken cancellationToken);

    /// <summary>The roots under several numbers, in their order; a few questions to a node, however many they are.</summary>
    Task<IReadOnlyList<byte[]>> RootsAsync(LedgerIdentity identity, int lane, IReadOnlyList<long> numbers, CancellationToken cancellationToken);

    /// <summary>The nonce the chain expects next from the lane's key, what waits in the nodes' pools counted.</summary>
    Task<ulong> NonceAsync(int lane, CancellationToken cancellationToken);

    /// <summary>How many nonces of the lane's key are used by mined transactions.</summary>
    Task<ulong> MinedNonceAsync(int lane, CancellationToken cancellationToken);

    /// <summary>Whose keys the contract takes for a lane; null where the contract is of before there were such.</summary>
    Task<LaneWriters?> WritersAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken);

    /// <summary>Why the contract would refuse a commit now, in the node's words; null when it would take it.</summary>
    Task<string?> WhyRefusedAsync(LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, CancellationToken cancellationToken);
}

/// <summary>The chain and the contract on it.</summary>
/// <param name="Since">The first epoch on this chain and contract: batches of an earlier one were for another chain.</param>
public sealed record LedgerIdentity(ulong ChainId, byte[] GenesisHash, byte[] ContractAddress, int Epoch = 1, int Since = 1);

/// <summary>The accounts of a lane's keys, 20 bytes each.</summary>
/// <param name="Ours">The one that this installation signs with.</param>
/// <param name="Current">The lane's; null when nobody may write.</param>
/// <param name="Previous">The one before, which still may until <paramref name="PreviousUntil"/>; null when there is none.</param>
public sealed record LaneWriters(byte[] Ours, byte[]? Current, byte[]? Previous, DateTimeOffset? PreviousUntil);

public sealed record SignedCommit(byte[] Transaction, byte[] Hash);

public enum SendHint
{
    Accepted = 1,
    AlreadyKnown = 2,
    /// <summary>The nonce is used: look for the receipt.</summary>
    NonceTooLow = 3,
    NonceTooHigh = 4,
    /// <summary>No node can take it now; send the same bytes again later.</summary>
    TryLater = 5,
    /// <summary>The node says it will never take these bytes: alarm, keep the batch open.</summary>
    Refused = 6,
    /// <summary>The node refused in words that nobody here knows: alarm, and send the same bytes again.</summary>
    Unknown = 7,
}

public sealed record CommitReceipt(bool Succeeded, long BlockNumber, byte[] BlockHash, DateTimeOffset BlockTime);

/// <summary>The chain and our rows contradict each other: nothing is guessed, the lane stops. Reads go on unless <see cref="RowsAreMissing"/>.</summary>
public sealed class LedgerDisagreesException(string message) : Exception(message)
{
    /// <summary>
    /// The ledger holds what our rows lack: an old backup was restored, or rows were changed. Then a revocation may be lacking too, and the lane's patients' records are
    /// closed to everybody but themselves until ledger and rows agree.
    /// </summary>
    public bool RowsAreMissing { get; init; }
}

/// <summary>No node answers. The backlog waits; nothing is lost.</summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

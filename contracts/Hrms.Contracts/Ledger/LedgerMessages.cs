namespace Hrms.Contracts;

/// <summary>The two clocks of a change: durable (it has a version and a time), and final (it is in a batch that a block holds).</summary>
/// <param name="Batch">Null while the change is not yet in a batch.</param>
/// <param name="BlockNumber">Null while the batch has no receipt.</param>
[GenerateSerializer, Immutable, Alias("AnchorState")]
public sealed record AnchorState(
    [property: Id(0)] long StreamVersion,
    [property: Id(1)] int Lane,
    [property: Id(2)] long? Batch,
    [property: Id(3)] long? BlockNumber,
    [property: Id(4)] DateTimeOffset? BlockTime);

/// <summary>What a ledger writer is doing.</summary>
/// <param name="State"><c>running</c>, <c>waiting</c> (no node answers) or <c>stopped</c> (an alarm: <paramref name="Alarm"/> says which).</param>
/// <param name="Lane">Its number among this member's lanes.</param>
/// <param name="LedgerLane">Its number on the shared ledger, where the other members have theirs.</param>
/// <param name="Backlog">Events that are durable and in no batch, counted up to 100,000.</param>
/// <param name="WaitingSince">When the oldest change without a receipt was written, as of the last few seconds; null: none waits.</param>
[GenerateSerializer, Immutable, Alias("LaneStatus")]
public sealed record LaneStatus(
    [property: Id(0)] int Lane,
    [property: Id(1)] string State,
    [property: Id(2)] string? Alarm,
    [property: Id(3)] long LastNumber,
    [property: Id(4)] long? LastBlock,
    [property: Id(5)] int Backlog,
    [property: Id(6)] int OpenBatches,
    [property: Id(7)] ulong ChainId,
    [property: Id(8)] string Contract,
    [property: Id(9)] int LedgerLane = 0,
    [property: Id(10)] DateTimeOffset? WaitingSince = null);

/// <summary>What an operator tells a lane.</summary>
[GenerateSerializer]
public enum LaneCommand
{
    Pause = 1,
    /// <summary>Ends a pause; a lane that stopped looks again, and a chain that is behind gets the stored transactions again.</summary>
    Resume = 2,
    /// <summary>Leaves a chain that was lost for the one the nodes are of now.</summary>
    Reanchor = 3,
}

/// <summary>An operator's command to a lane. Kept with its reason before it has an effect; the same id again has none.</summary>
/// <param name="Reason">Why: 1 to 500 characters, nothing of a patient's.</param>
[GenerateSerializer, Immutable, Alias("OperateLane")]
public sealed record OperateLane(
    [property: Id(0)] CommandId CommandId, [property: Id(1)] Asker Asker, [property: Id(2)] LaneCommand What, [property: Id(3)] string Reason);

/// <summary>A lane from inside, for operators.</summary>
/// <param name="ChainEpoch">Which of the chains that the database was anchored in; 0 while the lane knows none.</param>
/// <param name="LastOnLedger">The newest batch that the contract has; null when no node answers.</param>
/// <param name="MinedNonce">How many nonces the chain has seen of the lane's key; null when no node answers.</param>
/// <param name="Key">The account that the lane signs with; with <paramref name="LedgerKey"/>, the one that the contract has for it, null when no node answers.</param>
/// <param name="PreviousKey">The account that still may write until <paramref name="PreviousKeyUntil"/>, when the key was replaced with an overlap.</param>
[GenerateSerializer, Immutable, Alias("LaneInspection")]
public sealed record LaneInspection(
    [property: Id(0)] int ChainEpoch,
    [property: Id(1)] long? LastOnLedger,
    [property: Id(2)] ulong? MinedNonce,
    [property: Id(3)] IReadOnlyList<OpenBatch> Open,
    [property: Id(4)] IReadOnlyList<LaneOperationView> Operations,
    [property: Id(5)] string? Key = null,
    [property: Id(6)] string? LedgerKey = null,
    [property: Id(7)] string? PreviousKey = null,
    [property: Id(8)] DateTimeOffset? PreviousKeyUntil = null);

/// <summary>A batch without a receipt.</summary>
/// <param name="Attempt">Above 1 when it was signed again.</param>
[GenerateSerializer, Immutable, Alias("OpenBatch")]
public sealed record OpenBatch(
    [property: Id(0)] long Number,
    [property: Id(1)] int Attempt,
    [property: Id(2)] ulong Nonce,
    [property: Id(3)] string TransactionHash,
    [property: Id(4)] int LeafCount,
    [property: Id(5)] DateTimeOffset SignedAt);

/// <summary>What an operator told a lane.</summary>
[GenerateSerializer, Immutable, Alias("LaneOperationView")]
public sealed record LaneOperationView(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] string Actor, [property: Id(2)] string What, [property: Id(3)] string Reason);

/// <summary>A batch that became final.</summary>
[GenerateSerializer, Immutable, Alias("LedgerCommit")]
public sealed record LedgerCommit(
    [property: Id(0)] int Lane,
    [property: Id(1)] long Number,
    [property: Id(2)] string Root,
    [property: Id(3)] int LeafCount,
    [property: Id(4)] string TransactionHash,
    [property: Id(5)] long BlockNumber,
    [property: Id(6)] DateTimeOffset BlockTime);

/// <summary>Asks for the proof of one event of the patient's stream, by its version. With content: the record's resource and its key, too.</summary>
[GenerateSerializer, Immutable, Alias("ProofRequest")]
public sealed record ProofRequest([property: Id(0)] Asker Asker, [property: Id(1)] long StreamVersion);

/// <summary>The Merkle path of one leaf of the journal and the batch that holds it, as the ledger writer knows them.</summary>
/// <param name="ThroughTransactionId">With <paramref name="ThroughPosition"/>: the last row of the journal that the batch covers.</param>
[GenerateSerializer, Immutable, Alias("LeafAnchor")]
public sealed record LeafAnchor(
    [property: Id(0)] int Lane,
    [property: Id(1)] long Number,
    [property: Id(2)] byte[] Root,
    [property: Id(3)] IReadOnlyList<byte[]> Path,
    [property: Id(4)] byte[] TransactionHash,
    [property: Id(5)] long? BlockNumber,
    [property: Id(6)] byte[]? BlockHash,
    [property: Id(7)] DateTimeOffset? BlockTime,
    [property: Id(8)] ulong ChainId,
    [property: Id(9)] byte[] GenesisHash,
    [property: Id(10)] byte[] Contract,
    [property: Id(11)] ulong ThroughTransactionId,
    [property: Id(12)] long ThroughPosition);

/// <summary>How many lanes the journal is spread over: the same in every process of a cluster, for as long as it lives.</summary>
public sealed record LaneCount(int Value);

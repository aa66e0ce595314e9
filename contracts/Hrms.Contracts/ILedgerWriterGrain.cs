using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// Commits one lane of the journal to the ledger, in order and exactly once. The key is the lane's number. Nobody waits for it: patients
/// wake it, a reminder covers a lost wake.
/// </summary>
[Alias("ILedgerWriterGrain")]
public interface ILedgerWriterGrain : IGrainWithIntegerKey
{
    /// <summary>There is something new in the journal: a hint, which may be lost.</summary>
    [Alias("Wake"), OneWay, AlwaysInterleave]
    Task WakeAsync();

    /// <summary>Ends when ledger and rows were held against each other for the first time, or could not be. Called by each silo that starts.</summary>
    [Alias("Begun"), AlwaysInterleave]
    Task BegunAsync();

    [Alias("Status"), AlwaysInterleave]
    Task<LaneStatus> StatusAsync();

    /// <summary>The newest confirmed batches, newest first.</summary>
    [Alias("Recent"), AlwaysInterleave]
    Task<IReadOnlyList<LedgerCommit>> RecentAsync(int take);

    /// <summary>The path from a row of the journal to its batch's root; null while it is in no batch.</summary>
    /// <param name="withBlock">Whether the node is asked for the block that holds the batch now; without, the anchor names none.</param>
    [Alias("Anchor"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<LeafAnchor?> AnchorAsync(ulong transactionId, long position, bool withBlock = true);

    /// <summary>Rebuilds batches from the journal and compares their roots with the stored ones and the ledger's. Empty: all agree.</summary>
    [Alias("Check"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<HistoryCheck> CheckAsync(long fromNumber, int take);

    /// <summary>An operator pauses or resumes the lane, or has the ledger anchored anew. Called by the API; anybody else is refused.</summary>
    [Alias("Operate"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<LaneStatus>> OperateAsync(OperateLane command);

    /// <summary>Open batches and earlier commands, for operators.</summary>
    [Alias("Inspect"), AlwaysInterleave]
    Task<Outcome<LaneInspection>> InspectAsync(Asker asker);

    [Alias("Subscribe"), AlwaysInterleave]
    Task SubscribeAsync(ILedgerObserver observer);

    [Alias("Unsubscribe"), AlwaysInterleave]
    Task UnsubscribeAsync(ILedgerObserver observer);
}

/// <summary>Told of each batch that became final. Implemented by the API for each open subscription.</summary>
[Alias("ILedgerObserver")]
public interface ILedgerObserver : IGrainObserver
{
    [Alias("OnCommit"), OneWay]
    Task OnCommitAsync(LedgerCommit commit);
}

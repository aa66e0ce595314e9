using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Ledger;

/// <summary>Questions about a lane, and who is told of its commits.</summary>
public sealed partial class LedgerWriterGrain
{
    private const int BacklogMax = 100_000;
    private static readonly TimeSpan SubscriptionLease = TimeSpan.FromMinutes(2);
    private readonly Dictionary<ILedgerObserver, DateTimeOffset> _observers = [];
    private BatchTree? _tree;
    private long _treeNumber, _wrongNumber;

    public async Task<LaneStatus> StatusAsync()
    {
        var backlog = await store.BacklogAsync(Lane, lanes.LaneCount, _pump.Cursor, BacklogMax, CancellationToken.None);
        return new LaneStatus(
            Lane, _pump.State.ToString().ToLowerInvariant(), _pump.Alarm, _pump.Last?.Number ?? 0, _pump.Last?.Receipt?.BlockNumber, backlog, _pump.OpenCount,
            _pump.Identity?.ChainId ?? 0, _pump.Identity is { } identity ? "0x" + Convert.ToHexStringLower(identity.ContractAddress) : "",
            lanes.FirstLane + Lane, _pump.Waiting.Since);
    }

    public async Task<IReadOnlyList<LedgerCommit>> RecentAsync(int take)
    {
        var last = _pump.Last?.Number ?? 0;
        var batches = await store.BatchesAsync(Lane, Math.Max(1, last - take + 1), take, CancellationToken.None);
        return [.. batches.Where(batch => batch.Receipt is not null).Select(Commit).Reverse()];
    }

    public async Task<LeafAnchor?> AnchorAsync(ulong transactionId, long position, bool withBlock)
    {
        if (await store.FindAsync(Lane, lanes.LaneCount, new JournalCursor(transactionId, position), CancellationToken.None) is not { } place)
            return null;
        // As the database knows them: what is stored is told without a node.
        var chain = (await store.DeploymentAsync(CancellationToken.None))!;
        var batch = place.Batch;
        var tree = await TreeAsync(batch);
        var block = withBlock ? await BlockAsync(batch) : null;
        return new LeafAnchor(
            lanes.FirstLane + Lane, batch.Number, batch.Root, tree.Path(place.Index), batch.TransactionHash, block?.BlockNumber, block?.BlockHash, block?.BlockTime, chain.ChainId, chain.GenesisHash, chain.ContractAddress,
            batch.Through.TransactionId, batch.Through.Position);
    }

    /// <summary>The block that holds a final batch now: a chain that was healed holds the same transaction in another one than our row remembers.</summary>
    private async Task<BatchReceipt?> BlockAsync(LedgerBatch batch)
    {
        if (batch.Receipt is null)
            return null;
        try
        {
            return await ledger.ReceiptAsync(batch.TransactionHash, CancellationToken.None) is { Succeeded: true } now
                ? new BatchReceipt(now.BlockNumber, now.BlockHash, now.BlockTime)
                : batch.Receipt;
        }
        catch (LedgerUnavailableException)
        {
            return batch.Receipt;
        }
    }

    public async Task<HistoryCheck> CheckAsync(long fromNumber, int take)
    {
        List<string> problems = [];
        var (events, next) = (0L, fromNumber);
        var batches = await store.BatchesAsync(Lane, fromNumber, take, CancellationToken.None);
        foreach (var batch in batches)
        {
            if (batch.Number != next)
            {
                logger.RaiseForBatch(Lane, next);
                problems.Add($"Batch {next} of lane {Lane} is missing.");
            }
            next = batch.Number + 1;
            var leaves = await store.LeavesAsync(batch, lanes.LaneCount, CancellationToken.None);
            events += leaves.Count;
            if (Matches(batch, leaves))
                continue;
            logger.RaiseForBatch(Lane, batch.Number);
            problems.Add($"Batch {batch.Number} of lane {Lane}: the journal's {leaves.Count} rows do not give its root of {batch.LeafCount} rows.");
        }
        problems.AddRange(await OnLedgerAsync([.. batches.Where(batch => batch.Receipt is not null)]));
        return new HistoryCheck(events, batches.Count, problems);
    }

    /// <summary>What the contract says against stored roots.</summary>
    private async Task<IEnumerable<string>> OnLedgerAsync(IReadOnlyList<LedgerBatch> batches)
    {
        if (batches.Count == 0)
            return [];
        try
        {
            var identity = _pump.Identity ?? await ledger.IdentifyAsync(CancellationToken.None);
            var roots = await ledger.RootsAsync(identity, Lane, [.. batches.Select(batch => batch.Number)], CancellationToken.None);
            var others = batches.Zip(roots).Where(both => !both.First.Root.AsSpan().SequenceEqual(both.Second)).Select(both => both.First.Number).ToList();
            others.ForEach(number => logger.RaiseForBatch(Lane, number));
            return others.Select(number => $"Batch {number} of lane {Lane}: the ledger has another root.");
        }
        catch (LedgerUnavailableException)
        {
            return [$"Batches {batches[0].Number} to {batches[^1].Number} of lane {Lane}: the ledger does not answer now, so only the stored roots were compared. Check again."];
        }
        catch (LedgerDisagreesException disagreement)
        {
            return [$"Batches {batches[0].Number} to {batches[^1].Number} of lane {Lane}: {disagreement.Message}"];
        }
    }

    public Task SubscribeAsync(ILedgerObserver observer)
    {
        _observers[observer] = clock.GetUtcNow() + SubscriptionLease;
        return Task.CompletedTask;
    }

    public Task UnsubscribeAsync(ILedgerObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    private void OnCommitted(LedgerBatch batch)
    {
        foreach (var (observer, until) in _observers.ToList())
        {
            if (until > clock.GetUtcNow())
                observer.OnCommitAsync(Commit(batch)).Ignore();
            else
                _observers.Remove(observer);
        }
    }

    /// <summary>The batch's tree, rebuilt from the journal; the last one is kept, since proofs and checks ask for neighbours.</summary>
    private async Task<BatchTree> TreeAsync(LedgerBatch batch)
    {
        if (_tree is not null && _treeNumber == batch.Number)
            return _tree;
        var leaves = await store.LeavesAsync(batch, lanes.LaneCount, CancellationToken.None);
        if (!Matches(batch, leaves))
        {
            // A check of a history asks for each of its rows: the alarm is raised once.
            if (_wrongNumber != batch.Number)
                logger.RaiseForBatch(Lane, batch.Number);
            _wrongNumber = batch.Number;
            throw new TamperedBatchException(Lane, batch.Number);
        }
        (_tree, _treeNumber) = (new BatchTree(leaves, batch.Padding), batch.Number);
        return _tree;
    }

    private static bool Matches(LedgerBatch batch, IReadOnlyList<byte[]> leaves) =>
        leaves.Count == batch.LeafCount && new BatchTree(leaves, batch.Padding).Root.AsSpan().SequenceEqual(batch.Root);

    private static LedgerCommit Commit(LedgerBatch batch) => new(
        batch.Lane, batch.Number, "0x" + Convert.ToHexStringLower(batch.Root), batch.LeafCount, "0x" + Convert.ToHexStringLower(batch.TransactionHash),
        batch.Receipt!.BlockNumber, batch.Receipt.BlockTime);
}

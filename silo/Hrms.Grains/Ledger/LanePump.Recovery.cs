using Hrms.Domain.Ports;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Batches that the chain did not take. What a node says of a send is a hint: what happened is read from receipts, the key's used nonces, and the
/// contract's view. A batch that lost its nonce is signed again with the next, after it was stored; should the first be mined after all, the contract takes
/// the second as a repeat and changes nothing.
/// </summary>
internal sealed partial class LanePump
{
    private const int AttemptsMax = 20;
    private const string Reverted = "reverted";
    private const string NewChain = "new chain";
    private const string NewEpoch = "new epoch";

    /// <summary>
    /// The first attempt that has the receipt of a success, which is the one that committed: later ones were repeats, that changed nothing. Else the newest, with
    /// its receipt of a failure or none.
    /// </summary>
    private async Task<(LedgerTransaction Attempt, CommitReceipt? Receipt)> ReceiptAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var newest = new LedgerTransaction(batch.Number, batch.Attempt, batch.Nonce, batch.TransactionHash, batch.SignedTransaction);
        if (batch.Attempt > 1)
            foreach (var earlier in await store.AttemptsAsync(lane, batch.Number, batch.ChainEpoch, cancellationToken))
                if (earlier.Attempt < batch.Attempt && await ledger.ReceiptAsync(earlier.Hash, cancellationToken) is { Succeeded: true } found)
                    return (earlier, found);
        return (newest, await ledger.ReceiptAsync(batch.TransactionHash, cancellationToken));
    }

    /// <summary>No receipt for long: the chain may have lost what comes before. Compare, heal, find out, and send what is open again.</summary>
    private async Task OverdueAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        await CompareAsync(cancellationToken);
        if (State == LaneState.Running && _open.TryGetValue(batch.Number, out var open))
            await RecoverAsync(open.Batch, isReverted: false, cancellationToken);
    }

    /// <summary>Finds out why the first open batch has no success, and does what that asks for.</summary>
    private async Task RecoverAsync(LedgerBatch batch, bool isReverted, CancellationToken cancellationToken)
    {
        // In this order: what is asked later is never older.
        var mined = await ledger.MinedNonceAsync(lane, cancellationToken);
        var last = await ledger.LastNumberAsync(_identity!, lane, cancellationToken);
        if (last >= batch.Number)
        {
            var root = await ledger.RootAsync(_identity!, lane, batch.Number, cancellationToken);
            if (!root.AsSpan().SequenceEqual(batch.Root))
                throw LaneComparison.OtherRoot(lane, batch.Number);
            if (!isReverted)
            {
                // Mined, though no node shows the receipt yet: it is asked for until one does, or until it must be lost. A repeat, which changes nothing, has one.
                if (clock.GetUtcNow() - batch.SignedAt >= options.ReceiptLostAfter && mined > batch.Nonce)
                    await ReissueAsync(batch, "no receipt", cancellationToken);
                else
                    _open[batch.Number] = (batch, clock.GetUtcNow());
                return;
            }
        }
        if (last < batch.Number - 1)
            throw new LedgerUnavailableException($"The ledger ends at batch {last} of lane {lane}, before batch {batch.Number - 1}: a node lags behind, or forgot.");
        if (isReverted || mined > batch.Nonce)
            await ReissueAsync(batch, isReverted ? Reverted : "nonce used by another transaction", cancellationToken);
        else if (mined < batch.Nonce)
            await FillAsync(mined, batch.Nonce, cancellationToken);
    }

    private async Task ReissueAsync(LedgerBatch first, string reason, CancellationToken cancellationToken)
    {
        if (reason != Reverted && (await ReceiptAsync(first, cancellationToken)).Receipt is not null)
            return;                                             // mined just now
        if (await ledger.WhyRefusedAsync(_identity!, lane, first.Number, first.Root, first.Nullifiers, cancellationToken) is { } why)
            throw new LedgerDisagreesException($"The contract refuses batch {first.Number} of lane {lane}: {why} It is tried again when that has changed.");
        if (first.Attempt >= AttemptsMax)
            throw new LedgerDisagreesException($"Batch {first.Number} of lane {lane} was signed {first.Attempt} times and has no receipt of a success. Who else uses the lane's key?");
        var nonce = await FreeNonceAsync(_identity!, cancellationToken);
        foreach (var (number, (batch, _)) in _open.Where(open => open.Key >= first.Number).ToList())
        {
            var again = await SignAgainAsync(batch, _identity!, nonce++, reason, cancellationToken);
            _open[number] = (again, NotSent);
            if (_last?.Number == number)
                _last = again;
            logger.SignedAgain(lane, number, again.Attempt, reason);
        }
        _nextNonce = nonce;
    }

    /// <summary>
    /// A new epoch. On a new chain, after an operator's word, every batch is stored again with a transaction for it, in order, and is open from then on. On the chain of
    /// before (its nonces were used up, or the lane has another key) those that the contract lacks: what it has stays as it is, with the receipt that it has or will have.
    /// </summary>
    private async Task SignForEpochAsync(LedgerIdentity identity, CancellationToken cancellationToken)
    {
        const int AtOnce = 100;
        var signed = 0;
        var onChain = await ledger.LastNumberAsync(identity, lane, cancellationToken);
        var nonce = await FreeNonceAsync(identity, cancellationToken);
        // Batches are signed for a chain in order: when the last one is, all are.
        var next = _last!.ChainEpoch >= identity.Since ? onChain + 1 : 1;
        for (; await store.BatchesAsync(lane, next, AtOnce, cancellationToken) is { Count: > 0 } batches; next = batches[^1].Number + 1)
        {
            foreach (var batch in batches.Where(batch => batch.ChainEpoch < identity.Epoch))
            {
                var isNewChain = batch.ChainEpoch < identity.Since;
                if (!isNewChain && batch.Number <= onChain)
                    continue;
                if (!isNewChain && batch.Receipt is not null && !(options.HealByItself || _healOnce))
                    return;                                     // the chain forgot it: the comparison says so, and an operator what to do
                await SignAgainAsync(batch, identity, nonce++, isNewChain ? NewChain : NewEpoch, cancellationToken);
                signed++;
            }
        }
        if (signed > 0)
            logger.NewEpoch(lane, signed, identity.Epoch);
    }

    private async Task<LedgerBatch> SignAgainAsync(
        LedgerBatch batch, LedgerIdentity identity, ulong nonce, string reason, CancellationToken cancellationToken)
    {
        var signed = ledger.SignCommit(identity, lane, batch.Number, batch.Root, batch.Nullifiers, nonce);
        var again = batch with
        {
            ChainEpoch = identity.Epoch, Nonce = nonce, TransactionHash = signed.Hash, SignedTransaction = signed.Transaction,
            SignedAt = clock.GetUtcNow(), Receipt = null,
        };
        await Fault.PointAsync(Fault.BeforeReissue);
        again = await store.ReissueAsync(again, reason, _epoch, cancellationToken);
        await Fault.PointAsync(Fault.AfterReissue);
        if (reason is not (NewChain or NewEpoch))               // those are operators' doing, and no alarm
            GrainsTelemetry.SignedAgain.Add(1);
        return again;
    }

    private async Task<ulong> FreeNonceAsync(LedgerIdentity identity, CancellationToken cancellationToken) => Math.Max(
        await store.NextNonceAsync(lane, identity.Epoch, cancellationToken) ?? 0, await ledger.NonceAsync(lane, cancellationToken));

    /// <summary>Nonces below the first open batch's were never used on this chain: nothing after them is mined until they are.</summary>
    private async Task FillAsync(ulong from, ulong to, CancellationToken cancellationToken)
    {
        logger.Filling(lane, from, to - 1);
        await new NonceGap(lane, store, ledger).FillAsync(_identity!, from, to, cancellationToken);
        foreach (var (number, (batch, _)) in _open.ToList())
            _open[number] = (batch, NotSent);
    }
}

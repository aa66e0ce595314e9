using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Holds a lane's rows against the contract: the chain may be behind us, never ahead and never different. A chain that is behind but agrees is brought up by
/// sending the stored bytes again, in order: same bytes, same nonce, same result.
/// </summary>
internal sealed class LaneComparison(int lane, ILaneStore store, ILedger ledger, LedgerWriterOptions options, ILogger logger)
{
    public async Task RunAsync(LedgerIdentity identity, LedgerBatch? last, bool heal, CancellationToken cancellationToken)
    {
        var onChain = await ledger.LastNumberAsync(identity, lane, cancellationToken);
        // Asked for again: another writer's batch is stored before it is sent.
        if (onChain > (last?.Number ?? 0) && onChain > ((await store.LastAsync(lane, cancellationToken))?.Number ?? 0))
        {
            throw new LedgerDisagreesException(
                $"The ledger has batch {onChain} of lane {lane}, the database ends at {last?.Number ?? 0}. Was an old backup restored? Nothing is sent, and patients' records are closed to others.")
            {
                RowsAreMissing = true,
            };
        }
        await CompareRootsAsync(identity, onChain, cancellationToken);
        var confirmedBehind = await FirstConfirmedAfterAsync(onChain, cancellationToken);
        if (confirmedBehind is null)
            return;
        if (!heal)
        {
            throw new LedgerDisagreesException(
                $"The ledger ends at batch {onChain} of lane {lane}, but batch {confirmedBehind.Number} was confirmed. Resume the lane to send the stored bytes again.");
        }
        await ResendAsync(identity, onChain + 1, last!.Number, cancellationToken);
    }

    private async Task<LedgerBatch?> FirstConfirmedAfterAsync(long number, CancellationToken cancellationToken)
    {
        var next = await store.BatchesAsync(lane, number + 1, 1, cancellationToken);
        return next.FirstOrDefault(batch => batch.Receipt is not null);
    }

    /// <summary>The newest roots and, so that all have their turn in time, some older ones.</summary>
    private async Task CompareRootsAsync(LedgerIdentity identity, long onChain, CancellationToken cancellationToken)
    {
        if (onChain == 0)
            return;
        var older = 1 + (Environment.TickCount64 / Math.Max(1, (long)options.CompareEvery.TotalMilliseconds) * options.RootsEach % onChain);
        await CompareRootsAsync(identity, Math.Max(1, onChain - options.RootsEach + 1), onChain, cancellationToken);
        await CompareRootsAsync(identity, older, onChain, cancellationToken);
    }

    private async Task CompareRootsAsync(LedgerIdentity identity, long from, long onChain, CancellationToken cancellationToken)
    {
        var ours = (await store.BatchesAsync(lane, from, options.RootsEach, cancellationToken)).Where(batch => batch.Number <= onChain).ToList();
        var theirs = await ledger.RootsAsync(identity, lane, [.. ours.Select(batch => batch.Number)], cancellationToken);
        foreach (var (batch, root) in ours.Zip(theirs))
            if (!batch.Root.AsSpan().SequenceEqual(root))
                throw OtherRoot(lane, batch.Number);
    }

    public static LedgerDisagreesException OtherRoot(int lane, long number) =>
        new($"Batch {number} of lane {lane} has another root on the ledger than in the database. Patients' records are closed to others.") { RowsAreMissing = true };

    private async Task ResendAsync(LedgerIdentity identity, long from, long through, CancellationToken cancellationToken)
    {
        logger.Healing(lane, from, through);
        await Fault.PointAsync(Fault.BeforeHeal);
        await UntilAsync(identity, through, cancellationToken);
        await CompareRootsAsync(identity, Math.Max(1, through - options.RootsEach + 1), through, cancellationToken);
    }

    /// <summary>
    /// As long as the chain goes on, however slowly: a long chain is mined anew in many blocks, of which the node may have dropped what it had no room for.
    /// </summary>
    private async Task UntilAsync(LedgerIdentity identity, long number, CancellationToken cancellationToken)
    {
        var gap = new NonceGap(lane, store, ledger);
        var next = await store.NextNonceAsync(lane, identity.Epoch, cancellationToken) ?? 0;
        var (waited, reached) = (TimeSpan.Zero, ((long Number, ulong Nonce)?)null);
        while (await ledger.LastNumberAsync(identity, lane, cancellationToken) is var last && last < number)
        {
            var mined = await ledger.MinedNonceAsync(lane, cancellationToken);
            if (reached != (last, mined))
            {
                // At first whatever is not mined: the node may hold it, and not be about to mine it.
                var known = reached is null ? mined : await ledger.NonceAsync(lane, cancellationToken);
                if (known < next)
                    await gap.FillAsync(identity, known, next, cancellationToken);
                (waited, reached) = (TimeSpan.Zero, (last, mined));
            }
            // The nonce is the highest of all nodes: the one that tells the number gets time to catch up with it.
            if (waited >= options.ResendAfter && mined >= next && await ledger.LastNumberAsync(identity, lane, cancellationToken) < number)
            {
                await ledger.BeginEpochAsync(identity, cancellationToken);
                throw new LedgerUnavailableException(
                    $"The ledger lost batches of lane {lane} up to {number}, and the nonces of their transactions are used: they get new ones.");
            }
            if (waited > options.ResendAfter * 4)
                throw new LedgerUnavailableException($"The node took the stored bytes of lane {lane} but has not mined batch {last + 1} yet.");
            await Task.Delay(options.ReceiptPoll, cancellationToken);
            waited += options.ReceiptPoll;
        }
    }
}

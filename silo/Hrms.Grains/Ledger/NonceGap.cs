using Hrms.Domain.Ports;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Uses up nonces of a lane's key in order: with the transaction that is stored for a nonce, else with one that does nothing. A nonce is never skipped, since
/// no node would mine what comes after it. A piece at a time: a node that has no room for a transaction in a block may drop what comes after it, and one that gets more than it can make blocks of may not
/// make any until nothing more comes (anvil, from about a thousand on).
/// </summary>
/// <param name="stored">The stored transactions of the key in an epoch: from which nonce on, and how many at most.</param>
internal sealed class NonceGap(int lane, Func<int, ulong, int, CancellationToken, Task<IReadOnlyList<LedgerTransaction>>> stored, ILedger ledger)
{
    /// <summary>How many nonces are used up before it is looked again: more than a block has room for.</summary>
    internal const int AtOnce = 64;

    public NonceGap(int lane, ILaneStore store, ILedger ledger)
        : this(lane, (epoch, from, take, cancellationToken) => store.TransactionsAsync(lane, epoch, from, take, cancellationToken), ledger)
    {
    }

    /// <param name="from">The first nonce that the chain has not used.</param>
    /// <param name="to">The first that is not to be used here. The caller comes again for what is more than a piece.</param>
    public async Task FillAsync(LedgerIdentity identity, ulong from, ulong to, CancellationToken cancellationToken)
    {
        to = Math.Min(to, from + AtOnce);
        var next = from;
        foreach (var transaction in (await stored(identity.Epoch, from, AtOnce, cancellationToken)).TakeWhile(transaction => transaction.Nonce < to))
        {
            await FillEmptyAsync(identity, next, transaction.Nonce, cancellationToken);
            await ledger.SendAsync(transaction.Bytes, cancellationToken);
            next = transaction.Nonce + 1;
        }
        await FillEmptyAsync(identity, next, to, cancellationToken);
    }

    /// <summary>The same until all are used up, however many: each piece when the one before is mined.</summary>
    /// <exception cref="LedgerUnavailableException">The node takes them and mines nothing.</exception>
    public async Task FillAllAsync(LedgerIdentity identity, ulong from, ulong to, LedgerWriterOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var next = from; next < to; next = Math.Min(to, next + AtOnce))
        {
            await FillAsync(identity, next, to, cancellationToken);
            var began = clock.GetTimestamp();
            while (await ledger.MinedNonceAsync(lane, cancellationToken) < Math.Min(to, next + AtOnce))
            {
                if (clock.GetElapsedTime(began) > options.ResendAfter * 4)
                    throw new LedgerUnavailableException($"The node took the stored bytes of lane {lane} from nonce {next} on but has not mined them yet.");
                await Task.Delay(options.ReceiptPoll, clock, cancellationToken);
            }
        }
    }

    private async Task FillEmptyAsync(LedgerIdentity identity, ulong from, ulong to, CancellationToken cancellationToken)
    {
        for (var nonce = from; nonce < to; nonce++)
            await ledger.SendAsync(ledger.SignFiller(identity, lane, nonce).Transaction, cancellationToken);
    }
}

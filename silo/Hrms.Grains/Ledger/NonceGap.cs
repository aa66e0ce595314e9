using Hrms.Domain.Ports;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Uses up nonces of a lane's key in order: with the transaction that is stored for a nonce, else with one that does nothing. A nonce is never skipped, since
/// no node would mine what comes after it.
/// </summary>
/// <param name="stored">The stored transactions of the key in an epoch: from which nonce on, and how many at most.</param>
internal sealed class NonceGap(int lane, Func<int, ulong, int, CancellationToken, Task<IReadOnlyList<LedgerTransaction>>> stored, ILedger ledger)
{
    private const int AtOnce = 100;

    public NonceGap(int lane, ILaneStore store, ILedger ledger)
        : this(lane, (epoch, from, take, cancellationToken) => store.TransactionsAsync(lane, epoch, from, take, cancellationToken), ledger)
    {
    }

    /// <param name="from">The first nonce that the chain has not used.</param>
    /// <param name="to">The first that is not to be used here.</param>
    public async Task FillAsync(LedgerIdentity identity, ulong from, ulong to, CancellationToken cancellationToken)
    {
        for (var next = from; next < to;)
        {
            var page = await stored(identity.Epoch, next, AtOnce, cancellationToken);
            foreach (var transaction in page.TakeWhile(transaction => transaction.Nonce < to))
            {
                await FillEmptyAsync(identity, next, transaction.Nonce, cancellationToken);
                await ledger.SendAsync(transaction.Bytes, cancellationToken);
                next = transaction.Nonce + 1;
            }
            if (page.Count < AtOnce || page[^1].Nonce >= to)
            {
                await FillEmptyAsync(identity, next, to, cancellationToken);
                return;
            }
        }
    }

    private async Task FillEmptyAsync(LedgerIdentity identity, ulong from, ulong to, CancellationToken cancellationToken)
    {
        for (var nonce = from; nonce < to; nonce++)
            await ledger.SendAsync(ledger.SignFiller(identity, lane, nonce).Transaction, cancellationToken);
    }
}

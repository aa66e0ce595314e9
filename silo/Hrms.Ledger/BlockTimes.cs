using System.Collections.Concurrent;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;

namespace Hrms.Ledger;

/// <summary>When blocks were made. The time of a block never changes, and several receipts often share one block.</summary>
internal sealed class BlockTimes(HealthLedgerView view)
{
    private const int BlocksMax = 256;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _times = [];

    public async Task<DateTimeOffset> OfAsync(byte[] blockHash, CancellationToken cancellationToken)
    {
        var key = Hex.Of(blockHash);
        if (_times.TryGetValue(key, out var known))
            return known;
        var time = (await view.BlockAsync(blockHash, cancellationToken)).Time;
        if (_times.Count >= BlocksMax)
            _times.Clear();
        _times[key] = time;
        return time;
    }
}

using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Hrms.Embedded.Evm;

/// <summary>
/// Asks the node for a block each period, also while it is down, so that a node that comes back goes on. anvil could do it by itself, but one that does keeps the last 1,500 whole states, whatever
/// it was told to keep: 22 GB after 11 minutes of load.
/// </summary>
internal sealed class BlockTicker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticking;

    public BlockTicker(Uri node, TimeSpan period, TimeProvider time) => _ticking = TickAsync(node, period, time);

    /// <summary>No block is asked for any more, and none is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticking;
        _stop.Dispose();
    }

    private async Task TickAsync(Uri node, TimeSpan period, TimeProvider time)
    {
        using var http = new HttpClient { BaseAddress = node };
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    using var mined = await http.PostAsJsonAsync("", new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "evm_mine" }, CancellationToken.None);
                }
                catch (Exception down) when (down is HttpRequestException or IOException or OperationCanceledException)
                {
                    // The next tick asks again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}

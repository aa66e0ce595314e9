using System.Collections.Immutable;

namespace Hrms.Faults.Tests.Harness;

/// <summary>What stands before several API processes: sends each call to the next one that says it is ready, and asks them all ten times a second.</summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly SeveralProcesses _all;
    private readonly Task _asking;
    private ImmutableArray<ApiClient> _ready;
    private int _calls;

    public LoadBalancer(SeveralProcesses all)
    {
        (_all, _ready) = (all, [.. all.Apis.Select(api => api.Client)]);
        _asking = AskAsync();
    }

    public ApiClient Next()
    {
        var ready = _ready;
        return ready[(int)((uint)Interlocked.Increment(ref _calls) % (uint)ready.Length)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var said = await Task.WhenAll(_all.Apis.Select(async api => (api.Client, Status: await api.Process.ReadyStatusAsync())));
            ImmutableArray<ApiClient> ready = [.. said.Where(api => api.Status == 200).Select(api => api.Client)];
            // With nobody ready it goes on with who was: whoever is asked says so.
            if (!ready.IsEmpty)
                _ready = ready;
            await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

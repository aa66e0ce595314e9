namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>
/// One subscriber's stream of what a grain tells: subscribes at the grain when it is listened to, renews its lease there, and leaves when it is disposed of.
/// </summary>
/// <param name="isGood">Whether the listener could still come with what they brought. Asked before each event: what was revoked before it hears of none.</param>
internal sealed class GrainObservable<T>(Func<Task> subscribe, Func<Task> unsubscribe, Func<ValueTask<bool>> isGood, TimeProvider clock, object keepAlive) : IObservable<T>
{
    // Half of the lease that the grains give.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(1);

    private IObserver<T>? _observer;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        _observer = observer;
        var timer = clock.CreateTimer(_ => Renew(), null, RenewEvery, RenewEvery);
        return new Leaving(() =>
        {
            timer.Dispose();
            _observer = null;
            unsubscribe().Ignore();
            // Orleans holds observers weakly: until here the subscription keeps its own alive.
            GC.KeepAlive(keepAlive);
        });
    }

    /// <summary>Grains tell one thing after the other, each when this has answered: the order stays.</summary>
    public async Task SendAsync(T item)
    {
        try
        {
            if (_observer is null)
                return;
            if (await isGood())
                _observer?.OnNext(item);
            else
                End();
        }
        catch (Exception fault)
        {
            _observer?.OnError(fault);
        }
    }

    public void End() => _observer?.OnCompleted();

    private void Renew() => RenewAsync().Ignore();

    private async Task RenewAsync()
    {
        try
        {
            if (await isGood())
                await subscribe();
            else
                End();
        }
        catch (Exception fault)
        {
            // Better no stream than one that silently lacks something: the client subscribes anew and reads what it missed.
            _observer?.OnError(fault);
        }
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>
/// One subscriber's stream of what a grain tells: subscribes at the grain when it is listened to, renews its lease there, and leaves when it is disposed of.
/// </summary>
internal sealed class GrainObservable<T>(Func<Task> subscribe, Func<Task> unsubscribe, TimeProvider clock, object keepAlive) : IObservable<T>
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

    public void Send(T item) => _observer?.OnNext(item);

    public void End() => _observer?.OnCompleted();

    private void Renew() => RenewAsync().Ignore();

    private async Task RenewAsync()
    {
        try
        {
            await subscribe();
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

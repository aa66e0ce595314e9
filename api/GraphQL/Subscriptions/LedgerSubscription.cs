using GraphQL;
using Hrms.Api.GraphQL.Ledger;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>Receives what the ledger writers tell.</summary>
internal sealed class LedgerSubscription(Action<LedgerCommitType> onCommit) : ILedgerObserver
{
    public Task OnCommitAsync(LedgerCommit commit)
    {
        onCommit(new LedgerCommitType(commit));
        return Task.CompletedTask;
    }

    public static async Task<IObservable<LedgerCommitType>> OpenAsync(IResolveFieldContext context, IReadOnlyList<ILedgerWriterGrain> lanes)
    {
        var grains = context.RequestServices!.GetRequiredService<IGrainFactory>();
        GrainObservable<LedgerCommitType>? stream = null;
        var observer = new LedgerSubscription(commit => stream?.Send(commit));
        var reference = grains.CreateObjectReference<ILedgerObserver>(observer);
        Task Subscribe() => Task.WhenAll(lanes.Select(lane => lane.SubscribeAsync(reference)));
        stream = new GrainObservable<LedgerCommitType>(
            Subscribe, () => Task.WhenAll(lanes.Select(lane => lane.UnsubscribeAsync(reference))),
            context.RequestServices!.GetRequiredService<TimeProvider>(), observer);
        await Subscribe();
        return stream;
    }
}

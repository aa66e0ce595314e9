using GraphQL;
using Hrms.Api.GraphQL.Ledger;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>Receives what the ledger writers tell.</summary>
internal sealed class LedgerSubscription(Func<LedgerCommitType, Task> onCommit) : ILedgerObserver
{
    public Task OnCommitAsync(LedgerCommit commit) => onCommit(new LedgerCommitType(commit));

    public static async Task<IObservable<LedgerCommitType>> OpenAsync(IResolveFieldContext context, IReadOnlyList<ILedgerWriterGrain> lanes)
    {
        var grains = context.RequestServices!.GetRequiredService<IGrainFactory>();
        GrainObservable<LedgerCommitType>? stream = null;
        var observer = new LedgerSubscription(commit => stream?.SendAsync(commit) ?? Task.CompletedTask);
        var reference = grains.CreateObjectReference<ILedgerObserver>(observer);
        Task Subscribe() => Task.WhenAll(lanes.Select(lane => lane.SubscribeAsync(reference)));
        stream = new GrainObservable<LedgerCommitType>(
            Subscribe, () => Task.WhenAll(lanes.Select(lane => lane.UnsubscribeAsync(reference))), context.IsStillGood(),
            context.RequestServices!.GetRequiredService<TimeProvider>(), observer);
        await Subscribe();
        return stream;
    }
}

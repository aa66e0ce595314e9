using Hrms.Contracts;
using Hrms.Domain.Providers;

namespace Hrms.Grains.Providers;

/// <summary>The queue of broken glass to review: an index. Each entry's truth is in the patient's stream.</summary>
public sealed partial class ProviderGrain
{
    public async Task QueueReviewAsync(GlassEntry entry)
    {
        if (!State.Reviews.ContainsKey(entry.Glass.Value))
            await CommitAsync([new GlassReviewQueued(Now, entry)]);
    }

    public async Task UnqueueReviewAsync(BreakGlassId glass)
    {
        if (State.Reviews.ContainsKey(glass.Value))
            await CommitAsync([new GlassReviewUnqueued(Now, glass)]);
    }

    public async Task<IReadOnlyList<GlassEntry>> ReviewsAsync(Asker asker, GlassEntry? after, int first) =>
        await IsEndedAsync(asker) ? [] : [.. ProviderRules.Reviews(State, Id, asker, after, Now, Services.GlassReview.EscalateAfter).Take(first)];
}

using System.Collections.Concurrent;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Operations;

/// <summary>An auditor's look shows up: it is a line of the installation's own stream before the page leaves. A page that refreshes itself is one look in five minutes.</summary>
internal sealed class AuditorsLooks(IGrainFactory grains, TimeProvider clock)
{
    private const int RememberedMax = 10_000;
    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(Guid, string), DateTimeOffset> _noted = [];

    /// <exception cref="InvalidOperationException">The look could not be noted: nothing is shown.</exception>
    public async Task NoteAsync(Asker asker, string what)
    {
        if (asker.Actor.Kind != ActorKind.Auditor)
            return;
        var now = clock.GetUtcNow();
        if (_noted.TryGetValue((asker.Actor.Id, what), out var at) && now - at < OneLook)
            return;
        var noted = await grains.Grain<IProviderGrain>(Installation.Id.Value).NoteLookAsync(asker, what);
        if (!noted.Succeeded)
            throw new InvalidOperationException($"An auditor's look could not be noted: {noted.Refusal.Code}.");
        if (_noted.Count >= RememberedMax)
            _noted.Clear();
        _noted[(asker.Actor.Id, what)] = now;
    }

    /// <summary>After authorization: only who may look gets this far.</summary>
    public static void UseOn(WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(OperationsEndpoints.Page) || http.Request.Path.StartsWithSegments(OperationsEndpoints.Metrics),
        looks => looks.Use(async (http, next) =>
        {
            if (CurrentAsker.ActorOf(http.User) is { Kind: ActorKind.Auditor })
                await http.RequestServices.GetRequiredService<AuditorsLooks>().NoteAsync(CurrentAsker.Of(http.User), http.Request.Path.Value!);
            await next(http);
        }));
}

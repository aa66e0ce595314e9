using System.Collections.Concurrent;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Operations;

/// <summary>
/// An auditor's or operator's look shows up: it is a line of the installation's own stream before the page leaves. A page that refreshes itself, or is scraped, is one look in five minutes. What an auditor is shown
/// waits for the line; an operator, who has to see what is wrong when nothing can be written, is shown the numbers all the same, and the log says so.
/// </summary>
internal sealed partial class LooksOfStaff(IGrainFactory grains, TimeProvider clock, ILogger<LooksOfStaff> log)
{
    private const int RememberedMax = 10_000;
    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(5), OperatorWaits = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(Guid, string), DateTimeOffset> _noted = [];

    /// <exception cref="InvalidOperationException">An auditor's look could not be noted: nothing is shown.</exception>
    public async Task NoteAsync(Asker asker, string what)
    {
        if (asker.Actor.Kind is not (ActorKind.Auditor or ActorKind.Operator))
            return;
        var now = clock.GetUtcNow();
        if (_noted.TryGetValue((asker.Actor.Id, what), out var at) && now - at < OneLook)
            return;
        var noting = NoteNowAsync(asker, what, now);
        if (asker.Actor.Kind == ActorKind.Auditor)
        {
            await noting;
            return;
        }
        try
        {
            await noting.WaitAsync(OperatorWaits);
        }
        catch (Exception fault)
        {
            noting.Ignore();
            NotNoted(log, fault.GetType().Name);
        }
    }

    private async Task NoteNowAsync(Asker asker, string what, DateTimeOffset now)
    {
        var noted = await grains.Grain<IProviderGrain>(Installation.Id.Value).NoteLookAsync(asker, what);
        if (!noted.Succeeded)
            throw new InvalidOperationException($"A look could not be noted: {noted.Refusal.Code}.");
        if (_noted.Count >= RememberedMax)
            _noted.Clear();
        _noted[(asker.Actor.Id, what)] = now;
    }

    /// <summary>After authorization: only who may look gets this far.</summary>
    public static void UseOn(WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(OperationsEndpoints.Page) || http.Request.Path.StartsWithSegments(OperationsEndpoints.Metrics),
        looks => looks.Use(async (http, next) =>
        {
            if (CurrentAsker.ActorOf(http.User) is not null)
                await http.RequestServices.GetRequiredService<LooksOfStaff>().NoteAsync(CurrentAsker.Of(http.User), http.Request.Path.Value!);
            await next(http);
        }));

    [LoggerMessage(Level = LogLevel.Warning, Message = "An operator's look could not be noted ({Fault}). What they asked for was shown: numbers, nothing of a record.")]
    private static partial void NotNoted(ILogger log, string fault);
}

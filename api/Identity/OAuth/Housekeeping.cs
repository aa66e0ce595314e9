using Hrms.Api.Identity.Accounts;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Removes the entries of tokens that are over and of assertions and sessions that could not be used again anyway. On every node; two at once do no harm.</summary>
internal sealed partial class Housekeeping(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>Longer than a refresh token may lie idle: that a dead one is used again must still be noticed.</summary>
    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var now = clock.GetUtcNow();
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(now - KeptAfter, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(now - KeptAfter, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Set<SeenAssertion>().Where(seen => seen.ExpiresAt < now - KeptAfter).ExecuteDeleteAsync(stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Set<EndedSession>().Where(session => session.EndsAt < now - KeptAfter).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                SweepFailed(log, fault.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old token entries could not be removed ({Fault}). Tried again in ten minutes.")]
    private static partial void SweepFailed(ILogger log, string fault);
}

using Hrms.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hrms.Api.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: a grain answers, which needs a silo that could begin it from PostgreSQL, and this process was not told to stop. The ledger is not part of
/// it: reads and revocations go on without.
/// </summary>
public static class HealthEndpoints
{
    public static IServiceCollection AddHrmsHealth(this IServiceCollection services)
    {
        services.AddSingleton<Draining>();
        services.AddHealthChecks().AddCheck<Draining>("draining", tags: ["ready"]).AddCheck<GrainCheck>("grains", tags: ["ready"], timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapHrmsHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
    }

    private sealed class GrainCheck(IGrainFactory grains) : IHealthCheck
    {
        // Providers that nobody has registered: asking for one activates a grain, which asks the key ring. Several, so that of many silos one that can't does not speak for all.
        private static readonly Guid[] Nobodies = [.. Enumerable.Range(1, 8).Select(number => NameBasedId.Create("health", $"nobody {number}"))];

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await foreach (var answer in Task.WhenEach(Nobodies.Select(nobody => grains.GetGrain<IProviderGrain>(nobody).ViewAsync())).WithCancellation(cancellationToken))
                if ((await answer).Refusal?.Code != RefusalCode.Unavailable)
                    return HealthCheckResult.Healthy();
            return HealthCheckResult.Unhealthy("No grain answers.");
        }
    }
}

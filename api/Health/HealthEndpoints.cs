using Hrms.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hrms.Api.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: a grain answers, which needs the silo and PostgreSQL. The ledger is not part of it: reads and
/// revocations go on without.
/// </summary>
public static class HealthEndpoints
{
    public static IServiceCollection AddHrmsHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<GrainCheck>("grains", tags: ["ready"], timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapHrmsHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
    }

    private sealed class GrainCheck(IGrainFactory grains) : IHealthCheck
    {
        // A provider that nobody has registered: asking for it activates a grain, which asks the key ring.
        private static readonly Guid Nobody = NameBasedId.Create("health", "nobody");

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await grains.GetGrain<IProviderGrain>(Nobody).ViewAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}

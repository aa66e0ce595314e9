using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hrms.Api.Health;

/// <summary>
/// Whether this process was told to stop. It says so at <c>/health/ready</c> first and serves on for a while, so that whoever sends it requests (a load balancer, a service of Kubernetes) sends them
/// elsewhere before it takes none. Begun by the host of the command <c>serve</c>.
/// </summary>
internal sealed class Draining : IHealthCheck
{
    private volatile bool _began;

    public void Begin() => _began = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_began ? HealthCheckResult.Unhealthy("This process stops.") : HealthCheckResult.Healthy());
}

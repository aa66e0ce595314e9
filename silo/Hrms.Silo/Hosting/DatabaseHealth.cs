using Hrms.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hrms.Silo.Hosting;

/// <summary>
/// <c>/health/ready</c> of a silo: whether it reaches PostgreSQL, and that can still make something durable. Without, it decides nothing, though its peers reach it; whoever looks after processes may
/// start it elsewhere.
/// </summary>
internal sealed class DatabaseHealth(DatabaseProbe database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await database.AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("PostgreSQL does not answer.");
}

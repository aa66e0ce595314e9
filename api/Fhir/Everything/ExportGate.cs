using System.Threading.RateLimiting;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Everything;

/// <summary>How many pages of exports are made at one time by this process: one for each asker, and in all as many as memory is meant for.</summary>
internal sealed class ExportGate : IDisposable
{
    /// <summary>With <see cref="Limits.ExportPageBytesMax"/> each: 128 MiB, but for single records that are larger.</summary>
    public const int PagesInFlightMax = 32;

    private readonly PartitionedRateLimiter<Actor> _limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<Actor, int>(_ => RateLimitPartition.GetConcurrencyLimiter(0, _ => AtMost(PagesInFlightMax))),
        PartitionedRateLimiter.Create<Actor, Actor>(asker => RateLimitPartition.GetConcurrencyLimiter(asker, _ => AtMost(1))));

    /// <summary>Held until it is disposed; one that is not acquired means: not now.</summary>
    public RateLimitLease Enter(Actor asker) => _limiter.AttemptAcquire(asker);

    public void Dispose() => _limiter.Dispose();

    private static ConcurrencyLimiterOptions AtMost(int pages) => new() { PermitLimit = pages, QueueLimit = 0 };
}

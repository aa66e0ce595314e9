using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Silo.Hosting;

/// <summary>Lets erasures go on that a crash or a fault interrupted: when the silo is up, and every minute. Several silos that do so at once do no harm.</summary>
internal sealed partial class ErasureFinisher(
    IErasures erasures, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ErasureFinisher> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                foreach (var owner in await erasures.UnfinishedAsync(stoppingToken))
                    await grains.GetGrain<IPatientGrain>(owner.Value).FinishErasureAsync();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Interrupted(log, fault.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An erasure could not go on ({Fault}). The next try is within a minute.")]
    private static partial void Interrupted(ILogger logger, string fault);
}

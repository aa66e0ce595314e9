using Hrms.Contracts;
using Hrms.Grains.Journaling;

namespace Hrms.Silo.Hosting;

/// <summary>
/// Wakes every lane's writer, the registrar of patients' keys and the follower when the silo is up, so that what was left over from before is committed without waiting for the next change. Runs beside the start: a
/// ledger that is down must not keep reads from being served.
/// </summary>
internal sealed class LaneStarter(IGrainFactory grains, LaneOptions lanes, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        for (var lane = 0; lane < lanes.LaneCount; lane++)
            await grains.GetGrain<ILedgerWriterGrain>(lane).WakeAsync();
        if (lanes.RegistersPatientKeys)
            await grains.GetGrain<IPatientKeyRegistrarGrain>(0).WakeAsync();
        await grains.GetGrain<ILedgerFollowerGrain>(0).WakeAsync();
    }
}

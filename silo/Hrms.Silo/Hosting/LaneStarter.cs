using Hrms.Contracts;
using Hrms.Grains;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;

namespace Hrms.Silo.Hosting;

/// <summary>
/// Wakes every lane's writer, the registrar of patients' keys and the follower when the silo is up, so that what was left over from before is committed without waiting for the next change, and then reads
/// each second which lanes are closed. The start waits until the lanes have looked at the ledger: after an old backup was restored nobody must read under a consent that was
/// revoked since. A ledger that is down is not waited for, since reads go on without it.
/// </summary>
internal sealed partial class LaneStarter(IGrainFactory grains, LaneOptions lanes, ClosedLanes closed, ILogger<LaneStarter> log) : BackgroundService
{
    // Real time, whatever the silo's clock says.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        GrainsTelemetry.Begin();
        await grains.GetGrain<ILedgerFollowerGrain>(0).WakeAsync();
        if (lanes.RegistersPatientKeys)
            await grains.GetGrain<IPatientKeyRegistrarGrain>(0).WakeAsync();
        var begun = Task.WhenAll(Enumerable.Range(0, lanes.LaneCount).Select(lane => grains.GetGrain<ILedgerWriterGrain>(lane).BegunAsync()));
        await begun.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ReadAsync(stoppingToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await closed.ReadAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Without the database no access line can be written, so nothing leaves meanwhile.
            NotRead(log, fault.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which lanes are closed could not be read ({Fault}). The next try is in a second.")]
    private static partial void NotRead(ILogger logger, string fault);
}

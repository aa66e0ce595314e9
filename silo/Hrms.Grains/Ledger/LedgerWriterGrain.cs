using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Commits one lane, in order, exactly once. The steps are in <see cref="LanePump"/>; questions in LedgerWriterGrain.Asking.cs, which read the pump's published numbers while a step is under way.
/// </summary>
public sealed partial class LedgerWriterGrain(
    ILaneStore store, ILedger ledger, IEntropy entropy, TimeProvider clock, LaneOptions lanes, LedgerWriterOptions options, ILogger<LedgerWriterGrain> logger) : PumpingGrain, ILedgerWriterGrain
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LanePump _pump = null!;

    private int Lane => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Lane < 0 || Lane >= lanes.LaneCount)
            throw new InvalidOperationException($"There is no lane {Lane}: this cluster has {lanes.LaneCount}.");
        _pump = new LanePump(Lane, lanes.LaneCount, store, ledger, entropy, clock, options, logger, OnCommitted);
        GrainsTelemetry.Watch(_pump, Lane);
        return BeginAsync();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await base.OnDeactivateAsync(reason, cancellationToken);
        GrainsTelemetry.Unwatch(_pump);
    }

    public override Task WakeAsync()
    {
        _pump.Woken();
        return base.WakeAsync();
    }

    public Task BegunAsync()
    {
        Pump();
        return _begun.Task;
    }

    private protected override bool IsBusy => _pump.IsBusy;

    private protected override async Task<LaneStep> StepAsync(CancellationToken cancellationToken)
    {
        var step = await _pump.StepAsync(cancellationToken);
        _begun.TrySetResult();
        return step;
    }
}

using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Ledger;

/// <summary>
/// Commits one lane, in order, exactly once. This file holds the grain's life: it is woken, pumps until there is nothing to do, and rests. The steps are in
/// <see cref="LanePump"/>; questions in LedgerWriterGrain.Asking.cs.
/// Wakes and questions interleave with a pump that is under way; all they touch is the flag that asks for another round and the pump's published numbers.
/// </summary>
public sealed partial class LedgerWriterGrain(
    ILaneStore store, ILedger ledger, IEntropy entropy, TimeProvider clock, LaneOptions lanes, LedgerWriterOptions options, ILogger<LedgerWriterGrain> logger)
    : Grain, ILedgerWriterGrain, IRemindable
{
    private const string SweepReminder = "sweep";

    private LanePump _pump = null!;
    private Task _pumping = Task.CompletedTask;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _again;
    private CancellationTokenSource _stop = new();

    private int Lane => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Lane < 0 || Lane >= lanes.LaneCount)
            throw new InvalidOperationException($"There is no lane {Lane}: this cluster has {lanes.LaneCount}.");
        _pump = new LanePump(Lane, lanes.LaneCount, store, ledger, entropy, clock, options, logger, OnCommitted);
        GrainsTelemetry.Watch(_pump, Lane);
        // A lost wake is covered by the reminder; it can't tick more often than once a minute.
        await this.RegisterOrUpdateReminder(SweepReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Pump();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
        GrainsTelemetry.Unwatch(_pump);
    }

    public Task WakeAsync()
    {
        Pump();
        return Task.CompletedTask;
    }

    public Task BegunAsync()
    {
        Pump();
        return _begun.Task;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    /// <summary>Starts the pump, or has the running one look once more.</summary>
    private void Pump()
    {
        _again = true;
        if (_pumping.IsCompleted && !_stop.IsCancellationRequested)
            _pumping = PumpAsync(_stop.Token);
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while ((_again || _pump.IsBusy) && !cancellationToken.IsCancellationRequested)
        {
            _again = false;
            var step = await _pump.StepAsync(cancellationToken);
            _begun.TrySetResult();
            switch (step)
            {
                case LaneStep.Again:
                    _again = true;
                    break;
                case LaneStep.Lost:
                    DeactivateOnIdle();
                    return;
                case LaneStep.Ended:
                    return;
            }
        }
    }
}

using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.PatientKeys;

/// <summary>
/// Brings patients' keys to the ledger. This file holds the grain's life: it is woken, pumps until there is nothing to do, and rests; the steps are in <see cref="PatientKeyPump"/>.
/// Wakes and questions interleave with a pump that is under way; all they touch is the flag that asks for another round.
/// </summary>
public sealed class PatientKeyRegistrarGrain(
    IPatientKeyQueue queue, ILaneStore store, ILedger ledger, IPatientKeyLedger register, IEntropy entropy, TimeProvider clock, LaneOptions lanes, LedgerWriterOptions options,
    ILogger<PatientKeyRegistrarGrain> logger) : Grain, IPatientKeyRegistrarGrain, IRemindable
{
    private const string SweepReminder = "sweep";
    private readonly PatientKeyPump _pump = new(lanes, queue, store, ledger, register, entropy, clock, options, logger);
    private readonly CancellationTokenSource _stop = new();
    private Task _pumping = Task.CompletedTask;
    private bool _again;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!lanes.RegistersPatientKeys)
            return;
        // A lost wake is covered by the reminder.
        await this.RegisterOrUpdateReminder(SweepReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Pump();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    public Task WakeAsync()
    {
        Pump();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    public Task<PatientKeyRegister?> RegisterAsync() => queue.RegisterAsync(CancellationToken.None);

    /// <summary>Starts the pump, or has the running one look once more.</summary>
    private void Pump()
    {
        if (!lanes.RegistersPatientKeys)
            return;
        _again = true;
        if (_pumping.IsCompleted && !_stop.IsCancellationRequested)
            _pumping = PumpAsync(_stop.Token);
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while (_again && !cancellationToken.IsCancellationRequested)
        {
            _again = false;
            switch (await _pump.StepAsync(cancellationToken))
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

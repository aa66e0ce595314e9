using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.PatientKeys;

/// <summary>Brings patients' keys to the ledger, where this member's does know them. The steps are in <see cref="PatientKeyPump"/>.</summary>
public sealed class PatientKeyRegistrarGrain(
    IPatientKeyQueue queue, ILaneStore store, ILedger ledger, IPatientKeyLedger register, IEntropy entropy, TimeProvider clock, LaneOptions lanes, LedgerWriterOptions options,
    ILogger<PatientKeyRegistrarGrain> logger) : PumpingGrain, IPatientKeyRegistrarGrain
{
    private readonly PatientKeyPump _pump = new(lanes, queue, store, ledger, register, entropy, clock, options, logger);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => lanes.RegistersPatientKeys ? BeginAsync() : Task.CompletedTask;

    public override Task WakeAsync() => lanes.RegistersPatientKeys ? base.WakeAsync() : Task.CompletedTask;

    public Task<PatientKeyRegister?> RegisterAsync() => queue.RegisterAsync(CancellationToken.None);

    private protected override bool IsBusy => false;

    private protected override Task<LaneStep> StepAsync(CancellationToken cancellationToken) => _pump.StepAsync(cancellationToken);
}

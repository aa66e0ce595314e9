using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Ledger;

/// <summary>What operators may see of a lane and tell it. Each command is in the installation's history, and kept, before it has an effect.</summary>
public sealed partial class LedgerWriterGrain
{
    private const int ReasonLengthMax = 500;
    private const int ShownMax = 100;

    public async Task<Outcome<LaneStatus>> OperateAsync(OperateLane command)
    {
        if (command.Asker.Actor.Kind != ActorKind.Operator)
            return new Refusal(RefusalCode.Forbidden, "A lane is told what to do by an operator.");
        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > ReasonLengthMax)
            return new Refusal(RefusalCode.Invalid, $"Say why, in 1 to {ReasonLengthMax} characters and with nothing of a patient's.", "reason");
        var what = command.What.ToString().ToLowerInvariant();
        // In the installation's own stream before the lane hears of it: its rows alone are nothing that the ledger vouches for.
        var noted = await GrainFactory.Grain<IProviderGrain>(Installation.Id.Value).NoteActAsync(new NoteAct(
            command.CommandId, command.Asker, AdministrativeActKind.LaneOperated, $"lane {lanes.FirstLane + Lane}: {what}: {command.Reason}"));
        if (noted.Refusal is { } notNoted)
            return notNoted;
        var operation = new LaneOperation(command.CommandId.Value, Lane, clock.GetUtcNow(), command.Asker.Actor.ToString(), what, command.Reason);
        if (!await store.OperateAsync(operation, CancellationToken.None))
            return await StatusAsync();
        if (command.What == LaneCommand.Reanchor && await ReanchorAsync() is { } refusal)
            return refusal;
        _pump.LookAgain(heal: command.What == LaneCommand.Resume);
        Pump();
        return await StatusAsync();
    }

    public async Task<Outcome<LaneInspection>> InspectAsync(Asker asker)
    {
        if (asker.Actor.Kind is not (ActorKind.Operator or ActorKind.Auditor))
            return new Refusal(RefusalCode.Forbidden, "A lane is inspected by an operator or an auditor.");
        var open = await store.OpenAsync(Lane, ShownMax, CancellationToken.None);
        var operations = await store.OperationsAsync(Lane, ShownMax, CancellationToken.None);
        var (last, mined, writers) = await OnLedgerAsync();
        return new LaneInspection(
            _pump.Identity?.Epoch ?? 0, last, mined,
            [.. open.Select(batch => new OpenBatch(
                batch.Number, batch.Attempt, batch.Nonce, "0x" + Convert.ToHexStringLower(batch.TransactionHash), batch.LeafCount, batch.SignedAt))],
            [.. operations.Select(operation => new LaneOperationView(operation.At, operation.Actor, operation.What, operation.Reason))],
            Account(writers?.Ours), Account(writers?.Current), Account(writers?.Previous), writers?.PreviousUntil);

        static string? Account(byte[]? bytes) => bytes is null ? null : "0x" + Convert.ToHexStringLower(bytes);
    }

    private async Task<Refusal?> ReanchorAsync()
    {
        try
        {
            await ledger.ReanchorAsync(CancellationToken.None);
            return null;
        }
        catch (LedgerDisagreesException disagreement)
        {
            return new Refusal(RefusalCode.WrongState, disagreement.Message);
        }
        catch (LedgerUnavailableException unavailable)
        {
            return new Refusal(RefusalCode.Unavailable, $"{unavailable.Message} Send the command with another id when a node answers.");
        }
    }

    /// <summary>Null where no node answers, or answers for a contract of ours.</summary>
    private async Task<(long? Last, ulong? MinedNonce, LaneWriters? Writers)> OnLedgerAsync()
    {
        if (_pump.Identity is not { } identity)
            return (null, null, null);
        try
        {
            return (
                await ledger.LastNumberAsync(identity, Lane, CancellationToken.None), await ledger.MinedNonceAsync(Lane, CancellationToken.None),
                await ledger.WritersAsync(identity, Lane, CancellationToken.None));
        }
        catch (LedgerUnavailableException)
        {
            return (null, null, null);
        }
    }
}

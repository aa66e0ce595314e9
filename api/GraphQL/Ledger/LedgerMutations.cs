using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Ledger;

/// <summary>What operators tell the ledger's writers. Each command is kept with its reason; see <c>inspection</c> of a lane.</summary>
public sealed class LedgerMutations
{
    [Description("Stops a lane's writer until it is resumed: no batch is made or sent. Care goes on; what changes waits. Only operators may.")]
    public static Task<LanePayload> PauseLane(OperateLaneInput input, IResolveFieldContext context) => OperateAsync(input, LaneCommand.Pause, context);

    [Description("Ends a pause; a lane that stopped looks again, and a chain that is behind gets the stored transactions again. Only operators may.")]
    public static Task<LanePayload> ResumeLane(OperateLaneInput input, IResolveFieldContext context) => OperateAsync(input, LaneCommand.Resume, context);

    [Description("Leaves a chain that was lost for the one the nodes are of now, whose contract is empty: every batch is sent again there, the old receipts stay. For all lanes. Only operators may.")]
    public static async Task<LanePayload> ReanchorLedger(OperateLaneInput input, IResolveFieldContext context)
    {
        var payload = await OperateAsync(input, LaneCommand.Reanchor, context);
        await Task.WhenAll(Lanes.All(context).Select(lane => lane.WakeAsync()));
        return payload;
    }

    private static async Task<LanePayload> OperateAsync(OperateLaneInput input, LaneCommand what, IResolveFieldContext context) =>
        Lanes.Find(context, input.Lane) is { } lane
            ? LanePayload.Of(await lane.OperateAsync(new OperateLane(new CommandId(input.CommandId), context.Asker(), what, input.Reason)))
            : LanePayload.Of(new Refusal(RefusalCode.Invalid, $"There is no lane {input.Lane}.", "lane"));
}

/// <param name="Reason">Why, for the record: 1 to 500 characters, nothing of a patient's.</param>
public sealed record OperateLaneInput([property: Id] Guid CommandId, int Lane, string Reason);

public sealed record LanePayload(LaneType? Lane, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static LanePayload Of(Outcome<LaneStatus> outcome) => new(outcome.Succeeded ? new LaneType(outcome.Value) : null, UserError.Of(outcome));
}

/// <summary>A lane from inside, for operators.</summary>
[Name("LedgerInspection")]
public sealed class InspectionType(LaneInspection inspection)
{
    [Description("Which of the chains that this database was anchored in; 0 while the lane knows none.")]
    public int ChainEpoch => inspection.ChainEpoch;

    [Description("The newest batch that the contract has; null when no node answers.")]
    public long? LastOnLedger => inspection.LastOnLedger;

    public ulong? MinedNonce => inspection.MinedNonce;

    [Description("The account that the lane signs with.")]
    public string? Key => inspection.Key;

    [Description("The account that the contract has for the lane. Another one than key: it was replaced, and the new key is not in the key file here.")]
    public string? LedgerKey => inspection.LedgerKey;

    [Description("The account that was replaced and may still write for a while.")]
    public string? PreviousKey => inspection.PreviousKey;

    public DateTimeOffset? PreviousKeyUntil => inspection.PreviousKeyUntil;

    [Description("Batches without a receipt, the next first, at most 100.")]
    public IReadOnlyList<OpenBatchType> OpenBatches => [.. inspection.Open.Select(batch => new OpenBatchType(batch.Number, batch.Attempt, batch.Nonce, batch.TransactionHash, batch.LeafCount, batch.SignedAt))];

    [Description("What operators told the lane, newest first, at most 100.")]
    public IReadOnlyList<LaneOperationType> Operations => [.. inspection.Operations.Select(operation => new LaneOperationType(operation.At, operation.Actor, operation.What, operation.Reason))];
}

[Name("LedgerOpenBatch")]
public sealed record OpenBatchType(long Number, int Attempt, ulong Nonce, string TransactionHash, int LeafCount, DateTimeOffset SignedAt);

[Name("LedgerOperation")]
public sealed record LaneOperationType(DateTimeOffset At, string Actor, string What, string Reason);

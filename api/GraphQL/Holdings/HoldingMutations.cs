using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Holdings;

public sealed class HoldingMutations
{
    [Description("Whoever received data under a consent says that it has purged them. While it owes this, it is sent nothing new.")]
    public static async Task<HoldingPayload> AcknowledgePurge(AcknowledgePurgeInput input, IResolveFieldContext context) => HoldingPayload.Of(
        await context.Patient(input.Patient).AcknowledgePurgeAsync(
            new AcknowledgePurge(new CommandId(input.CommandId), context.Asker(), new ConsentId(input.Consent))));
}

public sealed record AcknowledgePurgeInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Consent);

public sealed record HoldingPayload(HoldingType? Holding, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static HoldingPayload Of(Outcome<HoldingView> outcome) => new(outcome.Succeeded ? new HoldingType(outcome.Value) : null, UserError.Of(outcome));
}

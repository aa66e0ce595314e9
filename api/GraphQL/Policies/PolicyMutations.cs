using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Policies;

public sealed class PolicyMutations
{
    [Description("The patient chooses what holds where no consent says anything. Without a choice: DENY. Effective when this answers.")]
    public static async Task<PolicyPayload> ChooseDefaultPolicy(ChooseDefaultPolicyInput input, IResolveFieldContext context) => PolicyPayload.Of(
        await context.Patient(input.Patient).ChooseDefaultPolicyAsync(new ChooseDefaultPolicy(new CommandId(input.CommandId), context.Asker(), input.Policy)));

    [Description("The patient closes the whole record to everybody else, emergencies and broken glass included, or opens it again as it was. Effective when this answers.")]
    public static async Task<PolicyPayload> ChangeOptOut(ChangeOptOutInput input, IResolveFieldContext context) => PolicyPayload.Of(
        await context.Patient(input.Patient).ChangeOptOutAsync(
            new ChangeOptOut(new CommandId(input.CommandId), context.Asker(), input.OptedOut, input.ImpactAcknowledged ?? false)));
}

public sealed record ChooseDefaultPolicyInput([property: Id] Guid CommandId, [property: Id] Guid Patient, DefaultPolicy Policy);

/// <param name="ImpactAcknowledged">Opting out may harm care: true when the patient was warned and wants it.</param>
public sealed record ChangeOptOutInput([property: Id] Guid CommandId, [property: Id] Guid Patient, bool OptedOut, bool? ImpactAcknowledged);

public sealed record PolicyPayload(PolicyType? Policy, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static PolicyPayload Of(Outcome<PolicyView> outcome) => new(outcome.Succeeded ? new PolicyType(outcome.Value) : null, UserError.Of(outcome));
}

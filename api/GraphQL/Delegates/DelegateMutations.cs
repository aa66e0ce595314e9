using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Delegates;

public sealed class DelegateMutations
{
    [Description("The patient in person appoints somebody to act for them, who then asks with a token that says on whose behalf. Effective when this answers.")]
    public static async Task<DelegationPayload> AppointDelegate(AppointDelegateInput input, IResolveFieldContext context) => DelegationPayload.Of(
        await context.Patient(input.Patient).AppointDelegateAsync(new AppointDelegate(
            new CommandId(input.CommandId), context.Asker(), new PatientId(input.Delegate), input.Role, input.Level, input.Until)));

    [Description("Ends a delegation at once: the patient in person, the delegate who resigns, or, of a guardian, an operator.")]
    public static async Task<DelegationPayload> EndDelegation(EndDelegationInput input, IResolveFieldContext context) => DelegationPayload.Of(
        await context.Patient(input.Patient).EndDelegationAsync(
            new EndDelegation(new CommandId(input.CommandId), context.Asker(), new DelegationId(input.Delegation))));
}

/// <param name="Delegate">The person, by their own patient id.</param>
/// <param name="Until">When it ends by itself; of a guardian: the ward's coming of age, and needed.</param>
public sealed record AppointDelegateInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Delegate, DelegateRole Role, DelegateLevel Level, DateTimeOffset? Until);

public sealed record EndDelegationInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Delegation);

public sealed record DelegationPayload(DelegationType? Delegation, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static DelegationPayload Of(Outcome<DelegationView> outcome) =>
        new(outcome.Succeeded ? new DelegationType(outcome.Value) : null, UserError.Of(outcome));
}

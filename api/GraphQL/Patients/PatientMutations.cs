using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

public sealed class PatientMutations
{
    [Description("Registers a patient, a child with the guardian who acts for it until it comes of age. Only operators may. The same commandId gives the same patient.")]
    public static async Task<RegisterPatientPayload> RegisterPatient(RegisterPatientInput input, IResolveFieldContext context)
    {
        var id = NameBasedId.Create("patient", input.CommandId.ToString());
        var outcome = await context.Patient(id).RegisterAsync(new RegisterPatient(
            new CommandId(input.CommandId), context.Asker(), input.Guardian is { } guardian ? new GuardianDraft(new PatientId(guardian.Delegate), guardian.Until) : null));
        return new RegisterPatientPayload(
            outcome.Succeeded ? new PatientType(id, null) : null,
            outcome.Succeeded && input.Guardian is not null ? DelegationId.From(new CommandId(input.CommandId)).Value : null, UserError.Of(outcome));
    }
}

/// <param name="CommandId">Chosen by the caller before sending; a repeat with the same one changes nothing.</param>
/// <param name="Guardian">Who acts for a child; only the first registration appoints one.</param>
public sealed record RegisterPatientInput([property: Id] Guid CommandId, GuardianInput? Guardian);

/// <param name="Delegate">The guardian, by their own patient id.</param>
/// <param name="Until">The ward's coming of age: the guardian's access ends by itself.</param>
public sealed record GuardianInput([property: Id] Guid Delegate, DateTimeOffset Until);

/// <param name="Guardianship">The guardian's delegation, which an operator may end (endDelegation).</param>
public sealed record RegisterPatientPayload(PatientType? Patient, [property: Id] Guid? Guardianship, IReadOnlyList<UserError> Errors) : IPayload;

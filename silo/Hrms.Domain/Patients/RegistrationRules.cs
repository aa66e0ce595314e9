using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Patients;

/// <summary>Who may register a patient, and with which guardian. Called by the patient's grain.</summary>
public static class RegistrationRules
{
    public static Decided<PatientEvent> Register(PatientState state, RegisterPatient command, DateTimeOffset now)
    {
        var by = command.Asker.Actor;
        if (by.Kind != ActorKind.Operator)
            return new Refusal(RefusalCode.Forbidden, "Patients are registered by an operator.");
        var id = DelegationId.From(command.Command);
        if (state.RegisteredAt is not null)
        {
            var first = state.Consents.Delegations.Find(delegation => delegation.Id == id);
            return first?.Delegate == command.Guardian?.Delegate && first?.Until == command.Guardian?.Until
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "The patient was registered with another guardian or with none. The patient appoints further ones.", "guardian");
        }
        var registered = new PatientRegistered(now, state.Id, by);
        if (command.Guardian is not { } guardian)
            return registered;
        if (DelegateRules.Check(state, guardian.Delegate, DelegateRole.Guardian, DelegateLevel.Full, guardian.Until, now) is { } wrong)
            return wrong with { Place = $"guardian.{wrong.Place}" };
        return new Decided<PatientEvent>(
            [registered, new DelegateAppointed(now, id, guardian.Delegate, DelegateRole.Guardian, DelegateLevel.Full, guardian.Until, by)], null);
    }
}

using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>Who may appoint a delegate and end a delegation. Called by the patient's grain.</summary>
public static class DelegateRules
{
    public static Decided<PatientEvent> Appoint(PatientState state, AppointDelegate command, DateTimeOffset now)
    {
        if (!ConsentRules.IsPatient(state, command.Asker))
            return ForThePatientInPerson(state, command.Asker, now);
        var id = DelegationId.From(command.Command);
        if (state.Consents.Delegations.Find(delegation => delegation.Id == id) is { } existing)
        {
            return (existing.Delegate, existing.Role, existing.Level, existing.Until) == (command.Delegate, command.Role, command.Level, command.Until)
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another appointment. Use a new one.", "commandId");
        }
        if (Check(state, command.Delegate, command.Role, command.Level, command.Until, now) is { } wrong)
            return wrong;
        return new DelegateAppointed(now, id, command.Delegate, command.Role, command.Level, command.Until, command.Asker.Actor);
    }

    public static Decided<PatientEvent> End(PatientState state, EndDelegation command, DateTimeOffset now)
    {
        var delegation = state.Consents.Delegations.Find(known => known.Id == command.Delegation);
        if (!ConsentRules.IsPatient(state, command.Asker) && !(delegation is not null && MayEnd(state, delegation, command.Asker)))
            return ForThePatientInPerson(state, command.Asker, now);
        if (delegation is null)
            return Refusal.NotFound("No such delegation.");
        // One whose time has passed by this clock is ended all the same: another clock may be behind.
        return delegation.EndedAt is null ? new DelegationEnded(now, delegation.Id, command.Asker.Actor) : Decided<PatientEvent>.AlreadyDone;
    }

    /// <summary>What is wrong with an appointment; null: nothing. Whether there is such a person is not looked at: nobody may find that out by appointing.</summary>
    internal static Refusal? Check(PatientState state, PatientId person, DelegateRole role, DelegateLevel level, DateTimeOffset? until, DateTimeOffset now)
    {
        if (person == state.Id || person.Value == Guid.Empty)
            return new Refusal(RefusalCode.Invalid, "A delegate is another person.", "delegate");
        if (!Enum.IsDefined(role))
            return new Refusal(RefusalCode.Invalid, "A delegate is a guardian or a representative.", "role");
        if (!Enum.IsDefined(level))
            return new Refusal(RefusalCode.Invalid, "A delegate sees what is not restricted, sees all, or acts.", "level");
        if (role == DelegateRole.Guardian && until is null)
            return new Refusal(RefusalCode.Invalid, "A guardian's access ends: say when the ward comes of age.", "until");
        if (until <= now)
            return new Refusal(RefusalCode.Invalid, "The delegation would end before it begins: its end has passed.", "until");
        if (state.Consents.Delegations.Count >= Limits.DelegationsMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {Limits.DelegationsMax} delegations.");
        return state.Consents.Delegations.Exists(other => other.Delegate == person && other.HoldsAt(now))
            ? new Refusal(RefusalCode.WrongState, "This person is a delegate already. End that delegation first.", "delegate")
            : null;
    }

    /// <summary>A delegate resigns. A guardian may be taken from a ward who is too young to do it: an operator's task, on a court's or an authority's word.</summary>
    private static bool MayEnd(PatientState state, Delegation delegation, Asker asker) =>
        (asker.Actor == Actor.Patient(delegation.Delegate) && (asker.OnBehalfOf is null || asker.ActsFor(state.Id)))
        || (asker.Actor.Kind == ActorKind.Operator && delegation.Role == DelegateRole.Guardian);

    private static Refusal ForThePatientInPerson(PatientState state, Asker asker, DateTimeOffset now) => ConsentRules.MayAct(state, asker, now)
        ? new Refusal(RefusalCode.Forbidden, "Only the patient in person appoints delegates and ends their delegations.")
        : Refusal.NotFound("No such patient.");
}

using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>Who may choose what holds for the whole record: the default policy and the hard opt-out. Called by the patient's grain.</summary>
public static class PolicyRules
{
    /// <summary>How many choices are remembered. A repeat that arrives after a thousand newer choices would count as a new one.</summary>
    public const int ChoicesKept = 1_000;

    public static Decided<PatientEvent> ChooseDefault(PatientState state, ChooseDefaultPolicy command, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (Earlier(state, command.Command) is { } earlier)
            return earlier.Default == command.Policy ? Decided<PatientEvent>.AlreadyDone : CommandReused;
        if (!Enum.IsDefined(command.Policy))
            return new Refusal(RefusalCode.Invalid, "Unknown default policy.", "policy");
        // Also when it is the present one: the command must be known, or its repeat would undo a later choice.
        return new DefaultPolicyChosen(now, command.Policy, command.Asker.Actor, command.Command);
    }

    public static Decided<PatientEvent> ChangeOptOut(PatientState state, ChangeOptOut command, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (Earlier(state, command.Command) is { } earlier)
            return earlier.OptedOut == command.OptedOut ? Decided<PatientEvent>.AlreadyDone : CommandReused;
        if (command is { OptedOut: true, ImpactAcknowledged: false })
        {
            return new Refusal(
                RefusalCode.ImpactNotAcknowledged,
                "Nobody who treats the patient will see anything of the record, not even in an emergency. Repeat it with impactAcknowledged when the patient knows and wants it.",
                "impactAcknowledged");
        }
        return new OptOutChanged(now, command.OptedOut, command.Asker.Actor, command.ImpactAcknowledged ? true : null, command.Command);
    }

    public static PolicyView View(PatientState state) =>
        new(state.Consents.Default, state.Consents.OptedOut, [.. state.PolicyChoices.Reverse()]);

    private static PolicyChoice? Earlier(PatientState state, CommandId command) => state.PolicyChoices.Find(choice => choice.Command == command);

    private static Refusal CommandReused => new(RefusalCode.CommandReused, "This command id was used for another choice. Use a new one.", "commandId");
}

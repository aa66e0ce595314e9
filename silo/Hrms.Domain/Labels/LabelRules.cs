using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Labels;

/// <summary>Who may change a record's labels. More labels never widen access, so adding is easy; lowering is for few, says why, and stays in the history.</summary>
public static class LabelRules
{
    /// <param name="officerSees">Whether the asker is a privacy officer who may see the record now; then only they are not the patient.</param>
    public static Decided<PatientEvent> Change(PatientState state, ChangeLabel command, bool officerSees, DateTimeOffset now)
    {
        var isPatient = ConsentRules.MayAct(state, command.Asker, now);
        if (!isPatient && !(officerSees && command.Step == LabelStep.Lowered))
            return Refusal.NotFound();
        if (state.Records.Find(command.Record) is null)
            return Refusal.NotFound();
        var changes = state.Records.LabelChanges(command.Record);
        if (changes.FirstOrDefault(change => change.Command == command.Command) is { } earlier)
        {
            return (earlier.Label, earlier.Step, earlier.Why) == (command.Label, command.Step, command.Why)
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another change. Use a new one.", "commandId");
        }
        if (Check(command) is { } wrong)
            return wrong;
        if (changes.Length >= Limits.LabelChangesMax)
            return new Refusal(RefusalCode.LimitExceeded, $"The labels of a record change at most {Limits.LabelChangesMax} times.", "label");
        return command.Step == LabelStep.Added ? Add(state, command, now) : Lower(state, command, isPatient, now);
    }

    private static Decided<PatientEvent> Add(PatientState state, ChangeLabel command, DateTimeOffset now) =>
        RecordLabels.IsChosen(state.Records.LabelChanges(command.Record), command.Label) ? Decided<PatientEvent>.AlreadyDone : Changed(command, now);

    private static Decided<PatientEvent> Lower(PatientState state, ChangeLabel command, bool isPatient, DateTimeOffset now)
    {
        var changes = state.Records.LabelChanges(command.Record);
        var chosen = RecordLabels.IsChosen(changes, command.Label);
        var marked = RecordLabels.IsMarked(state.Records.Versions(command.Record), changes, command.Label);
        if (!chosen && !marked)
            return new Refusal(RefusalCode.WrongState, "The record does not have this label.", "label");
        if (isPatient && !chosen)
            return new Refusal(RefusalCode.Forbidden, "The patient lowers labels that the patient added; others a privacy officer does.", "label");
        if (!isPatient && !marked)
            return new Refusal(RefusalCode.Forbidden, "The patient added this label. Only the patient lowers it.", "label");
        return Changed(command, now);
    }

    private static LabelChanged Changed(ChangeLabel command, DateTimeOffset now) =>
        new(now, command.Record, command.Label, command.Step, command.Asker.Actor, command.Why, command.Command);

    private static Refusal? Check(ChangeLabel command)
    {
        if (string.IsNullOrWhiteSpace(command.Label) || command.Label.Length > Limits.CodeLengthMax || command.Label.Any(char.IsWhiteSpace))
            return new Refusal(RefusalCode.Invalid, $"A label is a code of 1 to {Limits.CodeLengthMax} characters without spaces, such as PSY or R.", "label");
        if (command.Step == LabelStep.Lowered && string.IsNullOrWhiteSpace(command.Why))
            return new Refusal(RefusalCode.Invalid, "Who lowers a label says why.", "why");
        return command.Why?.Length > Limits.ReasonLengthMax
            ? new Refusal(RefusalCode.Invalid, $"A reason has at most {Limits.ReasonLengthMax} characters.", "why")
            : null;
    }
}

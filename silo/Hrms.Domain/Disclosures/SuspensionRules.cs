using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Disclosures;

/// <summary>
/// Who may enter that disclosures to an official body are not told for a time, and for how long (45 CFR 164.528(a)(2); docs/adr/0020-accounting-of-disclosures.md): an operator, who runs the
/// installation to which the statement is made. No organisation may, since it could hide its own looks. Called by the patient's grain.
/// </summary>
public static class SuspensionRules
{
    /// <param name="body">What the provider who is named is; null: nobody registered it.</param>
    public static Decided<PatientEvent> Suspend(PatientState state, SuspendDisclosures command, ProviderKind? body, DateTimeOffset now)
    {
        if (command.Asker.Actor.Kind != ActorKind.Operator || state.RegisteredAt is null)
            return Refusal.NotFound("No such patient.");
        if (state.Suspensions.Find(known => known.Id == SuspensionId.From(command.Command)) is { } known)
            return SaysTheSame(known, command) ? Decided<PatientEvent>.AlreadyDone : new Refusal(RefusalCode.CommandReused, "This command came before with another statement.", "commandId");
        return WrongIn(command, body, now) is { } wrong ? wrong
            : state.Suspensions.Count >= Limits.SuspensionsMax
                ? new Refusal(RefusalCode.LimitExceeded, $"A patient's history holds {Limits.SuspensionsMax} statements at most.")
                : new DisclosuresSuspended(now, new DisclosureSuspension(
                    SuspensionId.From(command.Command), new Actor(body == ProviderKind.Organization ? ActorKind.Organization : ActorKind.Practitioner, command.Body.Value), command.Form,
                    command.Official, command.Statement, command.StatedAt, now, command.Until, command.Asker.Actor));
    }

    private static Refusal? WrongIn(SuspendDisclosures command, ProviderKind? body, DateTimeOffset now)
    {
        if (body is not (ProviderKind.Organization or ProviderKind.Practitioner))
            return new Refusal(RefusalCode.Invalid, "Name a registered organisation or practitioner: the agency or the official to whom disclosures are made.", "body");
        if (string.IsNullOrWhiteSpace(command.Official) || command.Official.Length > Limits.OfficialLengthMax)
            return new Refusal(RefusalCode.Invalid, $"Say who made the statement, in 1 to {Limits.OfficialLengthMax} characters.", "official");
        if (string.IsNullOrWhiteSpace(command.Statement) || command.Statement.Length > Limits.ReasonLengthMax)
            return new Refusal(RefusalCode.Invalid, $"Say what was stated or where the paper is, in 1 to {Limits.ReasonLengthMax} characters.", "statement");
        if (command.StatedAt > now)
            return new Refusal(RefusalCode.Invalid, "A statement was made before it is entered.", "statedAt");
        if (command.Until <= now)
            return new Refusal(RefusalCode.Invalid, "A suspension ends later than now.", "until");
        if (command.Form == StatementForm.Oral && command.Until - command.StatedAt > Limits.OralSuspension)
            return new Refusal(RefusalCode.Invalid, $"An oral statement holds for {Limits.OralSuspension.TotalDays:0} days at most. For longer, let it be written.", "until");
        if (command.Until > command.StatedAt.AddYears(Limits.SuspensionYearsMax))
            return new Refusal(RefusalCode.Invalid, $"A statement holds for {Limits.SuspensionYearsMax} years at most: an accounting reaches no further.", "until");
        return null;
    }

    private static bool SaysTheSame(DisclosureSuspension known, SuspendDisclosures command) =>
        (known.Body.Id, known.Form, known.Official, known.Statement, known.StatedAt, known.Until, known.By)
        == (command.Body.Value, command.Form, command.Official, command.Statement, command.StatedAt, command.Until, command.Asker.Actor);
}

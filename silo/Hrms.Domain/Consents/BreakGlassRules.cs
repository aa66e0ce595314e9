using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>Who may break the glass, and how. Called by the patient's grain.</summary>
public static class BreakGlassRules
{
    /// <summary>What every patient's glass answers alike, so that nothing is learnt: who asks, and how. Null: nothing is wrong.</summary>
    /// <param name="practitioner">The asker's own profile; null when there is none.</param>
    public static Refusal? Check(BreakGlass command, ProviderView? practitioner)
    {
        if (command.Asker is not { Actor.Kind: ActorKind.Practitioner, OnBehalfOf: null } || practitioner?.Kind != ProviderKind.Practitioner)
            return new Refusal(RefusalCode.Forbidden, "Only a registered practitioner may break the glass.");
        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > Limits.ReasonLengthMax)
            return new Refusal(RefusalCode.Invalid, $"Say why it cannot wait, in 1 to {Limits.ReasonLengthMax} characters.", "reason");
        if (command.Minutes is < 1 or > Limits.BreakGlassMinutesMax)
            return new Refusal(RefusalCode.Invalid, $"Broken glass stays open for 1 to {Limits.BreakGlassMinutesMax} minutes.", "minutes");
        return ConsentTermsRules.CheckData(command.Scope, "scope");
    }

    /// <param name="organizations">The organisations the practitioner belongs to, which answer for it.</param>
    public static Decided<PatientEvent> Break(PatientState state, BreakGlass command, IReadOnlyList<ProviderId> organizations, DateTimeOffset now)
    {
        if (state.RegisteredAt is null)
            return Refusal.NotFound("No such patient.");
        var by = command.Asker.Actor;
        if (Find(state, BreakGlassId.From(command.Command)) is { } existing)
        {
            return existing.By == by && existing.Reason == command.Reason && existing.Until - existing.At == TimeSpan.FromMinutes(command.Minutes)
                && SameTerms.Equal(AsTerms(existing.Scope, by), AsTerms(command.Scope, by))
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another one. Use a new one.", "commandId");
        }
        if (state.Consents.BrokenGlasses.Count(glass => glass.By == by) >= Limits.BreakingsPerPractitionerMax)
            return new Refusal(RefusalCode.LimitExceeded, $"One practitioner breaks one patient's glass at most {Limits.BreakingsPerPractitionerMax} times. Ask the patient for a consent.");
        return new GlassBroken(now, BreakGlassId.From(command.Command), by, command.Reason, command.Scope, now.AddMinutes(command.Minutes), organizations);
    }

    public static BrokenGlass? Find(PatientState state, BreakGlassId id) => state.Consents.BrokenGlasses.Find(glass => glass.Id == id);

    private static ConsentTerms AsTerms(DataFilter scope, Actor by) => new(new Provision(ProvisionType.Permit, by, [], [], scope), [], Period.Always);
}

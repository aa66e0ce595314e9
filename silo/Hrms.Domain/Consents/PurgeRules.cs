using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>Giving back what was received.</summary>
public static class PurgeRules
{
    public static Decided<PatientEvent> Acknowledge(PatientState state, AcknowledgePurge command, DateTimeOffset now)
    {
        if (state.Holdings.Find(command.Consent, command.Asker.Actor) is not { } holding)
            return Refusal.NotFound("No such patient.");
        return holding.PurgedAt is not null
            ? Decided<PatientEvent>.AlreadyDone
            : new PurgeAcknowledged(now, command.Consent, command.Asker.Actor);
    }

    /// <summary>Under which consents this answer gives data to somebody for the first time.</summary>
    public static IReadOnlyList<PatientEvent> Disclosed(PatientState state, Asker asker, IEnumerable<Decision> decisions, DateTimeOffset now) =>
    [
        .. decisions.Where(decision => decision is { Permitted: true, Reason: DecisionReason.Permitted, Consent: not null }).Select(decision => decision.Consent!.Value).Distinct()
            .Where(consent => state.Holdings.IsNew(consent, asker.Actor)).Select(consent => new DataDisclosed(now, consent, asker.Actor)),
    ];
}

using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;

namespace Hrms.Domain.Erasures;

/// <summary>Who may have a record erased, and who must hear of it before nobody can read whom it concerns. Called by the patient's grain.</summary>
public static class ErasureRules
{
    /// <summary>Why not; null: the patient may.</summary>
    public static Refusal? Check(PatientState state, EraseRecord command, DateTimeOffset now)
    {
        if (!ConsentRules.IsPatient(state, command.Asker))
            return ConsentRules.MayAct(state, command.Asker, now)
                ? new Refusal(RefusalCode.Forbidden, "Only the patient in person has the record erased.")
                : Refusal.NotFound("No such patient.");
        return command.ImpactAcknowledged
            ? null
            : new Refusal(
                RefusalCode.ImpactNotAcknowledged,
                "Nobody, the patient included, will ever see anything of the record again, prove anything of it, or act by it for others. It can't be taken back. "
                + "Repeat it with impactAcknowledged when the patient knows and wants it.",
                "impactAcknowledged");
    }

    /// <summary>Ends every consent, so that whoever holds its artefact finds its nullifier on the ledger, and whoever holds data must purge them.</summary>
    public static IReadOnlyList<PatientEvent> LastEvents(PatientState state, DateTimeOffset now) =>
    [
        .. state.Consents.Consents.Values.Where(consent => consent.RevokedAt is null)
            .Select(consent => new ConsentRevoked(now, consent.Id, consent.Version + 1, Nullifier.Of(consent.Secret), Actor.Patient(state.Id))),
    ];

    /// <summary>The providers whose lists know the patient, each with what it must purge.</summary>
    public static IReadOnlyDictionary<Guid, IReadOnlyList<PurgeDuty>> Providers(PatientState state, DateTimeOffset now)
    {
        var duties = state.Holdings.Holdings.Values.Where(holding => IsProvider(holding.Holder) && holding.PurgedAt is null)
            .ToLookup(holding => holding.Holder.Id, holding => new PurgeDuty(
                state.Id, holding.Consent, HoldingBook.PurgeBy(state.Consents, holding) ?? now + Limits.PurgeGrace, holding.Since));
        var glasses = state.Consents.BrokenGlasses;
        return state.Consents.Consents.Values.Select(consent => consent.Terms.Rule.Grantee).Where(IsProvider).Select(grantee => grantee.Id)
            .Concat(duties.Select(holder => holder.Key))
            .Concat(glasses.SelectMany(glass => glass.Organizations ?? []).Concat(glasses.Count > 0 ? [GlassReviewers.Operators] : []).Select(queue => queue.Value))
            .Distinct().ToDictionary(id => id, id => (IReadOnlyList<PurgeDuty>)[.. duties[id]]);
    }

    /// <summary>Who acts for the patient, and whom the patient acts for; the guardians of the account, and those whose account the patient is a guardian of.</summary>
    public static IReadOnlyList<PatientId> Persons(PatientState state) =>
    [
        .. state.Consents.Delegations.Select(delegation => delegation.Delegate).Concat(state.Wards.Values.Select(ward => ward.Patient))
            .Concat(state.Recovery.Guardians.Select(guardian => guardian.Person).OfType<PatientId>()).Concat(state.Guards.Values).Distinct(),
    ];

    /// <summary>What a person's stream says when somebody whom they act for or guard, or who does so for them, was erased.</summary>
    public static IReadOnlyList<PatientEvent> Without(PatientState state, PatientId person, DateTimeOffset now) =>
    [
        .. state.Wards.Values.Where(ward => ward.Patient == person).Select(ward => new ActingEnded(now, ward.Delegation)),
        .. state.Consents.Delegations.Where(delegation => delegation.Delegate == person && delegation.EndedAt is null)
            .Select(delegation => new DelegationEnded(now, delegation.Id, Actor.Patient(person))),
        .. state.Guards.Where(guarded => guarded.Value == person).Select(guarded => new GuardingEnded(now, guarded.Key)),
        .. state.Recovery.Guardians.Where(guardian => guardian.Person == person).Select(guardian => new GuardianEnded(now, guardian.Invitation, Actor.Patient(person))),
    ];

    private static bool IsProvider(Actor actor) => actor.Kind is ActorKind.Practitioner or ActorKind.Organization;
}

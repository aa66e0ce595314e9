using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;

namespace Hrms.Domain.Consents;

/// <summary>Who may change a patient's consents, and which terms make sense. Called by the patient's grain.</summary>
public static class ConsentRules
{
    public static Decided<PatientEvent> Grant(PatientState state, GrantConsent command, DateTimeOffset now, byte[] secret)
    {
        if (!MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        // First of all: a repeat that arrives after the consent's own end is still a repeat.
        var id = ConsentId.From(command.Command);
        if (state.Consents.Find(id) is { } existing)
        {
            return SameTerms.Equal(existing.History[0].Terms, command.Terms) ? Decided<PatientEvent>.AlreadyDone : CommandReused;
        }
        if (CheckTerms(command.Terms, command.ImpactAcknowledged, now) is { } wrong)
            return wrong;
        if (state.Consents.Consents.Count >= Limits.ConsentsMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {Limits.ConsentsMax} consents.");
        return new ConsentGranted(now, id, command.Terms, secret, command.Asker.Actor, command.ImpactAcknowledged ? true : null, Paper: command.Paper);
    }

    public static Decided<PatientEvent> Amend(PatientState state, AmendConsent command, DateTimeOffset now, byte[] secret)
    {
        if (!MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Consents.Find(command.Consent) is not { } consent)
            return Refusal.NotFound("No such consent.");
        if (consent.History.FirstOrDefault(version => version.Command == command.Command) is { } earlier)
            return SameTerms.Equal(earlier.Terms, command.Terms) ? Decided<PatientEvent>.AlreadyDone : CommandReused;
        if (consent.RevokedAt is not null)
            return new Refusal(RefusalCode.WrongState, "The consent was revoked. Give a new one.", "consent");
        if (consent.Version != command.ExpectedVersion)
            return new Refusal(RefusalCode.StaleVersion, $"The consent is at version {consent.Version}. Read it again and decide anew.", "expectedVersion");
        if (consent.Version >= Limits.ConsentVersionsMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A consent has at most {Limits.ConsentVersionsMax} versions. Give a new one.", "consent");
        if (CheckTerms(command.Terms, command.ImpactAcknowledged, now) is { } wrong)
            return wrong;
        return new ConsentAmended(
            now, consent.Id, consent.Version + 1, command.Terms, secret, Nullifier.Of(consent.Secret), command.Asker.Actor, command.Command,
            command.ImpactAcknowledged ? true : null);
    }

    public static Decided<PatientEvent> Revoke(PatientState state, RevokeConsent command, DateTimeOffset now)
    {
        if (!MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Consents.Find(command.Consent) is not { } consent)
            return Refusal.NotFound("No such consent.");
        // Taking back twice is the same wish, under whichever command id.
        if (consent.RevokedAt is not null)
            return Decided<PatientEvent>.AlreadyDone;
        return new ConsentRevoked(now, consent.Id, consent.Version + 1, Nullifier.Of(consent.Secret), command.Asker.Actor);
    }

    /// <summary>Whether the asker is the patient in person, through nothing that reaches less far.</summary>
    public static bool IsPatient(PatientState state, Asker asker) =>
        state.RegisteredAt is not null && asker.Scope is null && asker.Actor.Kind == ActorKind.Patient && asker.Actor.Id == state.Id.Value && asker.OnBehalfOf is null;

    /// <summary>Whether the asker may do now what the patient may do: the patient, or a delegate who acts fully for them.</summary>
    public static bool MayAct(PatientState state, Asker asker, DateTimeOffset now) =>
        IsPatient(state, asker)
        || (state.RegisteredAt is not null && asker.Scope is null && state.Consents.ActsForPatient(
            new AccessRequest(asker.Actor, [], asker.Purpose, AccessAction.Store, now, OnBehalf: asker.ActsFor(state.Id))));

    /// <summary>Whether the asker says to act for this patient.</summary>
    public static bool ActsFor(this Asker asker, PatientId patient) => asker.OnBehalfOf == Actor.Patient(patient);

    private static Refusal? CheckTerms(ConsentTerms terms, bool impactAcknowledged, DateTimeOffset now)
    {
        if (ConsentTermsRules.Check(terms, now) is { } wrong)
            return wrong;
        // An exception that denies withholds as much as a rule does: all but mental health, from who treats.
        return terms.Exceptions.Prepend(terms.Rule).Any(provision => provision.Type == ProvisionType.Deny) && !impactAcknowledged
            ? new Refusal(
                RefusalCode.ImpactNotAcknowledged,
                "Who treats the patient may miss what this hides, also in an emergency. Repeat it with impactAcknowledged when the patient knows and wants it.",
                "impactAcknowledged")
            : null;
    }

    private static Refusal CommandReused => new(RefusalCode.CommandReused, "This command id was used for other terms. Use a new one.", "commandId");
}

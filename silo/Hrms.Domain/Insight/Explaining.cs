using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Insight;

/// <summary>
/// Why a decision is what it is, by the evaluator that decides. Called by the patient's grain, with the state of now or, folded from the stream, of then.
/// How often a consent was used and what was to be purged are part of the question; for everybody who can see a record they are left out.
/// </summary>
public static class Explaining
{
    public static Explanation Explain(PatientState state, AccessRequest ask, RecordId record) => InWords(state, ask.Now, Decide(state, ask, record));

    /// <summary>The decision about the newest version of a record.</summary>
    public static Decision Decide(PatientState state, AccessRequest ask, RecordId record) =>
        state.Records.Find(record) is not { } found ? new Decision(false, DecisionReason.NoSuchRecord)
        : ask.Actor == Actor.Patient(state.Id) && !ask.OnBehalf ? new Decision(true, DecisionReason.Self)
        : state.Consents.Policy.For(ask).Decide(Datum.Of(found.Metadata));

    /// <summary>Everybody named, with the purposes (HL7's, and those of other systems that a consent names) that come to one decision together.</summary>
    /// <param name="memberships">The groups of each practitioner, as far as they matter.</param>
    public static IReadOnlyList<RecordViewer> WhoCanSee(
        PatientState state, RecordId record, IReadOnlyDictionary<Actor, IReadOnlyCollection<Membership>> memberships, DateTimeOffset now) =>
        [.. Askers.NamedBy(state.Consents, now).SelectMany(grantee => Askers.Purposes(state.Consents)
            .GroupBy(purpose => Decide(state, Askers.As(grantee, memberships.GetValueOrDefault(grantee) ?? [], purpose, AccessAction.View, now), record))
            .Select(same => new RecordViewer(grantee, [.. same], InWords(state, now, same.Key))))];

    private static Explanation InWords(PatientState state, DateTimeOffset at, Decision decision)
    {
        var terms = decision.Consent is not { } id ? null
            : decision.Reason == DecisionReason.BreakGlass ? state.Consents.BrokenGlasses.Find(glass => glass.Id.Value == id.Value)?.AsTerms()
            : state.Consents.Find(id)?.Terms;
        return new Explanation(at, decision, DecisionWords.Of(decision, terms), terms);
    }
}

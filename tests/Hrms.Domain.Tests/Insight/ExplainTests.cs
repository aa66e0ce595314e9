using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Insight;
using Hrms.Domain.Patients;
using Hrms.Domain.Tests.Consents;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Insight;

/// <summary>The explanation is the decision that was taken. CsCheck prints the seed of a failure.</summary>
public sealed class ExplainTests
{
    private const int Lives = 10_000;

    [Fact, Trait("Feature", "26")]
    public void OfRandomLives_TheExplanation_IsTheDecisionTaken_NowAndThen()
    {
        int permitted = 0, denied = 0, byConsent = 0;
        Gen.Select(PatientGens.Life, ConsentGens.Ask, Gen.Int[0, 1_000_000]).Sample(
            (life, question, number) =>
            {
                // Somebody looked after some step of the life; the life went on; now the patient asks about that moment.
                var (then, version) = (PatientState.Initial(PatientGens.Ana), 0L);
                var moment = number % life.Count;
                foreach (var happened in life.Take(moment + 1))
                    then = then.After([happened], ++version);
                var ask = question with { Now = life[moment].At, PurgeOverdue = false, LedgerAhead = false };
                var record = Choose(then, number);
                var taken = Taken(then, ask, record);

                var lookedBack = life.TakeWhile(happened => happened.At <= ask.Now).Select((happened, i) => (happened, i))
                    .Aggregate(PatientState.Initial(PatientGens.Ana), (state, next) => state.After([next.happened], next.i + 1));
                var explanation = Explaining.Explain(lookedBack, ask, record);

                Assert.Equal((taken, ask.Now), (explanation.Decision, explanation.At));
                Assert.False(string.IsNullOrWhiteSpace(explanation.Text));
                if (taken.Reason is DecisionReason.Permitted or DecisionReason.Denied)
                {
                    Assert.Equal(taken.ConsentVersion, then.Consents.Find(taken.Consent!.Value)!.Version);
                    Assert.Equal(explanation.Terms, then.Consents.Find(taken.Consent!.Value)!.Terms);
                    Interlocked.Increment(ref byConsent);
                }
                Interlocked.Increment(ref taken.Permitted ? ref permitted : ref denied);
            },
            iter: RandomCases.Of(Lives));

        Assert.InRange(permitted, RandomCases.AtLeast(Lives / 100), Lives);
        Assert.InRange(denied, RandomCases.AtLeast(Lives / 10), Lives);
        Assert.InRange(byConsent, RandomCases.AtLeast(Lives / 20), Lives);
    }

    /// <summary>By the evaluator that is written to be read, not by what explains.</summary>
    private static Decision Taken(PatientState state, AccessRequest ask, RecordId record) =>
        state.Records.Find(record) is not { } found ? new Decision(false, DecisionReason.NoSuchRecord)
        : ask.Actor == Actor.Patient(PatientGens.Ana) && !ask.OnBehalf ? new Decision(true, DecisionReason.Self)
        : ReferenceEvaluator.Decide(state.Consents, ask, Hrms.Domain.Consents.Datum.Of(found.Metadata));

    private static RecordId Choose(PatientState state, int number) =>
        state.Records.Count == 0 ? new RecordId(Id(1)) : state.Records.NewestFirst[number % state.Records.Count].Id;

    [Fact, Trait("Feature", "26")]
    public void ThePatientsOwnLook_NeedsNoConsent_AndARecordThatIsNotThere_IsSaidToBeMissing()
    {
        var lab = PatientGens.Record(3_000, 3);
        var state = PatientState.Initial(PatientGens.Ana).After([new PatientRegistered(Now, PatientGens.Ana, Actor.Patient(PatientGens.Ana)), new RecordAdded(Now, lab)], 1);
        var ana = Actor.Patient(PatientGens.Ana).Asks(PurposeOfUse.PATRQT);

        Assert.Equal((Now, new Decision(true, DecisionReason.Self), "It is the patient's own record.", null), Explaining.Explain(state, ana, lab.Id) is var own ? (own.At, own.Decision, own.Text, own.Terms) : default);
        Assert.Equal(DecisionReason.NoConsent, Explaining.Decide(state, ana with { OnBehalf = true }, lab.Id).Reason);
        Assert.Equal(new Decision(false, DecisionReason.NoSuchRecord), Explaining.Decide(state, ana, new RecordId(Id(1))));
        Assert.Equal(DecisionReason.NoSuchRecord, Explaining.Decide(PatientState.Initial(PatientGens.Ana), ana, lab.Id).Reason);
    }

    [Fact, Trait("Feature", "26")]
    public void WhoCanSee_NamesEveryGranteeAndDelegate_WithTheDecisionTheyWouldGet()
    {
        var lab = PatientGens.Record(3_000, 3) with { Labels = [] };
        var state = PatientState.Initial(PatientGens.Ana).After(
            [
                new PatientRegistered(Now, PatientGens.Ana, Actor.Patient(PatientGens.Ana)), new RecordAdded(Now, lab),
                new ConsentGranted(Now, new ConsentId(Id(1)), Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except(), []),
                new ConsentGranted(Now, new ConsentId(Id(2)), Deny(CityHospital).Except(), []),
                new ConsentGranted(Now, new ConsentId(Id(3)), Permit(DrKim).Valid(null, Now.AddDays(-1)), []),
                new DefaultPolicyChosen(Now, DefaultPolicy.PermitTreatment, Actor.Patient(PatientGens.Ana)),
                new GlassBroken(Now, new BreakGlassId(Id(6)), DrKim, "unconscious", Only(DataClass.Laboratory), Now.AddMinutes(30)),
                new GlassBroken(Now.AddHours(-2), new BreakGlassId(Id(7)), Actor.Practitioner(new ProviderId(Id(9))), "unconscious", Only(DataClass.Laboratory), Now),
                new DelegateAppointed(Now, new DelegationId(Id(4)), new PatientId(Id(5)), DelegateRole.Representative, DelegateLevel.View, null, Actor.Patient(PatientGens.Ana)),
            ],
            1);

        var viewers = Explaining.WhoCanSee(state, lab.Id, new Dictionary<Actor, IReadOnlyCollection<Membership>>(), Now);

        Assert.Equal(new[] { Actor.Anyone, DrLee, DrKim, CityHospital, Actor.Delegate(new PatientId(Id(5))) }.ToHashSet(), viewers.Select(viewer => viewer.Grantee).ToHashSet());
        Assert.Equal(DecisionReason.Permitted, Reason(DrLee, PurposeOfUse.TREAT));
        Assert.Equal(DecisionReason.NoConsent, Reason(DrLee, PurposeOfUse.HRESCH));
        Assert.Equal(DecisionReason.Denied, Reason(CityHospital, PurposeOfUse.TREAT));
        Assert.Equal(DecisionReason.BreakGlass, Reason(DrKim, PurposeOfUse.BTG));
        Assert.NotEqual(DecisionReason.BreakGlass, Reason(DrKim, PurposeOfUse.ETREAT));
        Assert.Equal(DecisionReason.DefaultPolicy, Reason(Actor.Anyone, PurposeOfUse.TREAT));
        Assert.Equal(DecisionReason.Delegated, Reason(Actor.Delegate(new PatientId(Id(5))), PurposeOfUse.FAMRQT));

        var broke = viewers.Single(viewer => viewer.Grantee == DrKim && viewer.Purposes.Contains(PurposeOfUse.BTG)).Explanation;
        Assert.StartsWith("The glass was broken in an emergency", broke.Text, StringComparison.Ordinal);
        Assert.Equal((Now.AddMinutes(30), DrKim), (broke.Terms!.Validity.Until, broke.Terms.Rule.Grantee));

        var read = viewers.Single(viewer => viewer.Grantee == DrLee && viewer.Purposes.Contains(PurposeOfUse.TREAT)).Explanation;
        Assert.StartsWith($"The rule of the consent {Id(1)}, version 1, decides: it permits", read.Text, StringComparison.Ordinal);

        // As one of the hospital's, Dr Lee is denied what the hospital is, for purposes that no consent of their own is about.
        viewers = Explaining.WhoCanSee(state, lab.Id, new Dictionary<Actor, IReadOnlyCollection<Membership>> { [DrLee] = [new Membership(new ProviderId(CityHospital.Id))] }, Now);
        Assert.Equal(DecisionReason.Denied, Reason(DrLee, PurposeOfUse.HRESCH));

        DecisionReason Reason(Actor who, PurposeOfUse purpose) =>
            viewers.Single(viewer => viewer.Grantee == who && viewer.Purposes.Contains(purpose)).Explanation.Decision.Reason;
    }
}

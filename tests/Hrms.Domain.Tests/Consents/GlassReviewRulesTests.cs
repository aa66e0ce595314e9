using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>The review of broken glass: two persons, neither of them who broke it, and the clock.</summary>
public sealed class GlassReviewRulesTests
{
    private static readonly TimeSpan Within = TimeSpan.FromHours(72);
    private static readonly BreakGlassId Glass = new(Id(208));
    private static readonly ProviderId Hospital = new(CityHospital.Id);
    private static readonly Membership[] Officer = [new(Hospital, Limits.PrivacyOfficerRole)];
    private static readonly Asker Kim = new(DrKim, PurposeOfUse.HOPERAT), Lee = new(DrLee, PurposeOfUse.HOPERAT), Nora = new(Actor.Practitioner(new ProviderId(Id(4))), PurposeOfUse.HOPERAT);
    private static readonly PatientState Broken = With(Hospital);
    private static readonly RecordGlassFinding Finding = new(new CommandId(Id(250)), Kim, Glass, GlassFinding.Justified, "Unconscious indeed");
    private static readonly CloseGlassReview Close = new(new CommandId(Id(251)), Nora, Glass);

    [Fact, Trait("Feature", "34")]
    public void OnlyPrivacyOfficersOfItsOrganisation_ReviewIt()
    {
        Assert.NotNull(Reviews(Broken, Kim, Officer));
        Assert.Null(Reviews(Broken, Kim, [new Membership(Hospital)]));
        Assert.Null(Reviews(Broken, Kim, [new Membership(Hospital, "nurse")]));
        Assert.Null(Reviews(Broken, Kim, [new Membership(new ProviderId(Id(9)), Limits.PrivacyOfficerRole)]));
        Assert.Null(Reviews(Broken, Kim with { OnBehalfOf = Actor.Patient(Ana) }, Officer));
        Assert.Null(Reviews(Broken, AnaAsks, Officer));
        Assert.Null(Reviews(Registered, Kim, Officer));
    }

    [Fact, Trait("Feature", "34")]
    public void AnOfficerWhoWorksElsewhereToo_ReviewsIt() =>
        Assert.NotNull(Reviews(Broken, Kim, [new Membership(new ProviderId(Id(9)), "nurse"), .. Officer]));

    [Fact, Trait("Feature", "34")]
    public void ANoteOfTheMostCharacters_IsTaken() =>
        Assert.Null(GlassReviewRules.Record(Broken, Finding with { Note = new string('x', Limits.ReasonLengthMax) }, Reviews(Broken, Kim, Officer), Now).Refusal);

    [Fact, Trait("Feature", "34")]
    public void Operators_ReviewWhatNobodyAnswersFor_AndFromItsTickOnWhatIsOverdue()
    {
        Assert.NotNull(Reviews(With(), Clerk, []));
        Assert.Null(Reviews(With(), Kim, Officer));
        Assert.Null(Reviews(Broken, Clerk, [], Now + Within - TimeSpan.FromTicks(1)));
        Assert.NotNull(Reviews(Broken, Clerk, [], Now + Within));
    }

    [Fact, Trait("Feature", "34")]
    public void OnePersonFinds_AndASecondCloses()
    {
        var found = Decide(Broken, GlassReviewRules.Record(Broken, Finding, Reviews(Broken, Kim, Officer), Now));
        AssertRefused(RefusalCode.Forbidden, null, GlassReviewRules.Close(found, Close with { Asker = Kim }, Reviews(found, Kim, Officer), Now));

        var closed = Decide(found, GlassReviewRules.Close(found, Close, Reviews(found, Nora, Officer), Now));

        var review = View(closed, Now.AddYears(1)).Review;
        Assert.Equal(
            (GlassReviewStatus.Closed, false, GlassFinding.Justified, Kim.Actor, Nora.Actor), (review.Status, review.Escalated, review.Finding, review.FoundBy, review.ClosedBy));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, GlassReviewRules.Close(closed, Close, Reviews(closed, Nora, Officer), Now));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, GlassReviewRules.Record(closed, Finding, Reviews(closed, Kim, Officer), Now));
    }

    [Fact, Trait("Feature", "34")]
    public void WhoBrokeTheGlass_NeitherFindsNorCloses()
    {
        AssertRefused(RefusalCode.Forbidden, null, GlassReviewRules.Record(Broken, Finding with { Asker = Lee }, Reviews(Broken, Lee, Officer), Now));
        var found = Decide(Broken, GlassReviewRules.Record(Broken, Finding, Reviews(Broken, Kim, Officer), Now));
        AssertRefused(RefusalCode.Forbidden, null, GlassReviewRules.Close(found, Close with { Asker = Lee }, Reviews(found, Lee, Officer), Now));
    }

    [Fact, Trait("Feature", "34")]
    public void EveryOtherStep_IsRefused()
    {
        AssertRefused(RefusalCode.NotFound, null, GlassReviewRules.Record(Broken, Finding, null, Now));
        AssertRefused(RefusalCode.NotFound, null, GlassReviewRules.Close(Broken, Close, null, Now));
        AssertRefused(RefusalCode.WrongState, "glass", GlassReviewRules.Close(Broken, Close, Reviews(Broken, Nora, Officer), Now));
        AssertRefused(RefusalCode.Invalid, "finding", GlassReviewRules.Record(Broken, Finding with { Finding = default }, Reviews(Broken, Kim, Officer), Now));
        AssertRefused(RefusalCode.Invalid, "note", GlassReviewRules.Record(Broken, Finding with { Note = " " }, Reviews(Broken, Kim, Officer), Now));
        AssertRefused(
            RefusalCode.Invalid, "note",
            GlassReviewRules.Record(Broken, Finding with { Note = new string('x', Limits.ReasonLengthMax + 1) }, Reviews(Broken, Kim, Officer), Now));
        var found = Decide(Broken, GlassReviewRules.Record(Broken, Finding, Reviews(Broken, Kim, Officer), Now));
        AssertRefused(RefusalCode.WrongState, "glass", GlassReviewRules.Record(found, Finding with { Note = "Other" }, Reviews(found, Kim, Officer), Now));
        AssertRefused(RefusalCode.WrongState, "glass", GlassReviewRules.Record(found, Finding with { Asker = Nora }, Reviews(found, Nora, Officer), Now));
        var closed = Decide(found, GlassReviewRules.Close(found, Close, Reviews(found, Nora, Officer), Now));
        AssertRefused(RefusalCode.WrongState, "glass", GlassReviewRules.Close(closed, Close with { Asker = Clerk }, Reviews(closed, Nora, Officer), Now));
    }

    [Fact, Trait("Feature", "34")]
    public void AReviewThatIsNotClosed_EscalatesAtItsTick()
    {
        var found = Decide(Broken, GlassReviewRules.Record(Broken, Finding, Reviews(Broken, Kim, Officer), Now));

        foreach (var state in new[] { Broken, found })
        {
            Assert.False(View(state, Now + Within - TimeSpan.FromTicks(1)).Review.Escalated);
            Assert.True(View(state, Now + Within).Review.Escalated);
        }
    }

    [Fact, Trait("Feature", "34")]
    public void AQueue_IsReadByItsReviewersAlone_OldestFirst()
    {
        var (own, unowned) = (new GlassEntry(Ana, Glass, Now, false), new GlassEntry(Ana, new BreakGlassId(Id(209)), Now.AddHours(-1), true));
        var hospital = new ProviderEvent[]
        {
            new ProviderRegistered(Now, new ProviderDraft(Hospital, ProviderKind.Organization, "n", "s", "v"), Clerk.Actor), new MemberAdded(Now, new ProviderId(DrKim.Id), Limits.PrivacyOfficerRole),
            new MemberAdded(Now, new ProviderId(DrLee.Id)), new GlassReviewQueued(Now, own), new GlassReviewQueued(Now, unowned),
        }.Aggregate(ProviderState.Initial, (state, e) => state.After(e));

        Assert.Equal([unowned, own], ProviderRules.Reviews(hospital, Hospital, Kim, null, Now, Within));
        Assert.Equal([own], ProviderRules.Reviews(hospital, Hospital, Kim, unowned, Now, Within));
        Assert.Empty(ProviderRules.Reviews(hospital, Hospital, Kim, own, Now, Within));
        foreach (var stranger in new[] { Lee, Nora, Clerk, AnaAsks })
            Assert.Empty(ProviderRules.Reviews(hospital, Hospital, stranger, null, Now, Within));
        Assert.Equal([unowned], ProviderRules.Reviews(hospital, GlassReviewers.Operators, Clerk, null, Now, Within));
        Assert.Equal([unowned, own], ProviderRules.Reviews(hospital, GlassReviewers.Operators, Clerk, null, Now + Within, Within));
        Assert.Empty(ProviderRules.Reviews(hospital, GlassReviewers.Operators, Kim, null, Now + Within, Within));
        Assert.Equal([unowned], ProviderRules.Reviews(hospital.After(new GlassReviewUnqueued(Now, Glass)), Hospital, Kim, null, Now, Within));
    }

    private static PatientState With(params ProviderId[] organizations) =>
        Registered.After([new GlassBroken(Now, Glass, DrLee, "Unconscious", DataFilter.All, Now.AddHours(1), organizations)], 2);

    private static BrokenGlass? Reviews(PatientState state, Asker asker, Membership[] memberships, DateTimeOffset? at = null) =>
        GlassReviewRules.ForReview(state, Glass, asker, memberships, at ?? Now, Within);

    private static BrokenGlassView View(PatientState state, DateTimeOffset at) =>
        GlassReview.View(BreakGlassRules.Find(state, Glass)!, state.GlassReviews.GetValueOrDefault(Glass.Value), Ana, at, Within);
}

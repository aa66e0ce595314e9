using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Data that somebody received under a consent: how long they keep it, and that they say when it is gone.</summary>
public sealed class PurgeRulesTests
{
    private static readonly Asker Lee = new(DrLee, PurposeOfUse.TREAT);
    private static readonly ConsentId Given = new(Id(1_000));
    private static readonly AcknowledgePurge Purged = new(new CommandId(Id(270)), Lee, Given);
    private static readonly Decision Permitted = new(true, DecisionReason.Permitted, Given, 1);

    [Fact, Trait("Feature", "20")]
    public void WithoutAnEnd_TheyKeepIt()
    {
        var view = View(Received(keepUntil: null), Now.AddYears(50));

        Assert.Equal((HoldingStatus.Held, null, Given, DrLee), (view.Status, view.PurgeBy, view.Consent, view.Holder));
    }

    [Fact, Trait("Feature", "20")]
    public void AfterARevocation_TheyHaveThirtyDays_ToTheTick()
    {
        var revoked = Revoked(Received(keepUntil: null), Now);
        var end = Now + Limits.PurgeGrace;

        Assert.Equal((HoldingStatus.PurgeDue, end), (View(revoked, Now).Status, View(revoked, Now).PurgeBy));
        Assert.Equal(HoldingStatus.PurgeDue, View(revoked, end.AddTicks(-1)).Status);
        Assert.Equal(HoldingStatus.Overdue, View(revoked, end).Status);
        Assert.False(IsOverdue(revoked, DrLee, end.AddTicks(-1)));
        Assert.True(IsOverdue(revoked, DrLee, end));
        Assert.False(IsOverdue(revoked, DrKim, end));
        var others = revoked.After([new DataDisclosed(end, new ConsentId(Id(1_001)), DrKim)], 5);
        Assert.Equal((true, false), (IsOverdue(others, DrLee, end), IsOverdue(others, DrKim, end)));
    }

    [Fact, Trait("Feature", "20")]
    public void WhatMayBeKeptUntilAMoment_IsOverdueFromThatMomentOn()
    {
        var kept = Received(keepUntil: Now.AddDays(10));

        Assert.Equal(HoldingStatus.Held, View(kept, Now.AddDays(10).AddTicks(-1)).Status);
        Assert.Equal((HoldingStatus.Overdue, Now.AddDays(10)), (View(kept, Now.AddDays(10)).Status, View(kept, Now.AddDays(10)).PurgeBy));
    }

    [Fact, Trait("Feature", "20")]
    public void TheEarlierOfBothEnds_Counts()
    {
        Assert.Equal(Now.AddDays(10), View(Revoked(Received(Now.AddDays(10)), Now), Now).PurgeBy);
        Assert.Equal(Now + Limits.PurgeGrace, View(Revoked(Received(Now.AddDays(90)), Now), Now).PurgeBy);
    }

    [Fact, Trait("Feature", "20")]
    public void WhoSaysThatItIsPurged_IsNoLongerOverdue_AndSaysItOnce()
    {
        var overdue = Revoked(Received(keepUntil: null), Now);
        var purged = Decide(overdue, PurgeRules.Acknowledge(overdue, Purged, Now.AddDays(40)));

        Assert.Equal((HoldingStatus.Purged, Now.AddDays(40)), (View(purged, Now.AddYears(1)).Status, View(purged, Now.AddYears(1)).PurgedAt));
        Assert.False(IsOverdue(purged, DrLee, Now.AddYears(1)));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, PurgeRules.Acknowledge(purged, Purged, Now.AddDays(41)));
    }

    [Fact, Trait("Feature", "20")]
    public void WhoHoldsNothing_LearnsNothing()
    {
        var state = Received(keepUntil: null);

        AssertRefused(RefusalCode.NotFound, null, PurgeRules.Acknowledge(state, Purged with { Asker = Lee with { Actor = DrKim } }, Now));
        AssertRefused(RefusalCode.NotFound, null, PurgeRules.Acknowledge(state, Purged with { Consent = new ConsentId(Id(1_001)) }, Now));
        AssertRefused(RefusalCode.NotFound, null, PurgeRules.Acknowledge(Registered, Purged, Now));
    }

    [Fact, Trait("Feature", "20")]
    public void TheFirstLookUnderAConsent_IsWrittenDown_AndTheNextAfterAPurge()
    {
        var disclosed = Assert.IsType<DataDisclosed>(Assert.Single(PurgeRules.Disclosed(Registered, Lee, [Permitted, Permitted], Now)));
        Assert.Equal((Given, DrLee, Now), (disclosed.Consent, disclosed.Holder, disclosed.At));

        var state = Received(keepUntil: null);
        Assert.Empty(PurgeRules.Disclosed(state, Lee, [Permitted], Now));
        var purged = Decide(state, PurgeRules.Acknowledge(state, Purged, Now));
        Assert.Single(PurgeRules.Disclosed(purged, Lee, [Permitted], Now));
    }

    [Fact, Trait("Feature", "20")]
    public void WhatNoConsentGave_IsNoHolding()
    {
        Decision[] others =
        [
            new Decision(false, DecisionReason.Denied, Given, 1), new Decision(true, DecisionReason.DefaultPolicy), new Decision(true, DecisionReason.Self),
            new Decision(true, DecisionReason.Delegated, Given, 1), new Decision(true, DecisionReason.BreakGlass, Given, 1),
        ];

        Assert.Empty(PurgeRules.Disclosed(Registered, Lee, others, Now));
    }

    /// <summary>Dr Lee saw something under a consent that may be kept so long.</summary>
    private static PatientState Received(DateTimeOffset? keepUntil) => Registered.After(
        [
            new ConsentGranted(Now.AddDays(-1), Given, Permit(DrLee).Except() with { KeepUntil = keepUntil }, []),
            new DataDisclosed(Now.AddDays(-1), Given, DrLee),
        ], 3);

    private static PatientState Revoked(PatientState state, DateTimeOffset at) => state.After([new ConsentRevoked(at, Given, 2, [])], 4);

    private static HoldingView View(PatientState state, DateTimeOffset at) => HoldingBook.View(state.Consents, state.Holdings.Find(Given, DrLee)!, at);

    private static bool IsOverdue(PatientState state, Actor who, DateTimeOffset at) => state.Holdings.IsOverdue(state.Consents, who, at);
}

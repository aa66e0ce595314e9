using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Patients;

/// <summary>The list of whom a person acts for.</summary>
public sealed class WardRulesTests
{
    private static readonly Ward Child = Of(1, Now.AddDays(1)), Mother = Of(2, null);
    private static readonly PatientState ActsForBoth = Told(Told(Registered, Child), Mother);

    [Fact, Trait("Feature", "28")]
    public void TheNewestIsFirst_AndWhatEndedIsGone_BySomebodyOrByTheClock()
    {
        Assert.Equal([Mother, Child], WardRules.List(ActsForBoth, Now));
        Assert.Equal([Mother], WardRules.List(ActsForBoth, Now.AddDays(1)));
        Assert.Equal([Child], WardRules.List(Decide(ActsForBoth, WardRules.Learn(ActsForBoth, Mother, false, Now)), Now));
    }

    [Fact]
    public void WhatIsKnown_WhatNeverBegan_AndWhatIsToldToNobody_ChangeNothing()
    {
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, WardRules.Learn(ActsForBoth, Mother, true, Now));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, WardRules.Learn(Registered, Mother, false, Now));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, WardRules.Learn(PatientState.Initial(Ana), Mother, true, Now));
    }

    [Fact]
    public void ItHasALimit_AndWhatEndedByTheClockMakesRoom()
    {
        var full = Registered.After([.. Enumerable.Range(0, Limits.WardsMax).Select(i => new ActingBegan(Now, Of(i, Now.AddDays(1))))], 2);
        var next = Of(Limits.WardsMax, null);

        Assert.Empty(WardRules.Learn(full, next, true, Now).Events);
        Assert.Equal([next], Decide(full, WardRules.Learn(full, next, true, Now.AddDays(1))).Wards.Values);
    }

    [Fact]
    public void Pages_FollowEachOther()
    {
        Assert.Equal([Mother], WardRules.Page(ActsForBoth, null, 1, Now).Value);
        Assert.Equal([Child], WardRules.Page(ActsForBoth, Mother.Delegation, 1, Now).Value);
        Assert.Equal([], WardRules.Page(ActsForBoth, Child.Delegation, 1, Now).Value);
        Assert.Equal("after", WardRules.Page(ActsForBoth, new DelegationId(Id(9)), 1, Now).Refusal?.Place);
        Assert.Equal(("first", "first"), (WardRules.Page(ActsForBoth, null, 0, Now).Refusal?.Place, WardRules.Page(ActsForBoth, null, Limits.PageSizeMax + 1, Now).Refusal?.Place));
    }

    private static Ward Of(int number, DateTimeOffset? until) => new(
        new PatientId(Id(7_000 + number)), new DelegationId(Id(9_000 + number)), DelegateRole.Representative, DelegateLevel.View, Now.AddMinutes(number), until);

    private static PatientState Told(PatientState state, Ward ward) => Decide(state, WardRules.Learn(state, ward, true, Now));
}

using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Narrowings at their bounds: one tick, one record or one word more, and it is none.</summary>
public sealed class NarrowingBoundsTests
{
    private static readonly RecordId First = new(Id(500)), Second = new(Id(501));
    private static readonly DataFilter LabsAndFirst = OnlyRecord(First) with { Classes = [DataClass.Laboratory] }, LabsAndSecond = OnlyRecord(Second) with { Classes = [DataClass.Laboratory] };

    [Theory, Trait("Feature", "16")]
    [InlineData(1, 2, 1, 2, true)]
    [InlineData(1, 2, null, null, true)]
    [InlineData(1, 2, null, 2, true)]
    [InlineData(1, 2, 1, null, true)]
    [InlineData(0, 2, 1, 2, false)]
    [InlineData(1, 3, 1, 2, false)]
    [InlineData(null, 2, 1, 2, false)]
    [InlineData(1, null, 1, 2, false)]
    public void ATime_LiesInAnother_FromItsFirstDayToItsLast(int? from, int? until, int? widerFrom, int? widerUntil, bool expected)
    {
        var (time, wider) = (new Period(Day(from), Day(until)), new Period(Day(widerFrom), Day(widerUntil)));

        Assert.Equal(expected, TermsSubset.Holds(Looks(DataFilter.All) with { Validity = time }, Permit(DrLee).Except() with { Validity = wider }));
        Assert.Equal(expected, TermsSubset.Holds(Looks(DataFilter.All with { Window = time }), Permit(DrLee, DataFilter.All with { Window = wider }).Except()));
    }

    [Theory, Trait("Feature", "16")]
    [InlineData(0, 1, true)]
    [InlineData(2, 3, true)]
    [InlineData(0, 2, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, false)]
    [InlineData(0, 3, false)]
    public void WhatIsDatedBesideAWithheldTime_NeverMeetsIt(int from, int until, bool expected) => Assert.Equal(
        expected, TermsSubset.Holds(Looks(Dated(Day(from), Day(until))), Permit(DrLee).Except(Deny(DrLee, Dated(Day(1), Day(2))))));

    [Fact, Trait("Feature", "16")]
    public void KeptAsLong_IsNotLonger() =>
        Assert.True(TermsSubset.Holds(Looks(DataFilter.All) with { KeepUntil = Day(3) }, Permit(DrLee).Except() with { KeepUntil = Day(3) }));

    [Fact, Trait("Feature", "16")]
    public void WhatIsForAnotherPurposeOrAction_NeverMeetsWhatIsWithheld()
    {
        Assert.True(TermsSubset.Holds(Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except(), Permit(DrLee).Except(Deny(DrLee, @for: [PurposeOfUse.HRESCH]))));
        Assert.True(TermsSubset.Holds(Looks(DataFilter.All), Permit(DrLee).Except(Deny(DrLee, to: [AccessAction.Export]))));
        Assert.False(TermsSubset.Holds(Looks(DataFilter.All), Permit(DrLee).Except(Deny(DrLee, @for: [PurposeOfUse.HRESCH], to: [AccessAction.View]))));
    }

    [Fact, Trait("Feature", "16")]
    public void ARecordThatMayBeOfAWithheldClass_IsNotSafe()
    {
        Assert.True(TermsSubset.Holds(Looks(OnlyRecord(First)), Permit(DrLee).Except(Deny(DrLee, OnlyRecord(Second)))));
        Assert.False(TermsSubset.Holds(Looks(OnlyRecord(First)), Permit(DrLee).Except(Deny(DrLee, LabsAndSecond))));
        Assert.False(TermsSubset.Holds(Looks(LabsAndSecond), Permit(DrLee).Except(Deny(DrLee, OnlyRecord(First)))));
        Assert.False(TermsSubset.Holds(Looks(Only(DataClass.Medications)), Permit(DrLee).Except(Deny(DrLee, LabsAndFirst))));
    }

    [Fact, Trait("Feature", "16")]
    public void WhatAnExceptionGives_IsGiven()
    {
        var labsAlone = Deny(DrLee).Except(Permit(DrLee, Only(DataClass.Laboratory)));

        Assert.True(TermsSubset.Holds(Looks(Only(DataClass.Laboratory)), labsAlone));
        Assert.True(TermsSubset.Holds(Looks(Only(DataClass.Laboratory)), labsAlone with { Exceptions = [.. labsAlone.Exceptions, Permit(DrLee, Only(DataClass.Wearables))] }));
        Assert.False(TermsSubset.Holds(Looks(Only(DataClass.Medications)), labsAlone));
    }

    [Fact, Trait("Feature", "16")]
    public void AnotherRoleInTheSameHospital_IsNoPartOfARole()
    {
        var nurses = Permit(Actor.RoleWithin(new ProviderId(CityHospital.Id), "nurse")).Except();

        Assert.False(TermsSubset.Holds(Permit(Actor.RoleWithin(new ProviderId(CityHospital.Id), "doctor")).Except(), nurses));
        Assert.False(TermsSubset.Holds(Permit(Actor.Practitioner(new ProviderId(CityHospital.Id))).Except(), Permit(CityHospital).Except()));
    }

    [Fact, Trait("Feature", "16")]
    public void AnException_HoldsInsideItsRule() => Assert.True(TermsSubset.Holds(
        Permit(DrLee, Only(DataClass.Laboratory)).Except(Permit(DrLee, Labelled("N"))), Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Medications)))));

    /// <summary>Dr Lee looks at it and does no more, so that these are never the very terms that were asked for.</summary>
    private static ConsentTerms Looks(DataFilter what) => Permit(DrLee, what, to: [AccessAction.View]).Except();

    private static DateTimeOffset? Day(int? days) => days is { } number ? Now.AddDays(number) : null;
}

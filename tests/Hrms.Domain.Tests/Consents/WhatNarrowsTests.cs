using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>An example of each thing that takes away what a consent gives, with the reason that is told. Both evaluators are asked.</summary>
[Trait("Feature", "12")]
public sealed class WhatNarrowsTests
{
    private static readonly ConsentBook Open = Book(Permit(DrLee));
    private static readonly AppReach Observations = new([Scope("user/Observation.rs")], ScopeInteractions.Read), Nothing = new([], ScopeInteractions.Read);

    [Fact, Trait("Feature", "70")]
    public void AnApp_SeesWhatItWasAllowed_AndTheRestIsSaidToBeOutOfItsReach()
    {
        var (observation, medication) = (Datum() with { ResourceType = "Observation" }, Datum() with { ResourceType = "MedicationRequest" });
        var ask = DrLee.Asks() with { Reach = Observations };
        Assert.Equal((true, DecisionReason.Permitted), Said(Open, ask, observation));
        Assert.Equal((false, DecisionReason.OutOfScope), Said(Open, ask, medication));
        // What nobody may see is not for want of a scope.
        Assert.Equal((false, DecisionReason.NoConsent), Said(ConsentBook.Empty, ask, medication));

        Assert.True(Open.Policy.For(ask).MayPermit);
        var without = Open.Policy.For(ask with { Reach = Nothing });
        Assert.Equal((false, DecisionReason.OutOfScope), (without.MayPermit, without.Refused.Reason));
        Assert.Equal(DecisionReason.NoConsent, ConsentBook.Empty.Policy.For(ask with { Reach = Nothing }).Refused.Reason);
    }

    [Fact]
    public void ALedgerThatHoldsMore_ClosesEverything_BrokenGlassToo()
    {
        var book = Open with { BrokenGlasses = [new BrokenGlass(new BreakGlassId(Id(1)), DrLee, "unconscious", DataFilter.All, Now, Now.AddHours(1), 1)], Default = DefaultPolicy.Permit };
        Assert.Equal((false, DecisionReason.LedgerAhead), Said(book, DrLee.Asks(PurposeOfUse.BTG) with { LedgerAhead = true }, Datum()));
        Assert.Equal((true, DecisionReason.BreakGlass), Said(book, DrLee.Asks(PurposeOfUse.BTG), Datum()));
    }

    [Fact, Trait("Feature", "14")]
    public void AConsentThatIsUsedUp_DeniesWhatItWouldPermit_AndLeavesItsDenials()
    {
        var book = Book(Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Genomics))));
        var ask = DrLee.Asks() with { UsedUp = new HashSet<ConsentId> { book.Consents.Keys.Single() } };
        Assert.Equal((false, DecisionReason.FrequencyExceeded), Said(book, ask, Datum()));
        Assert.Equal((false, DecisionReason.Denied), Said(book, ask, Datum(DataClass.Genomics)));
    }

    [Fact]
    public void DailyMeans_AreNoRawSamples()
    {
        var days = Book(Permit(DrLee, DataFilter.All with { Resolutions = [SampleResolution.Day, SampleResolution.Hour] }));
        foreach (var (resolution, permitted) in new[] { (SampleResolution.Raw, false), (SampleResolution.Minute, false), (SampleResolution.Hour, true), (SampleResolution.Day, true) })
            Assert.Equal(permitted, days.Permits(DrLee.Asks(), Datum(DataClass.Wearables) with { Resolution = resolution }));
        Assert.False(days.Permits(DrLee.Asks(), Datum(DataClass.Wearables)));
    }

    [Fact, Trait("Feature", "2")]
    public void ARole_IsOfItsGroup_AndWhoHasAnotherOrNone_IsNotMeant()
    {
        var hospital = new ProviderId(CityHospital.Id);
        var nurses = Book(Permit(Actor.RoleWithin(hospital, "nurse")));
        bool Permits(string? role, ProviderId group) => nurses.Permits(DrLee.Asks() with { Memberships = [new Membership(group, role)] }, Datum());
        Assert.Equal((true, false, false, false), (Permits("nurse", hospital), Permits("doctor", hospital), Permits(null, hospital), Permits("nurse", new ProviderId(Id(77)))));
    }

    [Fact]
    public void OfTwoConsents_TheMoreSpecificDecides_InWhicheverOrder_AndOfEqualOnesTheSmallerId()
    {
        ConsentTerms general = Permit(DrLee).Except(), special = Deny(DrLee, Only(DataClass.Laboratory)).Except();
        foreach (var book in new[] { Book(general, special), Book(special, general) })
            Assert.Equal((false, DecisionReason.Denied), Said(book, DrLee.Asks(), Datum()));

        // A third that is more specific still, in every order.
        ConsentTerms most = Permit(DrLee, Only(DataClass.Laboratory), [PurposeOfUse.TREAT]).Except();
        foreach (var book in new[] { Book(special, general, most), Book(special, most, general), Book(general, special, most), Book(general, most, special), Book(most, general, special), Book(most, special, general) })
            Assert.True(book.Permits(DrLee.Asks(), Datum()));

        // What a consent could say of other data makes it no more specific about this.
        var elsewhere = Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Genomics), [PurposeOfUse.TREAT]));
        foreach (var book in new[] { Book(elsewhere, special), Book(special, elsewhere) })
            Assert.False(book.Permits(DrLee.Asks(), Datum()));
        var labs = Permit(DrLee, Only(DataClass.Laboratory)).Except(Deny(DrLee, Only(DataClass.Laboratory), [PurposeOfUse.HRESCH], [AccessAction.View]));
        var closed = Deny(DrLee).Except(Permit(DrLee, Only(DataClass.Genomics), [PurposeOfUse.TREAT]));
        foreach (var book in new[] { Book(labs, closed), Book(closed, labs) })
            Assert.True(book.Permits(DrLee.Asks(), Datum()));

        var (one, other) = (Permit(DrLee).Except().AsConsent(1), Permit(DrLee).Except().AsConsent(2));
        var smaller = one.Id.Value.CompareTo(other.Id.Value) < 0 ? one.Id : other.Id;
        Assert.Equal(smaller, ConsentBook.Empty.With(one).With(other).Decide(DrLee.Asks(), Datum()).Consent);
        Assert.Equal(smaller, ConsentBook.Empty.With(other).With(one).Decide(DrLee.Asks(), Datum()).Consent);

        // Of the same consent the first of two exceptions that say the same.
        var twice = Book(Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Laboratory)), Deny(DrLee, Only(DataClass.Laboratory, DataClass.Genomics))));
        Assert.Equal(0, twice.Decide(DrLee.Asks(), Datum()).Exception);
    }

    [Fact, Trait("Feature", "29"), Trait("Feature", "70")]
    public void ADelegateActs_InPerson_AndNotThroughAnAppThatReachesLessFar()
    {
        var acting = Family.WithDelegate(DelegateLevel.Full);
        Assert.True(ConsentRules.MayAct(acting, Family.Ben, Now));
        Assert.False(ConsentRules.MayAct(acting, Family.Ben with { Scope = new AppScope([Scope("patient/*.rs")], Family.Ana) }, Now));
        Assert.False(ConsentRules.MayAct(Family.WithDelegate(DelegateLevel.View), Family.Ben, Now));
        Assert.False(ConsentRules.MayAct(acting, Family.Ben with { OnBehalfOf = null }, Now));
    }

    [Fact]
    public void WhomAConsentIsFor_IsOnTheirList_UntilTheLastIsTakenBack()
    {
        var (one, other) = (Permit(DrLee).Except().AsConsent(1), Permit(DrLee, Only(DataClass.Laboratory)).Except().AsConsent(2));
        // Counted anew, as after a start, and then on.
        var book = ConsentBook.Empty with { Consents = ConsentBook.Empty.Consents.Add(one.Id, one).Add(other.Id, other) };
        Assert.Equal(DateTimeOffset.MaxValue, book.SharesUntil(DrLee));
        book = book.With(one with { RevokedAt = Now });
        Assert.Equal(DateTimeOffset.MaxValue, book.SharesUntil(DrLee));
        Assert.Null(book.With(other with { RevokedAt = Now }).SharesUntil(DrLee));
        Assert.Null(book.With(one).With(one with { RevokedAt = Now }).With(other with { RevokedAt = Now }).SharesUntil(DrLee));
    }

    private static (bool Permitted, DecisionReason Reason) Said(ConsentBook book, AccessRequest ask, Datum datum) => book.Decide(ask, datum) is var decision ? (decision.Permitted, decision.Reason) : default;

    private static ResourceScope Scope(string text) => ResourceScope.TryParse(text, out var scope) ? scope : throw new FormatException(text);
}

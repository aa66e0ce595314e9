using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>
/// What both evaluators take from the same place, where holding one to the other shows nothing: how specific an exception is, and who a grantee is. And ties.
/// </summary>
public sealed class FinerRulesTests
{
    private static readonly PurposeOfUse[] Treatment = [PurposeOfUse.TREAT];
    private static readonly AccessAction[] Looking = [AccessAction.View];
    private static readonly DataFilter Labs = Only(DataClass.Laboratory);

    public static TheoryData<string, ConsentTerms, ConsentTerms, bool> Exceptions => new()
    {
        { "its purpose counts", Deny(DrLee).Except(Permit(DrLee, @for: Treatment)), Deny(DrLee).Except(), true },
        { "its rule's purpose counts", Deny(DrLee, @for: Treatment).Except(Permit(DrLee, Labs)), Deny(DrLee, Labs).Except(), true },
        { "its action counts", Deny(DrLee).Except(Permit(DrLee, to: Looking)), Deny(DrLee).Except(), true },
        { "its rule's action counts", Deny(DrLee, to: Looking).Except(Permit(DrLee, Labs)), Deny(DrLee, Labs).Except(), true },
        { "without either it is as specific as the other, and deny wins", Deny(DrLee).Except(Permit(DrLee, Labs)), Deny(DrLee, Labs).Except(), false },
        { "a purpose counts more than an action", Deny(DrLee).Except(Permit(DrLee, to: Looking)), Deny(DrLee, @for: Treatment).Except(), false },
    };

    [Theory, MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true), Trait("Feature", "12")]
    public void AnExceptionAgainstAnotherConsent(string what, ConsentTerms one, ConsentTerms other, bool permitted) =>
        Assert.True(permitted == Book(one, other).Permits(DrLee.Asks(), Datum()), what);

    [Fact, Trait("Feature", "12")]
    public void AnEmptyList_MeansAny_AndMakesNothingMoreSpecific()
    {
        foreach (var any in new[] { DataFilter.All with { Confidentialities = [] }, DataFilter.All with { Resolutions = [] } })
            Assert.False(Book(Permit(DrLee, any), Deny(DrLee)).Permits(DrLee.Asks(), Datum()));
    }

    [Fact, Trait("Feature", "2")]
    public void AnApp_IsMeant_WhoeverUsesIt_AndWhenItAsksByItself()
    {
        var book = Book(Permit(Actor.App("diary"), Labs));

        Assert.True(book.Permits(DrLee.Asks() with { ClientId = "diary" }, Datum()));
        Assert.True(book.Permits(Actor.App("diary").Asks(), Datum()));
        Assert.False(book.Permits(DrLee.Asks() with { ClientId = "registry" }, Datum()));
        Assert.False(book.Permits(Actor.App("registry").Asks(), Datum()));
        Assert.False(book.Permits(DrLee.Asks(), Datum()));
    }

    [Theory, Trait("Feature", "29")]
    [InlineData(ActorKind.Practitioner)]
    [InlineData(ActorKind.Device)]
    [InlineData(ActorKind.Organization)]
    public void NobodyElseWithADelegatesId_ActsForThePatient(ActorKind kind)
    {
        var book = WithDelegate(DelegateLevel.Full).Consents with { OptedOut = true };

        Assert.Equal(DecisionReason.Delegated, book.Decide(BenAsks(), Datum()).Reason);
        Assert.Equal(DecisionReason.OptedOut, book.Decide(BenAsks() with { Actor = new Actor(kind, BenId.Value) }, Datum()).Reason);
        Assert.Equal(DecisionReason.OptedOut, book.Decide(BenAsks() with { OnBehalf = false }, Datum()).Reason);
    }

    [Fact, Trait("Feature", "12")]
    public void OfConsentsThatSayTheSameAsSpecifically_TheSmallestIdIsCited_WhicheverOfItsExceptionsItIs()
    {
        var bySecond = Deny(DrLee).Except(Permit(DrLee, Only(DataClass.Medications)), Permit(DrLee, Labs)).AsConsent(1);
        var byFirst = Deny(DrLee).Except(Permit(DrLee, Labs)).AsConsent(2);
        var smaller = bySecond.Id.Value.CompareTo(byFirst.Id.Value) < 0;
        var (low, high) = smaller ? (bySecond.Id, byFirst.Id) : (byFirst.Id, bySecond.Id);

        foreach (var (second, first) in new[] { (low, high), (high, low) })
        {
            var decision = ConsentBook.Empty.With(bySecond with { Id = second }).With(byFirst with { Id = first }).Decide(DrLee.Asks(), Datum());
            Assert.Equal((low, second == low ? 1 : 0), (decision.Consent!.Value, decision.Exception));
        }
    }

    [Fact, Trait("Feature", "32")]
    public void OfTwoBreakings_TheSmallestIdIsCited_InWhicheverOrderTheyCame()
    {
        var (one, other) = (Glass(1), Glass(2));
        var first = one.Id.Value.CompareTo(other.Id.Value) < 0 ? one : other;

        foreach (var glasses in new[] { new[] { one, other }, [other, one] })
        {
            var decision = (ConsentBook.Empty with { BrokenGlasses = [.. glasses] }).Decide(DrLee.Asks(PurposeOfUse.BTG), Datum());
            Assert.Equal((DecisionReason.BreakGlass, first.Id.Value), (decision.Reason, decision.Consent!.Value.Value));
        }
    }

    [Fact, Trait("Feature", "32")]
    public void WhoOwesAPurge_StillSeesWhatTheyBrokeTheGlassFor_AndNothingElse()
    {
        var book = Book(Permit(DrLee)) with { BrokenGlasses = [Glass(1)] };
        var ask = DrLee.Asks(PurposeOfUse.BTG) with { PurgeOverdue = true };

        Assert.Equal(DecisionReason.BreakGlass, book.Decide(ask, Datum()).Reason);
        Assert.Equal(DecisionReason.PurgeOverdue, book.Decide(ask, Datum(DataClass.Medications)).Reason);
    }

    private static BrokenGlass Glass(int number) => new(new BreakGlassId(Id(number)), DrLee, "Unconscious", Labs, Now, Now.AddHours(1), 1);
}

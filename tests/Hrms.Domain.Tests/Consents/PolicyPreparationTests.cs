using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>What a policy tells before any datum is judged, so that the grain looks up no more than the question needs.</summary>
public sealed class PolicyPreparationTests
{
    private static readonly ProviderId Hospital = new(CityHospital.Id);

    [Fact]
    public void MembershipsMatter_WhereAConsentOrAnExceptionNamesAGroup()
    {
        Assert.False(Book(Permit(DrLee)).Policy.NamesGroups);
        foreach (var group in new[] { CityHospital, Actor.CareTeam(Hospital), Actor.RoleWithin(Hospital, "nurse") })
        {
            Assert.True(Book(Permit(group)).Policy.NamesGroups);
            Assert.True(Book(Permit(DrLee).Except(Deny(group, Only(DataClass.Laboratory)))).Policy.NamesGroups);
            Assert.True(Book(Permit(DrLee), Permit(group)).Policy.NamesGroups);
            Assert.True(Book(Permit(group), Permit(Actor.CareTeam(new ProviderId(Id(9))))).Policy.NamesGroups);
        }
        Assert.False(ConsentBook.Empty.With(Permit(CityHospital).Except().AsConsent(1) with { RevokedAt = Now }).Policy.NamesGroups);
    }

    [Fact]
    public void UsesAreCounted_WhereAConsentThatHoldsLimitsThem()
    {
        var limited = (Permit(DrLee).Except() with { Frequency = new AccessFrequency(1, 1, PeriodUnit.Day) }).AsConsent(1);
        var book = ConsentBook.Empty.With(limited).With(Permit(DrLee).Except().AsConsent(2));

        Assert.Equal([limited], book.Policy.Limited);
        Assert.Empty(book.With(limited with { RevokedAt = Now }).Policy.Limited);
    }

    [Fact]
    public void WhereNothingCouldPermit_NoRecordIsLookedAt()
    {
        Assert.False(MayPermit(ConsentBook.Empty));
        Assert.False(MayPermit(Book(Deny(DrLee))));
        Assert.False(MayPermit(Book(Deny(DrLee, OnlyRecord(new RecordId(Id(500)))))));
        Assert.False(MayPermit(Book(Permit(DrKim))));
        Assert.False(MayPermit(Book(Permit(DrLee)) with { OptedOut = true }));
        Assert.False(Book(Permit(DrLee)).Policy.For(DrLee.Asks() with { PurgeOverdue = true }).MayPermit);

        Assert.True(MayPermit(Book(Permit(DrLee))));
        Assert.True(MayPermit(Book(Permit(DrLee, OnlyRecord(new RecordId(Id(500)))))));
        Assert.True(MayPermit(Book(Deny(DrLee).Except(Permit(DrLee, Only(DataClass.Laboratory))))));
        Assert.True(MayPermit(Book(Deny(DrLee), Permit(Actor.Anyone, Only(DataClass.Laboratory)))));
        Assert.True(MayPermit(ConsentBook.Empty with { Default = DefaultPolicy.Permit }));
    }

    [Fact]
    public void AListThatIsRefusedAsAWhole_SaysWhy()
    {
        Assert.Equal(new Decision(false, DecisionReason.NoConsent), ConsentBook.Empty.Policy.For(DrLee.Asks()).Refused);
        Assert.Equal(new Decision(false, DecisionReason.OptedOut), (Book(Permit(DrLee)) with { OptedOut = true }).Policy.For(DrLee.Asks()).Refused);
        Assert.Equal(new Decision(false, DecisionReason.PurgeOverdue), Book(Permit(DrLee)).Policy.For(DrLee.Asks() with { PurgeOverdue = true }).Refused);
    }

    [Fact]
    public void TimeWindows_OfRulesExceptionsAndBrokenGlass_AreWhereSamplesAreCut()
    {
        DateTimeOffset From(int days) => Now.AddDays(days);
        var glass = new BrokenGlass(new BreakGlassId(Id(1)), DrLee, "Unconscious", Dated(From(1), From(2)), Now, Now.AddHours(1), 1);
        var book = Book(Permit(DrLee, Dated(From(-9), null)).Except(Deny(DrLee, Dated(From(-5), From(-3)))), Permit(DrKim, Dated(From(-7), null)).Except()) with
        {
            BrokenGlasses = [glass],
        };

        Assert.Equal([From(-9), From(-5), From(-3)], book.Policy.For(DrLee.Asks()).WindowBounds.Order());
        Assert.Equal([From(-9), From(-5), From(-3), From(1), From(2)], book.Policy.For(DrLee.Asks(PurposeOfUse.BTG)).WindowBounds.Order());
    }

    private static bool MayPermit(ConsentBook book) => book.Policy.For(DrLee.Asks()).MayPermit;
}

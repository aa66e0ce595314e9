using System.Reflection;
using System.Text.RegularExpressions;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>The worked examples of docs/consent.md, under the same headings.</summary>
[Trait("Feature", "12")]
public sealed partial class WorkedExamplesTests
{
    private static readonly PatientId Daughter = new(Id(8));
    private static readonly RecordId Letter = new(Id(510));
    private static readonly Datum BloodCount = Datum(), HivResult = Datum(labels: ["HIV"]), Therapy = Datum(DataClass.Documents, labels: ["PSY"]);

    [Fact(DisplayName = "1. A doctor, and nobody else in the hospital"), Trait("Feature", "1")]
    public void ADoctorAlone()
    {
        var book = Book(Permit(DrLee));
        Assert.True(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), BloodCount));
        Assert.False(book.Permits(DrKim.Asks(memberOf: CityHospital.Id), BloodCount));
    }

    [Fact(DisplayName = "2. Treatment is not research"), Trait("Feature", "3")]
    public void TreatmentOnly()
    {
        var book = Book(Permit(CityHospital, @for: [PurposeOfUse.TREAT]));
        Assert.True(book.Permits(DrLee.Asks(PurposeOfUse.TREAT, memberOf: CityHospital.Id), BloodCount));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.HRESCH, memberOf: CityHospital.Id), BloodCount));
    }

    [Fact(DisplayName = "3. Everything but one laboratory result"), Trait("Feature", "5")]
    public void AllButOne()
    {
        var book = Book(Permit(DrLee), Deny(Actor.Anyone, OnlyRecord(Letter)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(id: Letter)));
        Assert.True(book.Permits(DrLee.Asks(), BloodCount));
    }

    [Fact(DisplayName = "4. Everything but mental health, except for my psychiatrist"), Trait("Feature", "11")]
    public void ExceptMyPsychiatrist()
    {
        var book = Book(Permit(CityHospital).Except(Deny(CityHospital, Labelled("PSY")), Permit(DrKim, Labelled("PSY"))));
        Assert.True(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), BloodCount));
        Assert.False(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), Therapy));
        Assert.True(book.Permits(DrKim.Asks(memberOf: CityHospital.Id), Therapy));
    }

    [Fact(DisplayName = "5. Equal words: no wins")]
    public void NoWins() =>
        Assert.False(Book(Permit(DrLee, Only(DataClass.Laboratory)), Deny(DrLee, Only(DataClass.Laboratory))).Permits(DrLee.Asks(), BloodCount));

    [Fact(DisplayName = "6. Nothing restricted"), Trait("Feature", "6")]
    public void NothingRestricted()
    {
        var team = Actor.CareTeam(new ProviderId(Id(9)));
        var book = Book(Permit(team, DataFilter.All with { Confidentialities = [Confidentiality.N] }));
        Assert.True(book.Permits(DrLee.Asks(memberOf: team.Id), BloodCount));
        Assert.False(book.Permits(DrLee.Asks(memberOf: team.Id), HivResult));
        Assert.False(book.Permits(DrLee.Asks(memberOf: team.Id), Datum(labels: ["R"])));
        Assert.False(book.Permits(DrLee.Asks(memberOf: team.Id), Datum(labels: ["N", "HIV"])));
    }

    [Fact(DisplayName = "7. A year of treatment, and then no more"), Trait("Feature", "10")]
    public void UntilApril()
    {
        var april = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var book = Book(Permit(DrLee).Valid(april.AddYears(-1), april));
        Assert.True(book.Permits(DrLee.Asks(at: april.AddTicks(-1)), BloodCount));
        Assert.False(book.Permits(DrLee.Asks(at: april), BloodCount));
    }

    [Fact(DisplayName = "8. The emergency"), Trait("Feature", "32")]
    public void TheEmergency()
    {
        var book = Book(Deny(Actor.Anyone, OnlyRecord(Letter))) with { BrokenGlasses = [GlassOf(DrKim)] };
        Assert.Equal(DecisionReason.BreakGlass, book.Decide(DrKim.Asks(PurposeOfUse.BTG), Datum(id: Letter)).Reason);
        Assert.False(book.Permits(DrKim.Asks(PurposeOfUse.TREAT), BloodCount));
        Assert.False(book.Permits(DrKim.Asks(PurposeOfUse.BTG, AccessAction.Export), BloodCount));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.BTG), BloodCount));
        Assert.False(book.Permits(DrKim.Asks(PurposeOfUse.BTG, at: Now.AddHours(1)), BloodCount));
    }

    [Fact(DisplayName = "9. No override"), Trait("Feature", "35")]
    public void NoOverride()
    {
        var book = Book(Permit(DrLee)) with { BrokenGlasses = [GlassOf(DrKim)], OptedOut = true };
        Assert.Equal(DecisionReason.OptedOut, book.Decide(DrLee.Asks(), BloodCount).Reason);
        Assert.Equal(DecisionReason.OptedOut, book.Decide(DrKim.Asks(PurposeOfUse.BTG), BloodCount).Reason);
        var again = book with { OptedOut = false };
        Assert.True(again.Permits(DrLee.Asks(), BloodCount));
        Assert.True(again.Permits(DrKim.Asks(PurposeOfUse.BTG), BloodCount));
    }

    [Fact(DisplayName = "10. A daughter who helps"), Trait("Feature", "29")]
    public void ADaughter()
    {
        var appointed = new Delegation(
            new DelegationId(Id(700)), Daughter, DelegateRole.Representative, DelegateLevel.RestrictedView, Now.AddDays(-1), null, null, 1);
        var book = Book(Deny(Actor.Anyone, OnlyRecord(Letter))) with { Delegations = [appointed] };
        var inHerOwnName = Actor.Patient(Daughter).Asks(PurposeOfUse.FAMRQT);
        var forAna = inHerOwnName with { OnBehalf = true };
        Assert.Equal(new Decision(true, DecisionReason.Delegated, new ConsentId(Id(700)), 1), book.Decide(forAna, BloodCount));
        Assert.False(book.Permits(forAna, HivResult));
        Assert.False(book.Permits(forAna, Datum(id: Letter)));
        Assert.False(book.Permits(inHerOwnName, BloodCount));
        Assert.False(book.Permits(forAna with { Action = AccessAction.Store }, BloodCount));
    }

    [Fact]
    public void EveryExampleOfThePage_IsATest()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs/consent.md"));
        var tests = typeof(WorkedExamplesTests).GetMethods().Select(method => method.GetCustomAttribute<FactAttribute>()?.DisplayName).OfType<string>();
        Assert.Equal(Heading().Matches(page).Select(heading => heading.Groups[1].Value).Order(), tests.Order());
    }

    private static BrokenGlass GlassOf(Actor who) =>
        new(new BreakGlassId(Id(701)), who, "found unconscious", DataFilter.All, Now.AddMinutes(-1), Now.AddMinutes(59), 1);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HrmsOrleans.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"^### (\d+\. .+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

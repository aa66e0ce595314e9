using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>The published conflict rule (<see cref="ReferenceEvaluator"/>) by examples, to be read by whoever has to explain it to a patient.</summary>
[Trait("Feature", "12")]
public sealed class PublishedRuleTests
{
    private static readonly RecordId Lab1 = new(Id(501)), Lab2 = new(Id(502)), Visit = new(Id(503));
    private static readonly ProviderId Author = new(Id(4));

    [Fact]
    public void WithoutAnyConsent_NobodySeesAnything() =>
        Assert.Equal(new Decision(false, DecisionReason.NoConsent), Book(Array.Empty<Provision>()).Decide(DrLee.Asks(), Datum()));

    [Fact, Trait("Feature", "1")]
    public void AGrantToAPerson_IsForThatPersonAlone()
    {
        var book = Book(Permit(DrLee));
        Assert.Equal(new Decision(true, DecisionReason.Permitted, new ConsentId(Id(1000)), 1), book.Decide(DrLee.Asks(), Datum()));
        Assert.False(book.Permits(DrKim.Asks(), Datum()));
        Assert.False(book.Permits(CityHospital.Asks(), Datum()));
    }

    [Fact]
    public void AGrantToADoctor_IsNotForADeviceOrPatientWithTheSameId()
    {
        var book = Book(Permit(DrLee));
        foreach (var kind in Enum.GetValues<ActorKind>().Where(kind => kind != ActorKind.Practitioner))
            Assert.False(book.Permits((DrLee with { Kind = kind }).Asks(), Datum()));
    }

    [Fact, Trait("Feature", "2")]
    public void AGrantToAnOrganisation_IsForItsMembersOfThisMoment()
    {
        var book = Book(Permit(CityHospital));
        Assert.True(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), Datum()));
        Assert.False(book.Permits(DrLee.Asks(), Datum()));
        Assert.False(book.Permits(DrLee.Asks(memberOf: Id(9)), Datum()));
    }

    [Fact, Trait("Feature", "3")]
    public void AGrantForTreatment_IsNotForResearch()
    {
        var book = Book(Permit(DrLee, @for: [PurposeOfUse.TREAT]));
        Assert.True(book.Permits(DrLee.Asks(PurposeOfUse.TREAT), Datum()));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.HRESCH), Datum()));
    }

    [Fact, Trait("Feature", "14")]
    public void AGrantToView_IsNotToExport()
    {
        var book = Book(Permit(DrLee, to: [AccessAction.View]));
        Assert.True(book.Permits(DrLee.Asks(), Datum()));
        Assert.False(book.Permits(DrLee.Asks(action: AccessAction.Export), Datum()));
    }

    [Fact, Trait("Feature", "4")]
    public void AGrantOfLaboratory_IsNotOfMedications()
    {
        var book = Book(Permit(DrLee, Only(DataClass.Laboratory)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(DataClass.Laboratory)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(DataClass.Medications)));
    }

    [Fact, Trait("Feature", "5")]
    public void ABlockOfOneRecord_BeatsAGrantOfItsClass_AndTheOtherRecordsStillShow()
    {
        var book = Book(Permit(DrLee, Only(DataClass.Laboratory)), Deny(Actor.Anyone, OnlyRecord(Lab1)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(id: Lab1)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(id: Lab2)));
    }

    [Fact, Trait("Feature", "5")]
    public void AGrantOfOneRecord_IsOfThatRecordAlone()
    {
        var book = Book(Permit(DrLee, OnlyRecord(Lab1)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(id: Lab1)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(id: Lab2)));
    }

    [Fact]
    public void RecordsInAFilter_AreAddedToWhatItsOtherPartsChoose()
    {
        var book = Book(Permit(DrLee, Only(DataClass.Laboratory) with { Records = [Lab1] }));
        Assert.True(book.Permits(DrLee.Asks(), Datum(DataClass.Medications, Lab1)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(DataClass.Laboratory, Lab2)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(DataClass.Medications, Lab2)));
    }

    [Fact, Trait("Feature", "6")]
    public void ADenialOfALabel_HidesWhatCarriesIt()
    {
        var book = Book(Permit(DrLee), Deny(DrLee, Labelled("HIV", "R")));
        Assert.False(book.Permits(DrLee.Asks(), Datum(labels: ["N", "HIV"])));
        Assert.True(book.Permits(DrLee.Asks(), Datum(labels: ["N"])));
    }

    [Fact, Trait("Feature", "7")]
    public void ADenialOfAnAuthor_HidesWhatTheyWrote()
    {
        var book = Book(Permit(DrLee), Deny(DrLee, WrittenBy(Author)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(authors: [Author])));
        Assert.True(book.Permits(DrLee.Asks(), Datum(authors: [new ProviderId(Id(5))])));
    }

    [Fact, Trait("Feature", "8")]
    public void AGrantOfAnEncounter_IsOfItsRecords()
    {
        var book = Book(Permit(DrLee, During(Visit)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(encounter: Visit)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(encounter: Lab2)));
        Assert.False(book.Permits(DrLee.Asks(), Datum()));
    }

    [Fact]
    public void DenyBeatsPermit_WhenBothAreEquallySpecific_WhicheverWasGivenFirst()
    {
        Assert.False(Book(Permit(DrLee), Deny(DrLee)).Permits(DrLee.Asks(), Datum()));
        Assert.False(Book(Deny(DrLee), Permit(DrLee)).Permits(DrLee.Asks(), Datum()));
    }

    /// <summary>Each line is more specific than the one below it.</summary>
    [Fact]
    public void TheMoreSpecificWins_DataFirst_ThenWho_ThenWhy_ThenWhat()
    {
        PurposeOfUse[] treat = [PurposeOfUse.TREAT];
        AccessAction[] view = [AccessAction.View];
        Provision[] ladder =
        [
            Permit(Actor.Anyone, OnlyRecord(Lab1)),
            Permit(DrLee, WrittenBy(Author)),
            Permit(Actor.Anyone, Labelled("R")),
            Permit(DrLee, Only(DataClass.Laboratory)),
            Permit(Actor.Anyone, Dated(Now.AddDays(-1), null)),
            Permit(DrLee, @for: treat, to: view),
            Permit(DrLee, @for: treat),
            Permit(DrLee, to: view),
            Permit(DrLee),
            Permit(CityHospital, @for: treat, to: view),
            Permit(CityHospital),
            Permit(Actor.Anyone, @for: treat),
            Permit(Actor.Anyone, to: view),
            Permit(Actor.Anyone),
        ];
        var ask = DrLee.Asks(memberOf: CityHospital.Id);
        var datum = Datum(id: Lab1, date: Now, authors: [Author], labels: ["R"]);
        for (var above = 0; above < ladder.Length; above++)
        {
            for (var below = above + 1; below < ladder.Length; below++)
            {
                var denial = ladder[below] with { Type = ProvisionType.Deny };
                Assert.True(Book(ladder[above], denial).Permits(ask, datum), $"{above} permits, {below} denies");
                Assert.False(Book(ladder[above] with { Type = ProvisionType.Deny }, ladder[below]).Permits(ask, datum), $"{above} denies, {below} permits");
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AClassAndAWindowAreEquallySpecific_AndSoAreAuthorEncounterAndLabel(bool permitFirst)
    {
        var datum = Datum(date: Now, authors: [Author], encounter: Visit, labels: ["R"]);
        DataFilter[][] rungs = [[Only(DataClass.Laboratory), Dated(Now, null)], [WrittenBy(Author), During(Visit), Labelled("R")]];
        foreach (var (one, other) in rungs.SelectMany(rung => rung.SelectMany(_ => rung, (a, b) => (a, b))))
        {
            var book = permitFirst ? Book(Permit(DrLee, one), Deny(DrLee, other)) : Book(Deny(DrLee, other), Permit(DrLee, one));
            Assert.False(book.Permits(DrLee.Asks(), datum));
        }
    }

    [Fact, Trait("Feature", "11")]
    public void AnException_OverridesItsRule()
    {
        var book = Book(Permit(CityHospital).Except(Deny(Actor.Anyone, Labelled("PSY"))));
        Assert.True(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), Datum()));
        Assert.False(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), Datum(labels: ["PSY"])));
    }

    [Fact, Trait("Feature", "11")]
    public void TheMoreSpecificException_OverridesTheOther_AndDenyWinsATie()
    {
        var psychiatry = Labelled("PSY");
        var ask = DrLee.Asks(memberOf: CityHospital.Id);
        var myPsychiatrist = Book(Permit(CityHospital).Except(Deny(Actor.Anyone, psychiatry), Permit(DrLee, psychiatry)));
        Assert.True(myPsychiatrist.Permits(ask, Datum(labels: ["PSY"])));
        Assert.False(myPsychiatrist.Permits(DrKim.Asks(memberOf: CityHospital.Id), Datum(labels: ["PSY"])));
        Assert.False(Book(Permit(CityHospital).Except(Permit(DrLee, psychiatry), Deny(DrLee, psychiatry))).Permits(ask, Datum(labels: ["PSY"])));
    }

    [Fact, Trait("Feature", "11")]
    public void AnException_SaysNothingOutsideItsRule()
    {
        var book = Book(Deny(DrLee, Only(DataClass.Medications)).Except(Permit(Actor.Anyone)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(DataClass.Medications)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(DataClass.Laboratory)));
        Assert.False(book.Permits(DrKim.Asks(), Datum(DataClass.Medications)));
    }

    [Fact, Trait("Feature", "11")]
    public void AnException_IsAtLeastAsSpecificAsItsRule()
    {
        // The rule names a person; its exception, for anyone, still speaks of that person and so beats a denial of the organisation.
        var book = Book(Deny(DrLee).Except(Permit(Actor.Anyone)), Deny(CityHospital).Except());
        Assert.True(book.Permits(DrLee.Asks(memberOf: CityHospital.Id), Datum()));
    }

    [Fact, Trait("Feature", "9")]
    public void AWindow_HoldsAtItsStart_AndNotAtItsEnd_AndNeverForWhatHasNoDate()
    {
        DateTimeOffset from = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), until = from.AddYears(1);
        var book = Book(Permit(DrLee, Dated(from, until)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(date: from)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(date: until.AddTicks(-1))));
        Assert.False(book.Permits(DrLee.Asks(), Datum(date: from.AddTicks(-1))));
        Assert.False(book.Permits(DrLee.Asks(), Datum(date: until)));
        Assert.False(book.Permits(DrLee.Asks(), Datum(date: null)));
        Assert.True(book.Permits(DrLee.Asks(), Datum(date: from.ToOffset(TimeSpan.FromHours(-7)))));
    }

    [Fact, Trait("Feature", "10")]
    public void AConsent_HoldsFromItsFirstInstant_AndEndsAtItsLast_WithoutAnythingHappening()
    {
        var book = Book(Permit(DrLee).Valid(Now, Now.AddDays(30)));
        Assert.False(book.Permits(DrLee.Asks(at: Now.AddTicks(-1)), Datum()));
        Assert.True(book.Permits(DrLee.Asks(at: Now), Datum()));
        Assert.True(book.Permits(DrLee.Asks(at: Now.AddDays(30).AddTicks(-1)), Datum()));
        Assert.False(book.Permits(DrLee.Asks(at: Now.AddDays(30)), Datum()));
        Assert.False(book.Permits(DrLee.Asks(at: Now.AddDays(30).ToOffset(TimeSpan.FromHours(-9))), Datum()));
    }

    [Fact, Trait("Feature", "17")]
    public void ARevokedConsent_SaysNothing()
    {
        var granted = Permit(DrLee).Except().AsConsent(0);
        Assert.True(ConsentBook.Empty.With(granted).Permits(DrLee.Asks(), Datum()));
        Assert.False(ConsentBook.Empty.With(granted).With(granted with { RevokedAt = Now, Version = 2 }).Permits(DrLee.Asks(), Datum()));
    }

    [Fact, Trait("Feature", "13")]
    public void APatientsDefault_HoldsWhereNoConsentSpeaks()
    {
        var book = Book(Deny(DrLee, Only(DataClass.Laboratory))) with { Default = DefaultPolicy.Permit };
        Assert.Equal(new Decision(true, DecisionReason.DefaultPolicy), book.Decide(DrLee.Asks(), Datum(DataClass.Medications)));
        Assert.Equal(DecisionReason.Denied, book.Decide(DrLee.Asks(), Datum(DataClass.Laboratory)).Reason);
    }
}

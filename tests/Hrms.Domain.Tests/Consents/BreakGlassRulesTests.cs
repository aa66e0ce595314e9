using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Who may break the glass, for what and how long.</summary>
public sealed class BreakGlassRulesTests
{
    private static readonly ProviderView Lee = new(new ProviderId(Id(1)), ProviderKind.Practitioner, "Dr Lee", "s", "v", []);
    private static readonly Asker LeeAsks = new(DrLee, PurposeOfUse.TREAT);
    private static readonly BreakGlass Break = new(new CommandId(Id(240)), LeeAsks, "Unconscious", Only(DataClass.Laboratory), 30);
    private static readonly ProviderId[] Hospital = [new(CityHospital.Id)];
    private static readonly PatientState Broken = Decide(Registered, BreakGlassRules.Break(Registered, Break, Hospital, Now));

    [Theory, Trait("Feature", "32")]
    [InlineData("", 30, "reason")]
    [InlineData(" ", 30, "reason")]
    [InlineData("Unconscious", 0, "minutes")]
    [InlineData("Unconscious", 241, "minutes")]
    public void WithoutAReasonOrATime_ItIsRefused(string reason, int minutes, string place)
    {
        var refusal = BreakGlassRules.Check(Break with { Reason = reason, Minutes = minutes }, Lee);

        Assert.Equal((RefusalCode.Invalid, place), (refusal?.Code, refusal?.Place));
    }

    [Fact, Trait("Feature", "32")]
    public void AtItsLimits_ItIsTaken()
    {
        Assert.Null(BreakGlassRules.Check(Break with { Minutes = 1 }, Lee));
        Assert.Null(BreakGlassRules.Check(Break with { Minutes = 240, Reason = new string('x', Limits.ReasonLengthMax) }, Lee));
        Assert.Equal("reason", BreakGlassRules.Check(Break with { Reason = new string('x', Limits.ReasonLengthMax + 1) }, Lee)?.Place);
        Assert.Equal("scope.classes", BreakGlassRules.Check(Break with { Scope = Only((DataClass)(-1)) }, Lee)?.Place);
    }

    [Fact, Trait("Feature", "32")]
    public void OnlyARegisteredPractitioner_BreaksIt()
    {
        Assert.Equal(RefusalCode.Forbidden, BreakGlassRules.Check(Break, null)?.Code);
        Assert.Equal(RefusalCode.Forbidden, BreakGlassRules.Check(Break, Lee with { Kind = ProviderKind.Organization })?.Code);
        foreach (var asker in new[] { Ben, AnaAsks, Clerk, LeeAsks with { OnBehalfOf = Actor.Patient(Ana) }, new Asker(CityHospital, PurposeOfUse.TREAT) })
            Assert.Equal(RefusalCode.Forbidden, BreakGlassRules.Check(Break with { Asker = asker }, Lee)?.Code);
    }

    [Fact, Trait("Feature", "32")]
    public void ItOpensItsPart_ToItsPractitioner_ForItsPurpose_UntilTheMinuteItEnds()
    {
        var (book, end) = (Broken.Consents, Now.AddMinutes(30));

        Assert.True(book.Permits(DrLee.Asks(PurposeOfUse.BTG), Datum()));
        Assert.True(book.Permits(DrLee.Asks(PurposeOfUse.BTG, AccessAction.Query, end.AddTicks(-1)), Datum()));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.BTG, at: end), Datum()));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.BTG), Datum(DataClass.Medications)));
        Assert.False(book.Permits(DrKim.Asks(PurposeOfUse.BTG), Datum()));
        Assert.False(book.Permits(DrLee.Asks(), Datum()));
        foreach (var more in new[] { AccessAction.Export, AccessAction.Store, AccessAction.Stream })
            Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.BTG, more), Datum()));
    }

    [Fact, Trait("Feature", "35")]
    public void AgainstTheOptOut_ItGivesNothing_UntilThePatientComesBack()
    {
        var closed = Broken.Consents with { OptedOut = true };

        Assert.Equal(DecisionReason.OptedOut, closed.Decide(DrLee.Asks(PurposeOfUse.BTG), Datum()).Reason);
        Assert.Equal(DecisionReason.BreakGlass, (closed with { OptedOut = false }).Decide(DrLee.Asks(PurposeOfUse.BTG), Datum()).Reason);
    }

    [Fact]
    public void ARepeat_ChangesNothing_EvenAfterItsEnd()
    {
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, BreakGlassRules.Break(Broken, Break with { Scope = Only(DataClass.Laboratory) }, [], Now.AddHours(5)));
        BreakGlass[] others = [Break with { Minutes = 31 }, Break with { Reason = "Other" }, Break with { Scope = DataFilter.All }, Break with { Asker = LeeAsks with { Actor = DrKim } }];
        foreach (var other in others)
            AssertRefused(RefusalCode.CommandReused, "commandId", BreakGlassRules.Break(Broken, other, Hospital, Now));
    }

    [Fact]
    public void NoPatient_IsNotFound() => AssertRefused(RefusalCode.NotFound, null, BreakGlassRules.Break(PatientState.Initial(Ana), Break, Hospital, Now));

    [Fact]
    public void OnePractitioner_BreaksItSoOftenAtMost_AndTakesNothingFromAnother()
    {
        var often = Registered.After(
            [.. Enumerable.Range(0, Limits.BreakingsPerPractitionerMax).Select(i => new GlassBroken(Now, new BreakGlassId(Id(6_000 + i)), DrLee, "r", DataFilter.All, Now.AddMinutes(1)))], 2);

        AssertRefused(RefusalCode.LimitExceeded, null, BreakGlassRules.Break(often, Break, Hospital, Now));
        Assert.Null(BreakGlassRules.Break(often, Break with { Asker = LeeAsks with { Actor = DrKim } }, Hospital, Now).Refusal);
    }
}

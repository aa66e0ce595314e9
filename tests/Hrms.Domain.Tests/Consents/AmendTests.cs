using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>A consent that the patient changes: the next version, never a second consent.</summary>
public sealed class AmendTests
{
    private static readonly byte[] First = [.. Enumerable.Repeat((byte)1, Nullifier.SecretBytes)], Second = [.. Enumerable.Repeat((byte)2, Nullifier.SecretBytes)];
    private static readonly GrantConsent Grant = new(new CommandId(Id(260)), AnaAsks, Permit(DrLee).Except());
    private static readonly PatientState Granted = Decide(Registered, ConsentRules.Grant(Registered, Grant, Now, First));
    private static readonly AmendConsent Amend = new(new CommandId(Id(261)), AnaAsks, ConsentId.From(Grant.Command), 1, Permit(DrLee, Only(DataClass.Laboratory)).Except());
    private static readonly PatientState Amended = Decide(Granted, ConsentRules.Amend(Granted, Amend, Now, Second));

    [Fact, Trait("Feature", "21")]
    public void TheNextVersion_HoldsFromNowOn_AndPublishesWhatEndsTheOneBefore()
    {
        var amended = Assert.IsType<ConsentAmended>(Assert.Single(ConsentRules.Amend(Granted, Amend, Now, Second).Events));

        Assert.Equal((2, AnaAsks.Actor, Amend.Command), (amended.Version, amended.By, amended.Command));
        Assert.Null(amended.ImpactAcknowledged);
        Assert.Equal(Nullifier.Of(First), amended.Nullifier);
        Assert.Equal(Second, amended.Secret);
        Assert.True(Granted.Consents.Permits(DrLee.Asks(), Datum(DataClass.Medications)));
        Assert.False(Amended.Consents.Permits(DrLee.Asks(), Datum(DataClass.Medications)));
        Assert.True(Amended.Consents.Permits(DrLee.Asks(), Datum()));
    }

    [Fact]
    public void ARepeat_ChangesNothing_EvenAfterTheConsentWasTakenBack()
    {
        var revoked = Decide(Amended, ConsentRules.Revoke(Amended, new RevokeConsent(new CommandId(Id(262)), AnaAsks, Amend.Consent), Now));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Amend(Amended, Amend, Now, Second));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Amend(revoked, Amend, Now, Second));
        AssertRefused(RefusalCode.CommandReused, "commandId", ConsentRules.Amend(Amended, Amend with { Terms = Grant.Terms }, Now, Second));
        AssertRefused(RefusalCode.WrongState, "consent", ConsentRules.Amend(revoked, Amend with { Command = new CommandId(Id(263)), ExpectedVersion = 3 }, Now, Second));
    }

    [Fact]
    public void WhoReadAnOlderVersion_DecidesAnew()
    {
        var again = Amend with { Command = new CommandId(Id(263)) };

        AssertRefused(RefusalCode.StaleVersion, "expectedVersion", ConsentRules.Amend(Amended, again, Now, Second));
        Assert.Null(ConsentRules.Amend(Amended, again with { ExpectedVersion = 2 }, Now, Second).Refusal);
    }

    [Fact, Trait("Feature", "24")]
    public void ADenial_NeedsTheWarning_AndKeepsThatItWasGiven()
    {
        var deny = Amend with { Terms = Deny(DrLee).Except() };

        AssertRefused(RefusalCode.ImpactNotAcknowledged, "impactAcknowledged", ConsentRules.Amend(Granted, deny, Now, Second));
        var warned = Assert.IsType<ConsentAmended>(Assert.Single(ConsentRules.Amend(Granted, deny with { ImpactAcknowledged = true }, Now, Second).Events));
        Assert.True(warned.ImpactAcknowledged);
        Assert.True(Granted.After([warned], 3).Consents.Find(Amend.Consent)!.History[1].ImpactAcknowledged);
    }

    [Fact]
    public void TermsThatCantBeMeant_AndConsentsThatAreNotThere_AreRefused()
    {
        AssertRefused(RefusalCode.Invalid, "terms.rule.grantee", ConsentRules.Amend(Granted, Amend with { Terms = Permit(Actor.Anyone).Except() }, Now, Second));
        AssertRefused(RefusalCode.NotFound, null, ConsentRules.Amend(Granted, Amend with { Consent = new ConsentId(Id(999)) }, Now, Second));
        AssertRefused(RefusalCode.NotFound, null, ConsentRules.Amend(Granted, Amend with { Asker = Ben }, Now, Second));
    }

    [Fact]
    public void AConsent_HasSoManyVersionsAtMost()
    {
        var last = Granted.After(
            [.. Enumerable.Range(2, Limits.ConsentVersionsMax - 2).Select(version =>
                new ConsentAmended(Now, Amend.Consent, version, Grant.Terms, First, [], AnaAsks.Actor, new CommandId(Id(7_000 + version))))], 2);
        var full = Decide(last, ConsentRules.Amend(last, Amend with { ExpectedVersion = Limits.ConsentVersionsMax - 1 }, Now, Second));

        AssertRefused(
            RefusalCode.LimitExceeded, "consent",
            ConsentRules.Amend(full, Amend with { Command = new CommandId(Id(263)), ExpectedVersion = Limits.ConsentVersionsMax }, Now, Second));
        Assert.Null(ConsentRules.Revoke(full, new RevokeConsent(new CommandId(Id(264)), AnaAsks, Amend.Consent), Now).Refusal);
    }

    [Fact, Trait("Feature", "21")]
    public void TheHistory_SaysPlaceByPlaceWhatChanged()
    {
        var changes = TermsDifference.Along(Amended.Consents.Find(Amend.Consent)!.History);

        Assert.Equal([1, 2], changes.Select(version => version.Version.Version));
        Assert.Empty(changes[0].Changes);
        var change = Assert.Single(changes[1].Changes);
        Assert.Equal("terms.rule.data.classes", change.Place);
        Assert.Contains("aboratory", change.After);
        Assert.Empty(TermsDifference.Between(Grant.Terms, Permit(DrLee).Except()));
        Assert.Equal(
            [new TermsChange("terms.rule.purposes", "TREAT", "TREAT, ETREAT")],
            TermsDifference.Between(Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except(), Permit(DrLee, @for: [PurposeOfUse.TREAT, PurposeOfUse.ETREAT]).Except()));
        Assert.DoesNotContain(
            TermsDifference.Between(Grant.Terms, Grant.Terms with { Frequency = new AccessFrequency(3, 1, PeriodUnit.Day) }),
            each => each.Place == "terms.frequency.span");
    }

    [Fact, Trait("Feature", "21")]
    public void AnExceptionThatComesOrGoes_IsNamedByItsNumber()
    {
        var more = Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Medications)));

        Assert.All(TermsDifference.Between(Grant.Terms, more), change => Assert.StartsWith("terms.exceptions[0].", change.Place));
        Assert.Contains(TermsDifference.Between(Grant.Terms, more), change => change is { Place: "terms.exceptions[0].type", Before: null, After: not null });
        Assert.Contains(TermsDifference.Between(more, Grant.Terms), change => change is { Place: "terms.exceptions[0].type", Before: not null, After: null });
        Assert.Contains(
            TermsDifference.Between(Grant.Terms, Grant.Terms with { Validity = new Period(null, Now) }),
            change => change is { Place: "terms.validity.until", Before: null, After: not null });
    }
}

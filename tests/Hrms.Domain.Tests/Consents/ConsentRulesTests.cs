using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

public sealed class ConsentRulesTests
{
    private static readonly PatientId Ana = new(Id(100));
    private static readonly Asker AnaAsks = new(Actor.Patient(Ana), PurposeOfUse.PATRQT);
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)7, Nullifier.SecretBytes)];
    private static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now, Ana, AnaAsks.Actor)], 1);
    private static readonly GrantConsent Grant = new(new CommandId(Id(200)), AnaAsks, Permit(DrLee).Valid(null, Now.AddDays(1)));
    private static readonly PatientState Granted = Registered.After(ConsentRules.Grant(Registered, Grant, Now, Secret).Events, 2);
    private static readonly RevokeConsent Revoke = new(new CommandId(Id(201)), AnaAsks, ConsentId.From(Grant.Command));

    [Fact]
    public void AGrant_BecomesOneConsentNamedByItsCommand()
    {
        var granted = Assert.IsType<ConsentGranted>(Assert.Single(ConsentRules.Grant(Registered, Grant, Now, Secret).Events));
        Assert.Equal((ConsentId.From(Grant.Command), Now, Secret), (granted.Consent, granted.At, granted.Secret));
        Assert.Equal(1, Granted.Consents.Find(granted.Consent)!.Version);
        Assert.Equal(2, Granted.PolicyVersion);
    }

    [Fact]
    public void AGrantThatComesTwice_IsOne_EvenAfterItsEndHasPassed()
    {
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Grant(Granted, Grant, Now, Secret));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Grant(Granted, Grant, Now.AddDays(2), Secret));
    }

    [Fact]
    public void AGrantsCommandWithOtherTerms_IsRefused() =>
        AssertRefused(RefusalCode.CommandReused, "commandId", ConsentRules.Grant(Granted, Grant with { Terms = Permit(DrKim).Except() }, Now, Secret));

    [Fact]
    public void TermsThatCantBeMeant_AreRefused() =>
        AssertRefused(RefusalCode.Invalid, "terms.rule.grantee", ConsentRules.Grant(Registered, Grant with { Terms = Permit(Actor.Anyone).Except() }, Now, Secret));

    [Fact, Trait("Feature", "17")]
    public void ARevocation_PublishesTheHashOfTheSecret_AndASecondOneChangesNothing()
    {
        var revoked = Assert.IsType<ConsentRevoked>(Assert.Single(ConsentRules.Revoke(Granted, Revoke, Now).Events));
        Assert.Equal((2, Convert.ToHexString(Nullifier.Of(Secret))), (revoked.Version, Convert.ToHexString(revoked.Nullifier)));
        var after = Granted.After([revoked], 3);
        Assert.False(after.Consents.Permits(DrLee.Asks(), Datum()));
        Assert.Equal(3, after.PolicyVersion);
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Revoke(after, Revoke, Now));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Revoke(after, Revoke with { Command = new CommandId(Id(202)) }, Now));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Grant(after, Grant, Now, Secret));
    }

    [Theory, Trait("Feature", "24")]
    [InlineData(false)]
    [InlineData(true)]
    public void ThatThePatientWasWarned_StaysWithTheDenial(bool anException)
    {
        var deny = Grant with { Terms = anException ? Permit(DrLee).Except(Permit(DrKim), Deny(DrLee, Labelled("PSY"))) : Deny(DrLee).Except() };

        AssertRefused(RefusalCode.ImpactNotAcknowledged, "impactAcknowledged", ConsentRules.Grant(Registered, deny, Now, Secret));
        var warned = Assert.IsType<ConsentGranted>(Assert.Single(ConsentRules.Grant(Registered, deny with { ImpactAcknowledged = true }, Now, Secret).Events));
        Assert.True(warned.ImpactAcknowledged);
        Assert.Null(Assert.IsType<ConsentGranted>(Assert.Single(ConsentRules.Grant(Registered, Grant, Now, Secret).Events)).ImpactAcknowledged);
    }

    [Fact]
    public void AnUnknownConsent_IsNotFound() =>
        AssertRefused(RefusalCode.NotFound, null, ConsentRules.Revoke(Granted, Revoke with { Consent = new ConsentId(Id(999)) }, Now));

    public static TheoryData<ActorKind> Kinds => [.. Enum.GetValues<ActorKind>().Where(kind => kind != ActorKind.Patient)];

    [Theory, MemberData(nameof(Kinds))]
    public void NobodyButThePatient_ChangesConsents_WhateverTheirId(ActorKind kind)
    {
        var other = AnaAsks with { Actor = new Actor(kind, Ana.Value) };
        AssertRefused(RefusalCode.NotFound, null, ConsentRules.Grant(Registered, Grant with { Asker = other }, Now, Secret));
        AssertRefused(RefusalCode.NotFound, null, ConsentRules.Revoke(Granted, Revoke with { Asker = other }, Now));
    }

    [Fact]
    public void AnotherPatient_AndOneWhoIsNotRegistered_AreRefusedAlike()
    {
        var other = ConsentRules.Grant(Registered, Grant with { Asker = AnaAsks with { Actor = Actor.Patient(new PatientId(Id(101))) } }, Now, Secret);
        Assert.Equal(other.Refusal, ConsentRules.Grant(PatientState.Initial(Ana), Grant, Now, Secret).Refusal);
        AssertRefused(RefusalCode.NotFound, null, other);
    }

    [Fact]
    public void APatientHasALimitedNumberOfConsents()
    {
        var events = Enumerable.Range(0, Limits.ConsentsMax - 1)
            .Select(i => new ConsentGranted(Now, new ConsentId(Id(10_000 + i)), Grant.Terms, Secret)).ToList<PatientEvent>();
        var almost = Registered.After(events, 2);
        var full = almost.After(ConsentRules.Grant(almost, Grant, Now, Secret).Events, 20_000);
        Assert.Equal(Limits.ConsentsMax, full.Consents.Consents.Count);
        AssertRefused(RefusalCode.LimitExceeded, null, ConsentRules.Grant(full, Grant with { Command = new CommandId(Id(203)) }, Now, Secret));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, ConsentRules.Grant(full, Grant, Now, Secret));
    }

    private static void AssertRefused(RefusalCode code, string? place, Decided<PatientEvent> decided)
    {
        Assert.Empty(decided.Events);
        Assert.Equal((code, place), (decided.Refusal?.Code ?? default, decided.Refusal?.Place));
    }
}

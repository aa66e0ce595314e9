using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

public sealed class ConsentTermsRulesTests
{
    private static readonly ConsentTerms Good = Permit(DrLee, Only(DataClass.Laboratory), [PurposeOfUse.TREAT], [AccessAction.View])
        .Except(Deny(CityHospital), Permit(Actor.Anyone, OnlyRecord(new RecordId(Id(501)))));

    private static readonly (string What, RefusalCode Code, string Place, Func<Provision, Provision> Break)[] BrokenProvisions =
    [
        ("no type", RefusalCode.Invalid, "type", p => p with { Type = default }),
        ("no grantee", RefusalCode.Invalid, "grantee.kind", p => p with { Grantee = new Actor(default, Guid.Empty) }),
        ("a care team without an id", RefusalCode.Invalid, "grantee.id", p => p with { Grantee = new Actor(ActorKind.CareTeam, Guid.Empty) }),
        ("a role without its name", RefusalCode.Invalid, "grantee.role", p => p with { Grantee = new Actor(ActorKind.Role, Id(1), " ") }),
        ("an app without its client id", RefusalCode.Invalid, "grantee.clientId", p => p with { Grantee = new Actor(ActorKind.App, Guid.Empty) }),
        ("a practitioner with a client id", RefusalCode.Invalid, "grantee.clientId", p => p with { Grantee = DrLee with { ClientId = "app" } }),
        ("an unknown confidentiality", RefusalCode.Invalid, "data.confidentialities", p => p with { Data = p.Data with { Confidentialities = [Confidentiality.R, (Confidentiality)9] } }),
        ("an unknown resolution", RefusalCode.Invalid, "data.resolutions", p => p with { Data = p.Data with { Resolutions = [SampleResolution.Day, (SampleResolution)9] } }),
        ("an empty label", RefusalCode.Invalid, "data.labels", p => p with { Data = p.Data with { Labels = [""] } }),
        ("a patient", RefusalCode.Invalid, "grantee.kind", p => p with { Grantee = new Actor(ActorKind.Patient, Id(1)) }),
        ("an app with an id", RefusalCode.Invalid, "grantee.id", p => p with { Grantee = Actor.App("diary") with { Id = Id(1) } }),
        ("a device", RefusalCode.Invalid, "grantee.kind", p => p with { Grantee = new Actor(ActorKind.Device, Id(1)) }),
        ("an operator", RefusalCode.Invalid, "grantee.kind", p => p with { Grantee = new Actor(ActorKind.Operator, Id(1)) }),
        ("anyone with an id", RefusalCode.Invalid, "grantee.id", p => p with { Grantee = new Actor(ActorKind.Anyone, Id(1)) }),
        ("a practitioner without an id", RefusalCode.Invalid, "grantee.id", p => p with { Grantee = new Actor(ActorKind.Practitioner, Guid.Empty) }),
        ("a practitioner in a role", RefusalCode.Invalid, "grantee.role", p => p with { Grantee = DrLee with { Role = "nurse" } }),
        ("everything to anyone for any purpose", RefusalCode.Invalid, "grantee",
            p => p with { Type = ProvisionType.Permit, Grantee = Actor.Anyone, Data = DataFilter.All, Purposes = [] }),
        ("an unknown action", RefusalCode.Invalid, "actions", p => p with { Actions = [0] }),
        ("an unknown class", RefusalCode.Invalid, "data.classes", p => p with { Data = Only(0) }),
        ("a window that ends as it begins", RefusalCode.Invalid, "data.window", p => p with { Data = Dated(Now, Now) }),
        ("a window without bounds", RefusalCode.Invalid, "data.window", p => p with { Data = Dated(null, null) }),
        ("too many purposes", RefusalCode.LimitExceeded, "purposes", p => p with { Purposes = Many(_ => PurposeOfUse.TREAT) }),
        ("too many actions", RefusalCode.LimitExceeded, "actions", p => p with { Actions = Many(_ => AccessAction.View) }),
        ("too many classes", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Classes = Many(_ => DataClass.Other) } }),
        ("too many records", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Records = Many(i => new RecordId(Id(i))) } }),
        ("too many authors", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Authors = Many(i => new ProviderId(Id(i))) } }),
        ("too many encounters", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Encounters = Many(i => new RecordId(Id(i))) } }),
        ("too many labels", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Labels = Many(i => $"L{i}") } }),
        ("too many confidentialities", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Confidentialities = Many(_ => Confidentiality.R) } }),
        ("too many resolutions", RefusalCode.LimitExceeded, "data", p => p with { Data = DataFilter.All with { Resolutions = Many(_ => SampleResolution.Day) } }),
        ("a label that is too long", RefusalCode.Invalid, "data.labels", p => p with { Data = Labelled(new string('x', Limits.CodeLengthMax + 1)) }),
        ("a role whose name is too long", RefusalCode.Invalid, "grantee.role",
            p => p with { Grantee = Actor.RoleWithin(new ProviderId(Id(3)), new string('x', Limits.CodeLengthMax + 1)) }),
    ];

    public static TheoryData<string> Broken => [.. BrokenProvisions.Select(broken => broken.What)];

    [Fact]
    public void GoodTerms_AreNotRefused() => Assert.Null(ConsentTermsRules.Check(Good, Now));

    [Theory, MemberData(nameof(Broken))]
    public void AProvisionThatCantBeMeant_IsRefusedWithItsPlace_InTheRuleAndInAnException(string what)
    {
        var (_, code, place, @break) = BrokenProvisions.Single(broken => broken.What == what);
        AssertRefused(code, $"terms.rule.{place}", Good with { Rule = @break(Good.Rule) });
        AssertRefused(code, $"terms.exceptions[1].{place}", Good with { Exceptions = [Good.Exceptions[0], @break(Good.Exceptions[1])] });
    }

    [Fact]
    public void TheRecord_MayBeOpenedToAnyoneForAPurpose_WhichMeansProvidersAlone()
    {
        var terms = Permit(Actor.Anyone, @for: [PurposeOfUse.TREAT]).Except();
        Assert.Null(ConsentTermsRules.Check(terms, Now));
        Assert.True(Book(terms).Permits(DrLee.Asks(), Datum()));
        Assert.False(Book(terms).Permits(DrLee.Asks(PurposeOfUse.HRESCH), Datum()));
        foreach (var other in new[] { Actor.Patient(new PatientId(Id(9))), Actor.Device(new DeviceId(Id(9))), Actor.App("diary") })
            Assert.False(Book(terms).Permits(other.Asks(), Datum()));
    }

    [Fact]
    public void APartOfTheRecord_MayBeOpenedToAnyone()
    {
        Assert.Null(ConsentTermsRules.Check(Permit(Actor.Anyone, Only(DataClass.Allergies)).Except(), Now));
        Assert.Null(ConsentTermsRules.Check(Permit(Actor.Anyone, Dated(Now, null)).Except(), Now));
        Assert.Null(ConsentTermsRules.Check(Deny(Actor.Anyone).Except(), Now));
    }

    [Fact, Trait("Feature", "10")]
    public void AValidityThatEndsBeforeItBegins_OrHasPassed_IsRefused()
    {
        AssertRefused(RefusalCode.Invalid, "terms.validity", Permit(DrLee).Valid(Now.AddDays(2), Now.AddDays(2)));
        AssertRefused(RefusalCode.Invalid, "terms.validity.until", Permit(DrLee).Valid(null, Now));
        Assert.Null(ConsentTermsRules.Check(Permit(DrLee).Valid(null, Now.AddTicks(1)), Now));
    }

    [Fact]
    public void ExceptionsAndFilters_HaveOneLimit()
    {
        var exceptions = Enumerable.Repeat(Deny(DrKim), Limits.FilterEntriesMax).ToArray();
        Assert.Null(ConsentTermsRules.Check(Permit(DrLee).Except(exceptions), Now));
        AssertRefused(RefusalCode.LimitExceeded, "terms.exceptions", Permit(DrLee).Except([.. exceptions, Deny(DrKim)]));

        var full = DataFilter.All with { Labels = [.. Many(i => $"L{i}").Take(Limits.FilterEntriesMax)] };
        Assert.Null(ConsentTermsRules.Check(Permit(DrLee, full).Except(), Now));
    }

    [Fact]
    public void Codes_MayBeAsLongAsTheLimit()
    {
        var longest = new string('x', Limits.CodeLengthMax);
        foreach (var grantee in new[] { Actor.RoleWithin(new ProviderId(Id(3)), longest), Actor.App(longest) })
            Assert.Null(ConsentTermsRules.Check(Permit(grantee, Labelled(longest)).Except(), Now));
    }

    [Fact, Trait("Feature", "20")]
    public void WhatIsReceived_MayBeKeptUntilAMomentToCome_NotBeforeTheConsentBegins()
    {
        var next = Permit(DrLee).Valid(Now.AddDays(2), null);
        Assert.Null(ConsentTermsRules.Check(next with { KeepUntil = Now.AddDays(2) }, Now));
        AssertRefused(RefusalCode.Invalid, "terms.keepUntil", next with { KeepUntil = Now.AddDays(2).AddTicks(-1) });
        Assert.Null(ConsentTermsRules.Check(Good with { KeepUntil = Now.AddTicks(1) }, Now));
        AssertRefused(RefusalCode.Invalid, "terms.keepUntil", Good with { KeepUntil = Now });
    }

    [Theory]
    [InlineData(1, 1, PeriodUnit.Minute, true)]
    [InlineData(1_000_000, 1_000, PeriodUnit.Week, true)]
    [InlineData(0, 1, PeriodUnit.Day, false)]
    [InlineData(1_000_001, 1, PeriodUnit.Day, false)]
    [InlineData(1, 0, PeriodUnit.Day, false)]
    [InlineData(1, 1_001, PeriodUnit.Day, false)]
    [InlineData(1, 1, (PeriodUnit)0, false)]
    public void AConsent_MayBeUsedAtLeastOnce_InAPeriodThatIsKnown(int times, int period, PeriodUnit unit, bool taken)
    {
        var terms = Good with { Frequency = new AccessFrequency(times, period, unit) };
        if (taken)
            Assert.Null(ConsentTermsRules.Check(terms, Now));
        else
            AssertRefused(RefusalCode.Invalid, "terms.frequency", terms);
    }

    private static void AssertRefused(RefusalCode code, string place, ConsentTerms terms)
    {
        var refusal = ConsentTermsRules.Check(terms, Now);
        Assert.Equal((code, place), (refusal?.Code ?? default, refusal?.Place));
    }

    private static T[] Many<T>(Func<int, T> item) => [.. Enumerable.Range(0, Limits.FilterEntriesMax + 1).Select(item)];
}

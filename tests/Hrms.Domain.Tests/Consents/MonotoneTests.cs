using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Tests.Consents;

/// <summary>
/// What a change of consents can and can't do. A consent may hold both permits and denies (by its exceptions), so the laws of widening are about consents
/// of one type; the law of the cited consent is about all.
/// </summary>
public sealed class MonotoneTests
{
    private static readonly Gen<(Consent[] Others, DefaultPolicy Default, Consent One, AccessRequest Ask, Datum[] Data)> Case =
        Gen.Select(ConsentGens.Consents, ConsentGens.Default, ConsentGens.Consent, ConsentGens.Ask, ConsentGens.Datum.Array[4]);

    [Fact, Trait("Feature", "12")]
    public void AConsentThatOnlyDenies_NeverWidens_AndTakingItBackNeverNarrows() => ForEach((world, datum) =>
        Assert.True(!Permits(world, world.One.Purely(ProvisionType.Deny), datum) || Permits(world, null, datum)));

    [Fact, Trait("Feature", "12")]
    public void AConsentThatOnlyPermits_NeverNarrows_AndTakingItBackNeverWidens() => ForEach((world, datum) =>
        Assert.True(!Permits(world, null, datum) || Permits(world, world.One.Purely(ProvisionType.Permit), datum)));

    [Fact]
    public void AConsentThatChangesADecision_IsTheOneItCites() => ForEach((world, datum) =>
    {
        var with = Decide(world, world.One, datum);
        if (with != Decide(world, null, datum))
            Assert.Equal((world.One.Id, world.One.Version), (with.Consent, with.ConsentVersion));
    });

    [Fact, Trait("Feature", "10")]
    public void AConsentSaysNothing_BeforeItBegins_FromItsEndOn_AndOnceRevoked() => ForEach((world, datum) =>
    {
        var now = world.Ask.Now;
        Period[] silent = [new(now.AddTicks(1), null), new(null, now), new(now.AddDays(-1), now), new(null, now.AddTicks(-1))];
        var without = Decide(world, null, datum);
        foreach (var validity in silent)
            Assert.Equal(without, Decide(world, world.One with { RevokedAt = null, Terms = world.One.Terms with { Validity = validity } }, datum));
        Assert.Equal(without, Decide(world, world.One with { RevokedAt = now }, datum));
    });

    [Fact]
    public void WithoutADefaultToPermit_WhatIsPermittedRestsOnAPermitOfACitedActiveConsent() => ForEach((world, datum) =>
    {
        var decision = Decide(world with { Default = DefaultPolicy.Deny }, world.One, datum);
        if (!decision.Permitted)
            return;
        var cited = world.Others.Append(world.One).Single(consent => consent.Id == decision.Consent);
        Assert.Null(cited.RevokedAt);
        Assert.True(cited.Terms.Validity.Contains(world.Ask.Now));
        Assert.Contains(cited.Terms.Exceptions.Append(cited.Terms.Rule), provision => provision.Type == ProvisionType.Permit);
    });

    private sealed record Situation(Consent[] Others, DefaultPolicy Default, Consent One, AccessRequest Ask);

    private static void ForEach(Action<Situation, Datum> law) => Case.Sample(
        (others, @default, one, ask, data) => Array.ForEach(data, datum => law(new Situation(others, @default, one, ask), datum)), iter: RandomCases.Of(25_000));

    private static Decision Decide(Situation situation, Consent? added, Datum datum) => ConsentGens
        .BookOf(added is null ? situation.Others : [.. situation.Others, added], situation.Default)
        .Policy.For(situation.Ask).Decide(datum);

    private static bool Permits(Situation situation, Consent? added, Datum datum) => Decide(situation, added, datum).Permitted;
}

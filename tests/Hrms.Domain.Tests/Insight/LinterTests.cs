using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Insight;
using Hrms.Domain.Tests.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Insight;

/// <summary>What is found in consents is so; CsCheck prints the seed of a failure.</summary>
public sealed class LinterTests
{
    private static readonly DateTimeOffset NextYear = Now.AddYears(1);

    public static TheoryData<string, ConsentTerms, ConsentFindingKind?, int?> Cases => new()
    {
        { "an end", Permit(DrLee).Valid(null, NextYear), null, null },
        { "no end", Permit(DrLee).Except(), ConsentFindingKind.NeverEnding, null },
        { "a denial without an end", Deny(DrLee).Except(), null, null },
        { "an exception for all of its rule", Ending(Permit(DrLee), Deny(DrLee)), ConsentFindingKind.Unreachable, null },
        { "an exception outside its rule", Ending(Permit(DrLee, Only(DataClass.Laboratory)), Deny(DrLee, Only(DataClass.Genomics))), ConsentFindingKind.Unreachable, 0 },
        {
            "a permit that a denial of the same covers", Ending(Permit(CityHospital), Permit(DrLee, Only(DataClass.Laboratory)), Deny(DrLee, Only(DataClass.Laboratory, DataClass.Genomics))),
            ConsentFindingKind.Unreachable, 0
        },
        {
            "a denial that is less specific than the permit", Ending(Permit(DrLee), Permit(DrLee, OnlyRecord(new RecordId(Id(500)))), Deny(DrLee, Only(DataClass.Laboratory))), null, null
        },
        { "daily means denied and raw samples not", Ending(Permit(DrLee), Deny(DrLee, By(SampleResolution.Day))), ConsentFindingKind.CoarseDenied, 0 },
        { "raw samples denied and daily means not", Ending(Permit(DrLee), Deny(DrLee, By(SampleResolution.Raw))), null, null },
        { "a denial without an end that permits something", Deny(DrLee).Except(Permit(DrLee, Only(DataClass.Allergies))), ConsentFindingKind.NeverEnding, null },
        { "an exception about single laboratory samples", Ending(Permit(DrLee), Deny(DrLee, By(SampleResolution.Raw) with { Classes = [DataClass.Laboratory] })), ConsentFindingKind.Unreachable, 0 },
        { "wearables by day", Ending(Permit(DrLee, By(SampleResolution.Day) with { Classes = [DataClass.Wearables] })), null, null },
        { "a record, and laboratory results by day", Ending(Permit(DrLee, By(SampleResolution.Day) with { Classes = [DataClass.Laboratory], Records = [new RecordId(Id(500))] })), null, null },
        {
            "the same exception twice", Ending(Permit(CityHospital), Permit(DrLee, Only(DataClass.Laboratory)), Permit(DrLee, Only(DataClass.Laboratory))),
            ConsentFindingKind.Unreachable, 1
        },
        {
            "a denial that a permit of the same covers", Ending(Permit(CityHospital), Permit(DrLee, Only(DataClass.Laboratory)), Deny(DrLee, Only(DataClass.Laboratory), to: [AccessAction.Export])),
            null, null
        },
        {
            "a permit of a record that a denial of a class covers", Ending(Permit(DrLee), Permit(DrLee, OnlyRecord(new RecordId(Id(500)))), Deny(DrLee, Only(DataClass.Laboratory) with { Records = [new RecordId(Id(500))] })),
            null, null
        },
        { "hours and days permitted, days denied", Ending(Permit(DrLee, By(SampleResolution.Hour, SampleResolution.Day)), Deny(DrLee, By(SampleResolution.Day))), ConsentFindingKind.CoarseDenied, 0 },
        { "raw samples and days denied, minutes and hours not", Ending(Permit(DrLee), Deny(DrLee, By(SampleResolution.Raw, SampleResolution.Day))), ConsentFindingKind.CoarseDenied, 0 },
        { "hours and days permitted, and both denied for research", Ending(Permit(DrLee, By(SampleResolution.Hour, SampleResolution.Day)), Deny(DrLee, By(SampleResolution.Hour, SampleResolution.Day), [PurposeOfUse.HRESCH])), null, null },
        { "days permitted and denied for research", Ending(Permit(DrLee, By(SampleResolution.Day)), Deny(DrLee, By(SampleResolution.Day), [PurposeOfUse.HRESCH])), null, null },
        { "days denied that a denial denies anyway", Ending(Deny(DrLee), Deny(DrLee, By(SampleResolution.Day))), null, null },
        { "days permitted once more", Ending(Permit(DrLee), Permit(DrLee, By(SampleResolution.Day))), null, null },
        { "laboratory results by day", Ending(Permit(DrLee, By(SampleResolution.Day) with { Classes = [DataClass.Laboratory] })), ConsentFindingKind.Unreachable, null },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true), Trait("Feature", "26")]
    public void OneConsent(string what, ConsentTerms terms, ConsentFindingKind? kind, int? exception)
    {
        var findings = ConsentLinter.Of(Book(terms), Now);

        Assert.True(findings.Select(finding => (ConsentFindingKind?)finding.Kind).SequenceEqual(kind is null ? [] : [kind]), $"{what}: {string.Join("; ", findings)}");
        Assert.All(findings, finding => Assert.Equal(exception, finding.Exception));
        // Each kind says something of its own, as a sentence.
        Assert.All(findings, finding => Assert.Matches("^(It|The (rule|exception)) .+\\.$", finding.Text));
    }

    [Fact, Trait("Feature", "26")]
    public void TwoConsents_ThatContradictEachOther_AreNamed()
    {
        var (permit, deny) = (Permit(DrLee, Only(DataClass.Laboratory)).Valid(null, NextYear), Deny(DrLee, Only(DataClass.Laboratory)).Valid(null, NextYear));

        var finding = Assert.Single(ConsentLinter.Of(Book(permit, deny), Now));

        Assert.Equal((ConsentFindingKind.Contradictory, permit.AsConsent(0).Id, (ConsentId?)deny.AsConsent(1).Id), (finding.Kind, finding.Consent, finding.Other));
        Assert.Empty(ConsentLinter.Of(Book(permit, deny with { Rule = deny.Rule with { Data = DataFilter.All } }), Now));
        Assert.Empty(ConsentLinter.Of(Book(permit with { Validity = new Period(null, Now.AddDays(1)) }, deny with { Validity = new Period(Now.AddDays(1), null) }), Now));
        Assert.Empty(ConsentLinter.Of(Book(permit with { Validity = new Period(Now.AddDays(1), NextYear) }, deny with { Validity = new Period(null, Now.AddDays(1)) }), Now));
        Assert.Empty(ConsentLinter.Of(Book(permit, deny with { Rule = deny.Rule with { Grantee = DrKim } }), Now));
        Assert.Empty(ConsentLinter.Of(Book(permit, permit), Now));
    }

    [Fact, Trait("Feature", "26")]
    public void AContradiction_IsFoundWhicheverIsTheWiderOne_AndNotWhereRecordsAreNamedBesideAClass()
    {
        DataFilter both = Only(DataClass.Laboratory, DataClass.Genomics), one = Only(DataClass.Laboratory), beside = one with { Records = [new RecordId(Id(500))] };
        ConsentFindingKind[] Found(DataFilter permitted, DataFilter denied) =>
            [.. ConsentLinter.Of(Book(Permit(DrLee, permitted).Valid(null, NextYear), Deny(DrLee, denied).Valid(null, NextYear)), Now).Select(finding => finding.Kind)];

        Assert.Equal([ConsentFindingKind.Contradictory], Found(both, one));
        Assert.Equal([ConsentFindingKind.Contradictory], Found(one, both));
        Assert.Equal([ConsentFindingKind.Contradictory], Found(OnlyRecord(new RecordId(Id(500))), OnlyRecord(new RecordId(Id(500)))));
        Assert.Empty(Found(beside, beside));
        Assert.Empty(Found(one, Only(DataClass.Genomics)));
    }

    [Fact, Trait("Feature", "26")]
    public void OnlyConsentsInForceOrToCome_AreLookedAt_TheNewestFirst()
    {
        var (first, second) = (Permit(DrLee).Except().AsConsent(0), Permit(DrKim).Except().AsConsent(1));
        var ended = Permit(DrKim).Except(Deny(DrKim)).AsConsent(2);

        Assert.Equal([second.Id, first.Id], ConsentLinter.Of(ConsentBook.Empty.With(first).With(second), Now).Select(finding => finding.Consent));
        Assert.Empty(ConsentLinter.Of(ConsentBook.Empty.With(ended with { RevokedAt = Now }), Now));
        Assert.Empty(ConsentLinter.Of(ConsentBook.Empty.With(ended with { Terms = ended.Terms with { Validity = new Period(null, Now) } }), Now));
        Assert.NotEmpty(ConsentLinter.Of(ConsentBook.Empty.With(ended with { Terms = ended.Terms with { Validity = new Period(null, Now.AddTicks(1)) } }), Now));
    }

    [Fact, Trait("Feature", "26")]
    public void WhatIsSaidNeverToDecide_NeverDecides()
    {
        var found = 0;
        Gen.Select(ConsentGens.Terms, ConsentGens.Ask.Array[5], ConsentGens.Datum.Array[5]).Sample(
            (terms, asks, data) =>
            {
                var book = Book(terms with { Validity = Period.Always });
                foreach (var finding in ConsentLinter.Of(book, Now).Where(finding => finding.Kind == ConsentFindingKind.Unreachable))
                {
                    Interlocked.Increment(ref found);
                    foreach (var (ask, datum) in asks.SelectMany(ask => data.Select(datum => (ask with { PurgeOverdue = false, LedgerAhead = false }, datum))))
                    {
                        // Its rule of the linter holds of records and of samples as they are: only these have a resolution.
                        if (datum.Resolution is not null && datum.Class != DataClass.Wearables)
                            continue;
                        var decision = book.Decide(ask, datum);
                        Assert.False(decision.Consent == finding.Consent && decision.Exception == finding.Exception, $"{finding}\n{ask}\n{datum}\n{decision}");
                    }
                }
            },
            iter: RandomCases.Of(20_000));

        Assert.InRange(found, RandomCases.AtLeast(500), int.MaxValue);
    }

    private static ConsentTerms Ending(Provision rule, params Provision[] exceptions) => rule.Except(exceptions) with { Validity = new Period(null, NextYear) };

    private static DataFilter By(params SampleResolution[] resolutions) => DataFilter.All with { Resolutions = resolutions };
}

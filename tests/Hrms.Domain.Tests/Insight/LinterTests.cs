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
        { "laboratory results by day", Ending(Permit(DrLee, By(SampleResolution.Day) with { Classes = [DataClass.Laboratory] })), ConsentFindingKind.Unreachable, null },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true), Trait("Feature", "26")]
    public void OneConsent(string what, ConsentTerms terms, ConsentFindingKind? kind, int? exception)
    {
        var findings = ConsentLinter.Of(Book(terms), Now);

        Assert.True(findings.Select(finding => (ConsentFindingKind?)finding.Kind).SequenceEqual(kind is null ? [] : [kind]), $"{what}: {string.Join("; ", findings)}");
        Assert.All(findings, finding => Assert.Equal(exception, finding.Exception));
    }

    [Fact, Trait("Feature", "26")]
    public void TwoConsents_ThatContradictEachOther_AreNamed()
    {
        var (permit, deny) = (Permit(DrLee, Only(DataClass.Laboratory)).Valid(null, NextYear), Deny(DrLee, Only(DataClass.Laboratory)).Valid(null, NextYear));

        var finding = Assert.Single(ConsentLinter.Of(Book(permit, deny), Now));

        Assert.Equal((ConsentFindingKind.Contradictory, permit.AsConsent(0).Id, (ConsentId?)deny.AsConsent(1).Id), (finding.Kind, finding.Consent, finding.Other));
        Assert.Empty(ConsentLinter.Of(Book(permit, deny with { Rule = deny.Rule with { Data = DataFilter.All } }), Now));
        Assert.Empty(ConsentLinter.Of(Book(permit with { Validity = new Period(null, Now.AddDays(1)) }, deny with { Validity = new Period(Now.AddDays(1), null) }), Now));
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

    private static DataFilter By(SampleResolution resolution) => DataFilter.All with { Resolutions = [resolution] };
}

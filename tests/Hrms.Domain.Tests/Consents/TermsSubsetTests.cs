using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>A narrowing that is taken for one gives nothing that was not asked for. CsCheck prints the seed of a failure.</summary>
public sealed class TermsSubsetTests
{
    private const int Pairs = 30_000, AsksPerPair = 4, DataPerAsk = 4;

    [Fact, Trait("Feature", "16")]
    public void WhatProvenNarrowerTermsPermit_TheRequestPermits()
    {
        int proven = 0, permitted = 0, smaller = 0, pairs = 0, open = 0, byOthers = 0;
        Gen.Select(ConsentGens.Terms, ConsentGens.Terms, Gen.Int[0, 1 << 18], ConsentGens.Ask.Array[AsksPerPair], ConsentGens.Datum.Array[DataPerAsk]).Sample(
            (wide, other, how, asks, data) =>
            {
                var narrow = Mixed(wide, other, how);
                Interlocked.Increment(ref pairs);
                if (!TermsSubset.Holds(narrow, wide))
                    return;
                Interlocked.Increment(ref proven);
                if (wide.Exceptions.Append(wide.Rule).Any(OpensTheRecordToAnyone))
                    Interlocked.Increment(ref open);
                var (given, requested) = (Book(narrow), Book(wide));
                foreach (var (ask, datum) in asks.SelectMany(ask => data.Select(datum => (ask with { PurgeOverdue = false, LedgerAhead = false }, datum))))
                {
                    var (allowed, wanted) = (given.Permits(ask, datum), requested.Permits(ask, datum));
                    Assert.True(!allowed || wanted, $"{ask}\nmay do more with {datum}");
                    if (allowed && !ask.IsProvider)
                        Interlocked.Increment(ref byOthers);
                    if (allowed)
                        Interlocked.Increment(ref permitted);
                    else if (wanted)
                        Interlocked.Increment(ref smaller);
                }
            },
            iter: RandomCases.Of(Pairs));

        TestContext.Current.SendDiagnosticMessage($"{proven} of {pairs} pairs proven; {permitted} permits in them, {smaller} taken away; {open} open a record to anyone, {byOthers} permits to others than providers");
        // Worth something only when proofs succeed, also for terms that permit something and take something away.
        Assert.InRange(proven, RandomCases.AtLeast(Pairs / 20), pairs);
        Assert.InRange(permitted, RandomCases.AtLeast(500), int.MaxValue);
        Assert.InRange(smaller, RandomCases.AtLeast(500), int.MaxValue);
        Assert.InRange(open, RandomCases.AtLeast(500), int.MaxValue);
        Assert.InRange(byOthers, RandomCases.AtLeast(100), int.MaxValue);
    }

    private static bool OpensTheRecordToAnyone(Provision provision) =>
        provision is { Type: ProvisionType.Permit, Grantee.Kind: ActorKind.Anyone, Data: { Narrows: false, Records.Count: 0 } };

    /// <summary>Random parts of both terms, more often of the request: narrowings, widenings and neither.</summary>
    private static ConsentTerms Mixed(ConsentTerms wide, ConsentTerms other, int how)
    {
        bool Take(int bit) => ((how >> bit) & 3) == 0;
        var (rule, with) = (wide.Rule, other.Rule);
        rule = rule with
        {
            Purposes = Take(0) ? with.Purposes : rule.Purposes,
            Actions = Take(2) ? with.Actions : rule.Actions,
            Grantee = Take(4) ? with.Grantee : rule.Grantee,
            Data = Take(6) ? with.Data : Take(8) ? rule.Data with { Classes = with.Data.Classes, Labels = with.Data.Labels } : rule.Data,
        };
        return wide with
        {
            Rule = rule,
            Exceptions = Take(10) ? [.. wide.Exceptions, .. other.Exceptions] : Take(12) ? other.Exceptions : Take(14) ? [] : wide.Exceptions,
            Validity = Take(16) ? other.Validity : wide.Validity,
        };
    }

    public static TheoryData<string, ConsentTerms, ConsentTerms, bool> Cases
    {
        get
        {
            var all = Permit(DrLee).Except();
            var labs = Permit(DrLee, Only(DataClass.Laboratory)).Except();
            var open = Permit(Actor.Anyone, @for: [PurposeOfUse.TREAT]).Except();
            var noHiv = Permit(DrLee).Except(Deny(DrLee, Labelled("HIV")));
            return new TheoryData<string, ConsentTerms, ConsentTerms, bool>
            {
                { "the same", noHiv, noHiv, true },
                { "one class of all", labs, all, true },
                { "all instead of one class", all, labs, false },
                { "another class", Permit(DrLee, Only(DataClass.Medications)).Except(), labs, false },
                { "another doctor", Permit(DrKim).Except(), all, false },
                { "a nurse of the hospital for the hospital", Permit(Actor.RoleWithin(new ProviderId(CityHospital.Id), "nurse")).Except(), Permit(CityHospital).Except(), true },
                { "treatment instead of any purpose", Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except(), all, true },
                { "any purpose instead of treatment", all, Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except(), false },
                { "an exception more", noHiv, all, true },
                { "an exception less", all, noHiv, false },
                { "a single record of a class", Permit(DrLee, OnlyRecord(new RecordId(Id(500)))).Except(), labs, false },
                { "one record of two", Permit(DrLee, OnlyRecord(new RecordId(Id(500)))).Except(), Permit(DrLee, OnlyRecord(new RecordId(Id(500)), new RecordId(Id(501)))).Except(), true },
                { "an earlier end", all with { Validity = new Period(null, Now.AddDays(1)) }, all with { Validity = new Period(null, Now.AddDays(2)) }, true },
                { "no end", all, all with { Validity = new Period(null, Now.AddDays(2)) }, false },
                { "kept longer", all with { KeepUntil = Now.AddDays(3) }, all with { KeepUntil = Now.AddDays(2) }, false },
                { "kept as the law says instead of shorter", all, all with { KeepUntil = Now.AddDays(2) }, false },
                { "once a day of twice a day", Often(all, 1, 1), Often(all, 2, 1), true },
                { "twice in two days of twice a day", Often(all, 2, 2), Often(all, 2, 1), true },
                { "three times in two days of twice a day", Often(all, 3, 2), Often(all, 2, 1), false },
                { "without a limit", all, Often(all, 2, 1), false },
                { "an exception that gives back", Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Laboratory)), Permit(DrLee, Labelled("HIV"))), Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Laboratory))), false },
                { "labs without HIV of all without HIV", Permit(DrLee, Only(DataClass.Laboratory)).Except(Deny(DrLee, Labelled("HIV"))), noHiv, true },
                { "labs to anyone, apps included, of all to providers", Permit(Actor.Anyone, Only(DataClass.Laboratory), [PurposeOfUse.TREAT]).Except(), open, false },
                { "a doctor of all providers", Permit(DrLee, Only(DataClass.Laboratory), [PurposeOfUse.TREAT]).Except(), open, true },
                { "an app of all providers", Permit(Actor.App("diary"), @for: [PurposeOfUse.TREAT]).Except(), open, false },
                { "another patient of all providers", Permit(Actor.Delegate(new PatientId(Id(9))), @for: [PurposeOfUse.TREAT]).Except(), open, false },
                { "all providers, to view, of all providers", Permit(Actor.Anyone, @for: [PurposeOfUse.TREAT], to: [AccessAction.View]).Except(), open, true },
                {
                    "labs to anyone, as an exception of all to providers", Permit(Actor.Anyone, @for: [PurposeOfUse.TREAT]).Except(Permit(Actor.Anyone, Only(DataClass.Laboratory))), open, true
                },
                { "medications of all without labs", Permit(DrLee, Only(DataClass.Medications)).Except(), Permit(DrLee).Except(Deny(DrLee, Only(DataClass.Laboratory))), true },
            };
        }
    }

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true), Trait("Feature", "16")]
    public void Narrowings_APatientThinksOf(string what, ConsentTerms narrow, ConsentTerms wide, bool expected) =>
        Assert.True(expected == TermsSubset.Holds(narrow, wide), what);

    private static ConsentTerms Often(ConsentTerms terms, int frequency, int days) => terms with { Frequency = new AccessFrequency(frequency, days, PeriodUnit.Day) };
}

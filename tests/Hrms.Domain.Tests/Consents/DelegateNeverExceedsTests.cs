using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>A delegate never exceeds the principal, a lower level never a higher one, and an ended delegation nothing. CsCheck prints the seed of a failure.</summary>
public sealed class DelegateNeverExceedsTests
{
    private static readonly Gen<(ConsentBook Book, AccessRequest Ask, Datum Datum, Delegation Delegation)> Case =
        Gen.Select(ConsentGens.Book, ConsentGens.Ask, ConsentGens.Datum, Gen.Guid, ConsentGens.Instant, Gen.Int[1, 3]).Select((book, ask, datum, id, from, person) => (
            book with { Delegations = [] },
            ask with { Actor = Actor.Patient(new PatientId(Id(person))), OnBehalf = true },
            datum,
            new Delegation(new DelegationId(id), new PatientId(Id(person)), DelegateRole.Representative, DelegateLevel.Full, from, null, null, 1)));

    [Fact, Trait("Feature", "29")]
    public void WhatALowerLevelMay_EveryHigherLevelMayToo() => Case.Sample(
        (book, ask, datum, delegation) =>
        {
            var (restricted, view, full) = (May(DelegateLevel.RestrictedView), May(DelegateLevel.View), May(DelegateLevel.Full));
            Assert.True(!restricted || view);
            Assert.True(!view || full);

            bool May(DelegateLevel level) => (book with { Delegations = [delegation with { Level = level }] }).Permits(ask, datum);
        },
        iter: RandomCases.Of(100_000));

    [Fact, Trait("Feature", "29")]
    public void WhatRestsOnADelegation_IsWithinItsLevelItsTimeAndItsPrincipal() => Gen.Select(Case, Gen.Enum<DelegateLevel>()).Sample(
        (world, level) =>
        {
            var (book, ask, datum, delegation) = world;
            var delegated = book with { Delegations = [delegation with { Level = level }] };
            var decision = delegated.Decide(ask, datum);
            if (decision.Reason == DecisionReason.Delegated)
            {
                Assert.Equal(new ConsentId(delegation.Id.Value), decision.Consent);
                Assert.True(delegation.HoldsAt(ask.Now));
                Assert.True(level == DelegateLevel.Full || ask.Action is AccessAction.View or AccessAction.Query or AccessAction.Stream);
                Assert.True(level != DelegateLevel.RestrictedView || datum.Confidentiality < Confidentiality.R);
                Assert.False(delegated.Decide(ask with { OnBehalf = false }, datum).Reason == DecisionReason.Delegated);
                Assert.False(delegated.Decide(ask with { Actor = Actor.Patient(new PatientId(Id(9))) }, datum).Reason == DecisionReason.Delegated);
            }
            // What the patient withholds from everybody or from this person, record by record, no level overcomes.
            if (datum.Id is { } record)
            {
                foreach (var who in new[] { Actor.Anyone, Actor.Delegate(delegation.Delegate) })
                {
                    var withheld = delegated.With(Deny(who, OnlyRecord(record)).Except().AsConsent(7)).Decide(ask, datum);
                    Assert.NotEqual(DecisionReason.Delegated, withheld.Reason);
                }
            }
        },
        iter: RandomCases.Of(100_000));

    [Fact, Trait("Feature", "30")]
    public void AnEndedDelegation_SaysNothing() => Case.Sample(
        (book, ask, datum, delegation) =>
        {
            var without = book.Decide(ask, datum);
            Delegation[] over = [delegation with { EndedAt = ask.Now }, delegation with { From = ask.Now.AddDays(-1), Until = ask.Now }, delegation with { From = ask.Now.AddTicks(1) }];
            foreach (var ended in over)
                Assert.Equal(without, (book with { Delegations = [ended] }).Decide(ask, datum));
        },
        iter: RandomCases.Of(34_000));
}

using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Tests.Consents;

/// <summary>The fast evaluator is held to the one written to be read. CsCheck prints the seed of a failure.</summary>
public sealed class EvaluatorsAgreeTests
{
    private const int Books = 12_000, AsksPerBook = 3, DataPerAsk = 3;

    [Fact, Trait("Feature", "12")]
    public void OnRandomBooks_BothDecideTheSame_AndCiteTheSameConsent()
    {
        var reasons = new int[Enum.GetValues<DecisionReason>().Max(reason => (int)reason) + 1];
        Gen.Select(ConsentGens.Book, ConsentGens.Ask.Array[AsksPerBook], ConsentGens.Datum.Array[DataPerAsk]).Sample(
            (book, asks, data) =>
            {
                foreach (var ask in asks.Select(ask => ask.WithUsesOf(book)))
                {
                    var scope = book.Policy.For(ask);
                    foreach (var datum in data)
                    {
                        var decision = ReferenceEvaluator.Decide(book, ask, datum);
                        Assert.Equal(decision, scope.Decide(datum));
                        Assert.True(scope.MayPermit || !decision.Permitted, "A list that may hold something was taken for an empty one.");
                        Interlocked.Increment(ref reasons[(int)decision.Reason]);
                    }
                }
            },
            iter: RandomCases.Of(Books));

        Assert.True(reasons.Sum() >= RandomCases.AtLeast(100_000));
        // Worth something only when every outcome comes often.
        DecisionReason[] expected =
        [
            DecisionReason.Permitted, DecisionReason.Denied, DecisionReason.NoConsent, DecisionReason.DefaultPolicy, DecisionReason.Delegated,
            DecisionReason.BreakGlass, DecisionReason.OptedOut, DecisionReason.FrequencyExceeded, DecisionReason.PurgeOverdue, DecisionReason.LedgerAhead, DecisionReason.OutOfScope,
        ];
        Assert.All(expected, reason => Assert.InRange(reasons[(int)reason], RandomCases.AtLeast(100), int.MaxValue));
    }

    [Fact, Trait("Feature", "70")]
    public void WhatATokensScopeDoes_IsToTakeAwayAndNothingElse() =>
        Gen.Select(ConsentGens.Book, ConsentGens.Ask, ConsentGens.Reach, ConsentGens.Datum.Array[5]).Sample(
            (book, ask, reach, data) =>
            {
                var (with, without) = (book.Policy.For(ask with { Reach = reach }), book.Policy.For(ask with { Reach = null }));
                Assert.True(without.MayPermit || !with.MayPermit);
                foreach (var datum in data)
                    Assert.Equal(without.Decide(datum).Permitted && reach?.Reaches(datum.ResourceType, datum.Categories) != false, with.Decide(datum).Permitted);
            },
            iter: RandomCases.Of(10_000));

    [Fact, Trait("Feature", "12")]
    public void TheOrderInWhichConsentsAreGiven_ChangesNothing() =>
        Gen.Select(ConsentGens.Consents, ConsentGens.Default, ConsentGens.Ask, ConsentGens.Datum.Array[3], Gen.Int).Sample(
            (consents, @default, ask, data, seed) =>
            {
                var given = ConsentGens.BookOf(consents, @default);
                var shuffled = consents.ToArray();
                new Random(seed).Shuffle(shuffled);
                var other = ConsentGens.BookOf(shuffled, @default);
                foreach (var datum in data)
                    Assert.Equal(given.Policy.For(ask).Decide(datum), other.Policy.For(ask).Decide(datum));
            },
            iter: RandomCases.Of(34_000));

    [Fact]
    public void BetweenTheBoundsOfTimeWindows_ADecisionOnSamplesIsTheSame() =>
        Gen.Select(ConsentGens.Book, ConsentGens.Ask, Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
            (book, ask, early, late) =>
            {
                var scope = book.Policy.For(ask.WithUsesOf(book));
                DateTimeOffset first = ConsentWords.Now.AddDays(-10), last = ConsentWords.Now.AddDays(10);
                DateTimeOffset[] bounds = [first, .. scope.WindowBounds.Distinct().Order(), last];
                for (var i = 0; i + 1 < bounds.Length; i++)
                {
                    var decision = Decide(bounds[i]);
                    Assert.Equal(decision, Decide(Between(bounds[i], bounds[i + 1], early)));
                    Assert.Equal(decision, Decide(Between(bounds[i], bounds[i + 1], late)));
                    Assert.Equal(decision, Decide(bounds[i + 1].AddTicks(-1)));
                }

                Decision Decide(DateTimeOffset at) => scope.Decide(new Datum(null, DataClass.Wearables, at, [], null, []));
            },
            iter: RandomCases.Of(3_000));

    private static DateTimeOffset Between(DateTimeOffset from, DateTimeOffset until, double part) =>
        from.AddTicks((long)((until - from).Ticks * part * 0.999));
}

using static Hrms.Faults.Tests.Histories.OperationKind;

namespace Hrms.Faults.Tests.Histories;

/// <summary>The judge of histories is judged first: by what everybody agrees on.</summary>
public sealed class LinearizabilityTests(ITestOutputHelper output)
{
    [Fact]
    public void AfterARevocationsAnswer_AReadThatSees_IsFound()
    {
        Operation[] history = [new(Grant, 1, 2, 7), new(Revocation, 3, 4, 7), new(Read, 5, 6, Saw: true)];
        Assert.Contains("a read that saw it", Linearizability.Violation(history), StringComparison.Ordinal);
        Assert.Null(Linearizability.Violation([.. history[..2], history[2] with { Saw = false }]));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void WhileAGrantIsUnderWay_BothIsRight(bool saw) =>
        Assert.Null(Linearizability.Violation([new(Grant, 1, 4, 7), new(Read, 2, 3, Saw: saw)]));

    [Fact]
    public void WhatOneSaw_NobodyLaterMayNotSee() =>
        Assert.NotNull(Linearizability.Violation([new(Grant, 1, 9, 7), new(Read, 2, 3, Saw: true), new(Read, 4, 5, Saw: false)]));

    [Fact]
    public void BeforeAnybodyGranted_NobodySees() => Assert.NotNull(Linearizability.Violation([new(Read, 1, 2, Saw: true), new(Grant, 3, 4, 7)]));

    [Fact]
    public void WhatWasNeverAnswered_MayHaveHappened_LaterOrNever()
    {
        Assert.Null(Linearizability.Violation([new(Grant, 1, null, 7), new(Read, 2, 3, Saw: false), new(Read, 4, 5, Saw: true)]));
        Assert.Null(Linearizability.Violation([new(Grant, 1, null, 7), new(Read, 2, 3, Saw: false)]));
        Assert.NotNull(Linearizability.Violation([new(Grant, 1, null, 7), new(Read, 2, 3, Saw: true), new(Read, 4, 5, Saw: false)]));
    }

    [Fact]
    public void AnotherConsentStillOpensIt() =>
        Assert.Null(Linearizability.Violation([new(Grant, 1, 2, 7), new(Grant, 3, 4, 8), new(Revocation, 5, 6, 7), new(Read, 7, 8, Saw: true)]));

    /// <summary>Histories that a patient made who does one thing at a time pass; with one answer turned round that nothing explains they do not.</summary>
    [Fact]
    public void HistoriesOfOneThingAtATime_Pass_AndATurnedAnswerIsFound()
    {
        var random = Seed.Random(output);
        for (var life = 0; life < 200; life++)
        {
            var (history, open, clock) = (new List<Operation>(), new Queue<int>(), 0L);
            for (var i = 0; i < 40; i++)
            {
                var (invoked, answered) = (++clock, ++clock);
                history.Add(random.Next(3) switch
                {
                    0 => Granted(i),
                    1 when open.TryDequeue(out var consent) => new Operation(Revocation, invoked, answered, consent),
                    _ => new Operation(Read, invoked, answered, Saw: open.Count > 0),
                });

                Operation Granted(int consent)
                {
                    open.Enqueue(consent);
                    return new Operation(Grant, invoked, answered, consent);
                }
            }
            Assert.Null(Linearizability.Violation(history));
            var looks = history.Index().Where(item => item.Item.Kind == Read).ToList();
            var turned = looks[random.Next(looks.Count)];
            history[turned.Index] = turned.Item with { Saw = !turned.Item.Saw };
            Assert.NotNull(Linearizability.Violation(history));
        }
    }
}

using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Sealing;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>Between two heads of a stream nothing is left out, moved, changed or put in without being named.</summary>
[Trait("Feature", "48")]
public sealed class HistoryVerifierTests
{
    private static readonly SampleJournal Journal = new(new SeededEntropy(22), new[] { "no event" }, new { @event = "access", at = SampleJournal.Time(7) });
    private static readonly HistoryProof All = Journal.History(1, 5);
    private static readonly byte[] Foreign = [.. Enumerable.Repeat((byte)1, 32)];

    private static readonly (string Place, ProofFault Fault, HistoryProof Changed)[] Broken =
    [
        ("format", ProofFault.UnknownFormat, All with { Format = "hrms-history/2" }),
        ("from", ProofFault.HistoryBroken, All with { Events = [.. All.Events.Take(2), .. All.Events.Skip(3)] }),
        ("from", ProofFault.HistoryBroken, All with { Events = [.. All.Events, All.Events[3]] }),
        ("from", ProofFault.HistoryBroken, All with { From = 0, Events = [All.Events[0], .. All.Events] }),
        ("prevLeaf", ProofFault.WrongSize, All with { PrevLeaf = [] }),
        ("prevLeaf", ProofFault.HistoryBroken, All with { PrevLeaf = [.. new byte[31], 1] }),
        ("events", ProofFault.HistoryBroken, Journal.History(2, 5) with { PrevLeaf = Foreign }),
        ("events", ProofFault.HistoryBroken, Journal.History(5, 5) with { PrevLeaf = Foreign }),
        ("events", ProofFault.HistoryBroken, With(2, link => link with { Salt = Foreign })),
        ("events[2].eventKey", ProofFault.EventDoesNotOpen, With(2, _ => All.Events[3])),
        ("events[1]", ProofFault.WrongSize, With(1, link => link with { EventKey = [] })),
        ("events[1]", ProofFault.WrongSize, With(1, link => link with { Salt = [] })),
        ("events[5].ciphertext", ProofFault.NotAnEvent, Journal.History(1, 7)),
        ("head.path", ProofFault.PathDiffers, All with { Head = All.Head with { Path = [] } }),
    ];

    [Theory]
    [InlineData(1, 5), InlineData(1, 1), InlineData(2, 4), InlineData(3, 3)]
    public void AHistoryBetweenAnyTwoHeads_OpensToEachOfItsEvents(int from, int to)
    {
        var (history, problem) = HistoryVerifier.Open(Journal.History(from, to));

        Assert.Null(problem);
        Assert.Equal(
            Enumerable.Range(from, to - from + 1).Select(version => ((long)version, SampleJournal.Time(version))),
            history!.Events.Select(line => (line.Version, line.Event.RecordedAt)));
        Assert.Equal(from <= 3 && to >= 3 ? [3] : [], history.AccessLines.Select(line => line.Version));
    }

    [Fact]
    public void WhateverIsLeftOutMovedOrPutIn_IsNamed()
    {
        foreach (var (place, fault, changed) in Broken)
        {
            var (history, problem) = HistoryVerifier.Open(changed);
            Assert.Equal((null, place, fault), (history, problem!.Place, problem.Fault));
            Assert.NotEmpty(problem.Text);
        }
    }

    /// <summary>What is withheld for a time is counted and can't be changed: opened later, it is the same.</summary>
    [Fact]
    public void AnEventThatIsWithheld_IsThereAllTheSame_AndWhatIsDoneToItIsNamed()
    {
        var withheld = With(2, link => link with { EventKey = null });

        var (history, problem) = HistoryVerifier.Open(withheld);

        Assert.Null(problem);
        Assert.Equal([3], history!.Withheld);
        Assert.Equal([1, 2, 4, 5], history.Events.Select(line => line.Version));
        Assert.Empty(history.AccessLines);
        Assert.Empty(HistoryVerifier.Open(All).History!.Withheld);
        foreach (var change in new Func<HistoryLink, HistoryLink>[] { link => link with { Ciphertext = All.Events[1].Ciphertext }, link => link with { Salt = Foreign } })
            Assert.Equal(ProofFault.HistoryBroken, HistoryVerifier.Open(With(2, link => change(link) with { EventKey = null })).Problem!.Fault);
        var (read, _, _) = ProofJson.Read<HistoryProof>(ProofJson.Write(withheld));
        Assert.Equal(ProofJson.Write(withheld), ProofJson.Write(read!));
    }

    /// <summary>That a consent was revoked after the history ends makes nothing of the history missing: its nullifier is not asked for.</summary>
    [Fact]
    public void AConsentAtItsEnd_IsAskedForItsPlaceOnTheLedgerAlone() => Assert.Null(HistoryVerifier.Open(Journal.History(1, 1)).History!.Head.Bundle.Nullifier);

    private static HistoryProof With(int index, Func<HistoryLink, HistoryLink> change) =>
        All with { Events = [.. All.Events.Select((link, i) => i == index ? change(link) : link)] };
}

using Hrms.Domain.Proofs;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using Hrms.Verifier;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Proofs;

/// <summary>A history shows that nothing is missing between two heads, against a real node; nobody can leave a line out.</summary>
public sealed class HistoryProofTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    [Theory, Trait("Feature", "44"), Trait("Feature", "48")]
    [InlineData(1, 5), InlineData(1, 1), InlineData(2, 4), InlineData(3, 3)]
    public async Task AHistory_BetweenAnyTwoHeads_IsValid_AndTellsItsAccessLines(int from, int to)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["history.json"], ProofJson.Write(sample.History(from, to)), Cancellation);
        var (said, errors) = (new StringWriter(), new StringWriter());

        var code = await VerifierProgram.RunAsync([folder["history.json"], "--rpc", node.RpcUrl.ToString()], said, errors, Cancellation);

        Assert.Equal((0, ""), (code, errors.ToString()));
        var lines = from <= 3 && to >= 3 ? 1 : 0;
        Assert.Contains($"history, events {from} to {to} of stream ", said.ToString());
        Assert.Contains($"none missing; {lines} access lines", said.ToString());
        Assert.Equal(lines == 1, said.ToString().Contains("access    3 {\"event\":\"access\"", StringComparison.Ordinal));
    }

    [Fact, Trait("Feature", "44")]
    public async Task WhateverIsLeftOutMovedOrPutIn_IsNamed()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var history = sample.History(1, 5);
        var events = history.Events;
        (string Place, ProofFault Fault, HistoryProof Changed)[] cases =
        [
            ("from", ProofFault.HistoryBroken, history with { Events = [.. events.Take(2), .. events.Skip(3)] }),
            ("from", ProofFault.HistoryBroken, history with { From = 2 }),
            ("from", ProofFault.HistoryBroken, history with { From = 0, Events = [events[0], .. events] }),
            ("events[1].eventKey", ProofFault.EventDoesNotOpen, history with { From = 2, PrevLeaf = sample.Bundle(2).PrevLeaf, Events = [.. events.Skip(1).Take(1), .. events.Take(1), .. events.Skip(3)] }),
            ("events[2].eventKey", ProofFault.EventDoesNotOpen, history with { Events = [.. events.Take(2), events[3], events[3]] }),
            ("events", ProofFault.HistoryBroken, history with { Events = [.. events.Take(2), events[2] with { Salt = events[3].Salt }, events[3]] }),
            ("events", ProofFault.HistoryBroken, sample.History(2, 5) with { PrevLeaf = Root(1) }),
            ("prevLeaf", ProofFault.HistoryBroken, history with { PrevLeaf = Root(1) }),
            ("prevLeaf", ProofFault.WrongSize, history with { PrevLeaf = [] }),
            ("events[1]", ProofFault.WrongSize, history with { Events = [events[0], events[1] with { EventKey = [] }, events[2], events[3]] }),
            ("format", ProofFault.UnknownFormat, history with { Format = "hrms-history/2" }),
            ("head.path", ProofFault.PathDiffers, history with { Head = history.Head with { Path = [] } }),
        ];
        foreach (var (place, fault, changed) in cases)
            Assert.Equal((place, fault), HistoryVerifier.Open(changed).Problem is { } problem ? (problem.Place, problem.Fault) : default);
    }

    [Fact, Trait("Feature", "44")]
    public async Task OfAThousandChangesOfABit_NonePasses_AndEachIsNamed()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var text = ProofJson.Write(sample.History(1, 5));
        Assert.Null(await CheckAsync(it, text));

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {text.Length} bytes");
        var chance = new SeededEntropy(seed);
        for (var i = 0; i < 1000; i++)
        {
            var changed = text.ToArray();
            var (position, bit) = (chance.Below(changed.Length), chance.Below(8));
            changed[position] ^= (byte)(1 << bit);
            Assert.True(await CheckAsync(it, changed) is { Text.Length: > 0, Place.Length: > 0 }, $"Bit {bit} of byte {position} went unseen.");
        }
    }

    [Fact, Trait("Feature", "48")]
    public async Task ARevokedConsentAtItsEnd_MakesNoEventMissing()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it, ProofSample.Nullifier);

        Assert.Null(await CheckAsync(it, ProofJson.Write(sample.History(1, 1))));
        Assert.Equal(ProofFault.ConsentRevoked, (await CheckAsync(it, ProofBundleJson.Write(sample.Bundle(1))))?.Fault);
    }

    private static async Task<ProofProblem?> CheckAsync(LedgerUnderTest it, byte[] text)
    {
        var (subject, problem) = Subject.Open(text);
        return subject is null ? problem : await new LedgerWitness(it.View).CheckAsync(subject.Proof, Cancellation);
    }
}

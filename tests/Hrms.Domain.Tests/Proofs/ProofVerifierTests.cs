using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Sealing;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>What a stranger finds out about a bundle with no network: the right ones open, and each changed member is named.</summary>
[Trait("Feature", "44")]
public sealed class ProofVerifierTests
{
    private static readonly SampleJournal Journal = new(
        new SeededEntropy(21), new { @event = "consent-granted", at = SampleJournal.Time(6), consent = Guid.Empty }, new[] { "no event" });

    private static readonly byte[] Foreign = [.. Enumerable.Repeat((byte)1, 32)];

    private static readonly (string Place, ProofFault Fault, Func<ProofBundle, ProofBundle, ProofBundle> Change)[] PutIn =
    [
        ("format", ProofFault.UnknownFormat, (own, _) => own with { Format = "hrms-proof/2" }),
        ("leaf", ProofFault.LeafDiffers, (own, _) => own with { Stream = Guid.Empty }),
        ("leaf", ProofFault.LeafDiffers, (own, _) => own with { Version = 2 }),
        ("leaf", ProofFault.LeafDiffers, (own, other) => own with { Salt = other.Salt }),
        ("leaf", ProofFault.LeafDiffers, (own, other) => own with { PrevLeaf = other.PrevLeaf }),
        ("leaf", ProofFault.LeafDiffers, (own, other) => own with { Ciphertext = other.Ciphertext }),
        ("leaf", ProofFault.LeafDiffers, (own, other) => own with { Leaf = other.Leaf }),
        ("path", ProofFault.PathDiffers, (own, other) => own with { Path = other.Path }),
        ("path", ProofFault.PathDiffers, (own, _) => own with { Ledger = own.Ledger with { Root = Foreign } }),
        ("eventKey", ProofFault.EventDoesNotOpen, (own, other) => own with { EventKey = other.EventKey }),
        ("kind", ProofFault.KindDiffers, (own, other) => own with { Kind = other.Kind }),
        ("recordedAt", ProofFault.TimeDiffers, (own, other) => own with { RecordedAt = other.RecordedAt }),
        ("nullifier", ProofFault.NullifierDiffers, (own, _) => own with { Nullifier = null }),
        ("nullifier", ProofFault.NullifierDiffers, (own, _) => own with { Nullifier = Foreign }),
        ("nullifier", ProofFault.NullifierDiffers, (_, other) => other with { Nullifier = Foreign }),
        ("content.ciphertext", ProofFault.ContentDiffers, (own, other) => own with { Content = other.Content }),
        ("content.ciphertext", ProofFault.ContentDiffers, (_, other) => other with { Content = other.Content! with { Ciphertext = [] } }),
        ("content.dataKey", ProofFault.ContentDoesNotOpen, (_, other) => other with { Content = other.Content! with { DataKey = Foreign } }),
        ("content.dataKey", ProofFault.ContentDoesNotOpen, (_, other) => other with { Content = other.Content! with { Place = "elsewhere" } }),
    ];

    private static readonly (string Place, Func<ProofBundle, ProofBundle> Change)[] Sizes =
    [
        ("salt", bundle => bundle with { Salt = new byte[31] }),
        ("prevLeaf", bundle => bundle with { PrevLeaf = new byte[33] }),
        ("leaf", bundle => bundle with { Leaf = [] }),
        ("eventKey", bundle => bundle with { EventKey = new byte[16] }),
        ("content.dataKey", bundle => bundle with { Content = bundle.Content! with { DataKey = new byte[16] } }),
        ("path", bundle => bundle with { Path = [.. bundle.Path.SkipLast(1), new byte[31]] }),
        ("path", bundle => bundle with { Path = [.. Enumerable.Repeat(Foreign, 41)] }),
        ("nullifier", bundle => bundle with { Nullifier = new byte[31] }),
        ("version", bundle => bundle with { Version = 0 }),
        ("ledger.lane", bundle => bundle with { Ledger = bundle.Ledger with { Lane = -1 } }),
        ("ledger.number", bundle => bundle with { Ledger = bundle.Ledger with { Number = 0 } }),
        ("ledger.root", bundle => bundle with { Ledger = bundle.Ledger with { Root = [] } }),
        ("ledger.contract", bundle => bundle with { Ledger = bundle.Ledger with { Contract = new byte[32] } }),
        ("ledger.txHash", bundle => bundle with { Ledger = bundle.Ledger with { TxHash = new byte[20] } }),
    ];

    [Theory]
    [InlineData(1, "consent"), InlineData(2, "record"), InlineData(3, "access"), InlineData(4, "revocation"), InlineData(5, "device-registered")]
    public void ARightBundle_OpensToItsEvent_AndItsContent(int version, string kind)
    {
        var (proof, problem) = ProofVerifier.Open(Journal.Bundle(version));

        Assert.Null(problem);
        Assert.Equal((kind, SampleJournal.Time(version)), (proof!.Event.Kind, proof.Event.RecordedAt));
        Assert.Equal(version == 2 ? SampleJournal.Resource : null, proof.Content);
        Assert.Equal(version is 1 or 4 ? SampleJournal.Nullifier : null, proof.Bundle.Nullifier);
    }

    [Fact]
    public void WhatBelongsToAnotherBundle_IsNamedWhenItIsPutIn()
    {
        foreach (var (place, fault, change) in PutIn)
            Assert.Equal((place, (ProofFault?)fault), Problem(change(Journal.Bundle(1), Journal.Bundle(2))));
    }

    [Fact]
    public void AMemberOfAnotherSize_IsNamed()
    {
        foreach (var (place, change) in Sizes)
            Assert.Equal((place, (ProofFault?)ProofFault.WrongSize), Problem(change(Journal.Bundle(2))));
        Assert.Equal(("path", (ProofFault?)ProofFault.PathDiffers), Problem(Journal.Bundle(1) with { Path = [.. Enumerable.Repeat(Foreign, 40)] }));
    }

    /// <summary>Without its nullifier nobody could see on the ledger that a consent was revoked.</summary>
    [Fact]
    public void AConsentWithoutASecret_ProvesNothing() => Assert.Equal(("nullifier", (ProofFault?)ProofFault.NullifierDiffers), Problem(Journal.Bundle(6)));

    [Fact]
    public void SealedBytesThatAreNoEvent_AreNamed() =>
        Assert.Equal(("ciphertext", (ProofFault?)ProofFault.NotAnEvent), Problem(Journal.BundleOfNoEvent(7)));

    private static (string?, ProofFault?) Problem(ProofBundle bundle)
    {
        var (proof, problem) = ProofVerifier.Open(bundle);
        Assert.Null(proof);
        Assert.NotEmpty(problem!.Text);
        return (problem.Place, problem.Fault);
    }
}

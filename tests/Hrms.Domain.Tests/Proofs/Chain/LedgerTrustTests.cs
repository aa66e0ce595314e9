using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>What a verifier is told to trust, refused while it says too little or contradicts itself.</summary>
[Trait("Feature", "44")]
public sealed class LedgerTrustTests
{
    private static readonly LedgerTrust ByBlocks = new(LedgerTrust.CurrentFormat, 1, new byte[32], new byte[20], Blocks: [new byte[32]]);
    private static readonly LedgerTrust BySeals = ByBlocks with { Blocks = null, Consensus = "qbft", Validators = TestValidators.Addresses(1, 2, 3, 4) };

    private static readonly (string What, string Says, LedgerTrust Trust)[] Incomplete =
    [
        ("another format", "'hrms-trust/2'", BySeals with { Format = "hrms-trust/2" }),
        ("a genesis hash that is cut", "genesis hash", BySeals with { GenesisHash = new byte[31] }),
        ("a contract that is cut", "contract", BySeals with { Contract = new byte[19] }),
        ("validators of no consensus", "'qbft' or 'ibft2'", BySeals with { Consensus = null }),
        ("a consensus without validators", "'qbft' or 'ibft2'", ByBlocks with { Consensus = "qbft" }),
        ("a consensus that is not known", "'qbft' or 'ibft2'", BySeals with { Consensus = "clique" }),
        ("no validator", "Neither", BySeals with { Validators = [] }),
        ("nothing to believe", "Neither", ByBlocks with { Blocks = null }),
        ("a validator that is no address", "20 bytes", BySeals with { Validators = [.. BySeals.Validators!, new byte[32]] }),
    ];

    [Fact]
    public void SealsOfValidators_OrBlocks_OrBoth_AreSomethingToTrust()
    {
        foreach (var trust in new[] { ByBlocks, BySeals, BySeals with { Consensus = "ibft2" }, BySeals with { Blocks = ByBlocks.Blocks } })
            Assert.Null(trust.Problem);
        Assert.Equal((Consensus.Qbft, Consensus.Ibft2, null), (BySeals.SealedBy, (BySeals with { Consensus = "ibft2" }).SealedBy, ByBlocks.SealedBy));
    }

    [Fact]
    public void WhatIsMissingOrContradicts_IsSaid()
    {
        foreach (var (what, says, trust) in Incomplete)
            Assert.True(trust.Problem?.Contains(says, StringComparison.Ordinal), $"{what}: {trust.Problem}");
    }
}

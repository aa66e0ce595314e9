using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>Blocks are believed by the seals of validators who follow from those trusted, or because somebody has named their hash.</summary>
[Trait("Feature", "44")]
public sealed class TrustedBlocksTests
{
    private static readonly int[] Four = [1, 2, 3, 4], Later = [3, 4, 5, 6], Latest = [5, 6, 7, 8];

    private static readonly LedgerTrust Trust =
        new(LedgerTrust.CurrentFormat, 1, new byte[32], new byte[20], "qbft", From: 5, Validators: TestValidators.Addresses(Four));

    [Fact]
    public void Blocks_AreAnsweredInTheOrderAsked_EachWithTheHashThatItsChainKnows()
    {
        var (early, late) = (Sealed(7, Four), Sealed(9, Later));

        var (blocks, problem) = TrustedBlocks.Judge(Trust, [("state", late.Encoded), ("commit", early.Encoded)]);

        Assert.Null(problem);
        Assert.Equal([9, 7], blocks.Select(block => block.Header.Number));
        Assert.Equal([SealedHeader.Read(late, Consensus.Qbft).Hash(), SealedHeader.Read(early, Consensus.Qbft).Hash()], blocks.Select(block => block.Hash));
    }

    [Fact]
    public void TheChangesInBetween_LeadFromOldValidatorsToNewOnes_AndAreNotAnswered()
    {
        var latest = Sealed(12, Latest);

        Assert.Equal((ProofFault.NotSealed, "state"), Fault(Trust, latest));
        var (blocks, problem) = TrustedBlocks.Judge(Trust with { Changes = [Sealed(11, Later).Encoded] }, [("state", latest.Encoded)]);
        Assert.Null(problem);
        Assert.Equal(12, Assert.Single(blocks).Header.Number);
    }

    [Fact]
    public void ABlockThatIsNamedByItsHash_NeedsNoSeals_AndAnyOtherDoes()
    {
        var (named, other) = (TestValidators.Header(7), TestValidators.Header(8));
        var byHash = new LedgerTrust(LedgerTrust.CurrentFormat, 1, new byte[32], new byte[20], Blocks: [new byte[32], named.Hash()]);

        Assert.Equal(named.Hash(), Assert.Single(TrustedBlocks.Judge(byHash, [("state", named.Encoded)]).Blocks).Hash);
        Assert.Equal((ProofFault.NotSealed, "state"), Fault(byHash, other));
        Assert.Equal((ProofFault.NotSealed, "state"), Fault(Trust with { Blocks = byHash.Blocks }, other));
        Assert.Null(TrustedBlocks.Judge(Trust with { Blocks = byHash.Blocks }, [("state", named.Encoded), ("commit", Sealed(9, Four).Encoded)]).Problem);
    }

    [Fact]
    public void BytesThatAreNoHeader_AreNamedByTheirPlace()
    {
        Assert.Equal((ProofFault.HeaderUnreadable, "state"), TrustedBlocks.Judge(Trust, [("commit", Sealed(7, Four).Encoded), ("state", [1])]).Problem is { } asked ? (asked.Fault, asked.Place) : default);
        Assert.Equal((ProofFault.HeaderUnreadable, "changes[1]"), Fault(Trust with { Changes = [Sealed(6, Four).Encoded, []] }, Sealed(7, Four)));
    }

    private static BlockHeader Sealed(long number, int[] validators) => TestValidators.Seal(TestValidators.Header(number), Consensus.Qbft, validators, validators);

    private static (ProofFault, string) Fault(LedgerTrust trust, BlockHeader header)
    {
        var (blocks, problem) = TrustedBlocks.Judge(trust, [("state", header.Encoded)]);
        Assert.Empty(blocks);
        Assert.NotEmpty(problem!.Text);
        return (problem.Fault, problem.Place);
    }
}

using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Proofs;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A small journal of one stream, committed to a real ledger, and the bundles of its events.</summary>
internal sealed class ProofSample() : SampleJournal(new SeededEntropy(7))
{
    /// <summary>Commits all events as the first batch of lane 0.</summary>
    public async Task CommitAsync(LedgerUnderTest it, params byte[][] nullifiers)
    {
        var identity = await it.Ledger.IdentifyAsync(LedgerUnderTest.Cancellation);
        var (signed, receipt) = await it.CommitAsync(identity, 0, 1, Tree.Root, nullifiers);
        Anchor = new ProofAnchor(
            identity.ChainId, identity.GenesisHash, identity.ContractAddress, 0, 1, Tree.Root, signed.Hash, receipt.BlockNumber, receipt.BlockHash,
            receipt.BlockTime);
    }
}

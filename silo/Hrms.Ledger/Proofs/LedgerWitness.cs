using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Proofs;

/// <summary>
/// Asks a node whether the ledger has what an opened proof says: the same chain, our contract's code, the root under its number, brought by that
/// transaction in that block; and for a consent, that it is not revoked. Used by the verifier and by whoever embeds it.
/// </summary>
/// <param name="trustedContract">The contract's address as the asker knows it from elsewhere. Null: the bundle's, whose code is checked, but which could be a
/// stranger's ledger with the same code.</param>
public sealed class LedgerWitness(HealthLedgerView view, Address? trustedContract = null)
{
    /// <summary>Null when the ledger bears the proof out, else the first thing that is wrong.</summary>
    /// <exception cref="LedgerUnavailableException">No node answers: nothing is known.</exception>
    public async Task<ProofProblem?> CheckAsync(OpenedProof proof, CancellationToken cancellationToken) =>
        await ChainAsync(proof.Bundle.Ledger, cancellationToken)
        ?? await RootAsync(proof.Bundle.Ledger, cancellationToken)
        ?? await TransactionAsync(proof.Bundle.Ledger, cancellationToken)
        ?? await ConsentAsync(proof, cancellationToken);

    private async Task<ProofProblem?> ChainAsync(ProofAnchor anchor, CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await view.ChainAsync(cancellationToken);
        if (chainId != anchor.ChainId)
            return new ProofProblem(ProofFault.ChainDiffers, "ledger.chainId", $"The node is of chain {chainId}, the bundle of chain {anchor.ChainId}.");
        if (!genesisHash.AsSpan().SequenceEqual(anchor.GenesisHash))
            return new ProofProblem(ProofFault.GenesisDiffers, "ledger.genesisHash", $"The node's chain began with {Hex.Of(genesisHash)}.");
        var contract = new Address(anchor.Contract);
        if (trustedContract is { } trusted && trusted != contract)
            return new ProofProblem(ProofFault.ContractDiffers, "ledger.contract", $"The bundle names contract {contract}, not {trusted}.");
        var code = await view.CodeAsync(contract, cancellationToken);
        return HealthLedgerArtefact.IsOurs(Keccak256.Hash(code))
            ? null
            : new ProofProblem(ProofFault.ContractDiffers, "ledger.contract", $"At {contract} is not the code of the ledger contract.");
    }

    private async Task<ProofProblem?> RootAsync(ProofAnchor anchor, CancellationToken cancellationToken)
    {
        var root = await view.RootAsync(new Address(anchor.Contract), anchor.Lane, anchor.Number, cancellationToken);
        return root.AsSpan().SequenceEqual(anchor.Root)
            ? null
            : new ProofProblem(
                ProofFault.RootNotOnLedger, "ledger.root", $"Under batch {anchor.Number} of lane {anchor.Lane} the ledger has {Hex.Of(root)}.");
    }

    private async Task<ProofProblem?> TransactionAsync(ProofAnchor anchor, CancellationToken cancellationToken)
    {
        if (await view.ReceiptAsync(anchor.TxHash, cancellationToken) is not { Succeeded: true } receipt || receipt.To != new Address(anchor.Contract))
            return new ProofProblem(ProofFault.TransactionDiffers, "ledger.txHash", "The chain has no such successful transaction to the contract.");
        // Everything before the nullifiers: selector, lane, number, root.
        var commit = HealthLedgerCalls.Commit(anchor.Lane, anchor.Number, anchor.Root, []).AsMemory(0, 4 + 3 * AbiCall.WordBytes);
        if (!(await view.InputAsync(anchor.TxHash, cancellationToken)).AsSpan().StartsWith(commit.Span))
            return new ProofProblem(ProofFault.TransactionDiffers, "ledger.txHash", "The transaction did not commit this batch.");
        if (receipt.BlockNumber != anchor.BlockNumber)
            return new ProofProblem(ProofFault.BlockDiffers, "ledger.blockNumber", $"The transaction is in block {receipt.BlockNumber}.");
        if (!receipt.BlockHash.AsSpan().SequenceEqual(anchor.BlockHash))
            return new ProofProblem(ProofFault.BlockDiffers, "ledger.blockHash", $"The transaction's block is {Hex.Of(receipt.BlockHash)}.");
        var block = await view.BlockAsync(receipt.BlockHash, cancellationToken);
        return block.Time == anchor.BlockTime
            ? null
            : new ProofProblem(ProofFault.BlockDiffers, "ledger.blockTime", $"The block is of {block.Time:u}.");
    }

    private async Task<ProofProblem?> ConsentAsync(OpenedProof proof, CancellationToken cancellationToken)
    {
        if (proof.Bundle.Nullifier is not { } nullifier)
            return null;
        var revoked = await view.IsRevokedAsync(new Address(proof.Bundle.Ledger.Contract), nullifier, cancellationToken);
        return (proof.Event.Kind, revoked) switch
        {
            ("consent", true) => new ProofProblem(ProofFault.ConsentRevoked, "nullifier", "The consent was given, and it is revoked."),
            ("revocation", false) => new ProofProblem(ProofFault.RevocationNotPublished, "nullifier", "The ledger does not have the revocation's nullifier."),
            _ => null,
        };
    }
}

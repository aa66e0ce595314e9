using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Proofs;

/// <summary>
/// Does with headers and trie nodes what <see cref="LedgerWitness"/> does with a node: the same chain and contract, its code, the root under its number,
/// brought by that transaction in that block; and for a consent, that it was not revoked at the witness' block. No network; used by the verifier.
/// </summary>
public sealed class HeaderWitness(LedgerTrust trust)
{
    /// <summary>Null when the witness bears the proof out, else the first thing that is wrong.</summary>
    public ProofProblem? Check(OpenedProof proof, BlockWitness witness)
    {
        if (witness.Format != BlockWitness.CurrentFormat)
            return new ProofProblem(ProofFault.NotAWitness, "format", $"This program reads {BlockWitness.CurrentFormat}; the witness is '{witness.Format}'.");
        if (Chain(proof.Bundle.Ledger) is { } otherLedger)
            return otherLedger;
        var (blocks, problem) = TrustedBlocks.Judge(trust, [("commit.header", witness.Commit.Header), ("state.header", witness.State.Header)]);
        return problem
            ?? Block(proof.Bundle.Ledger, blocks[0].Header, blocks[0].Hash)
            ?? Transaction(proof.Bundle.Ledger, blocks[0].Header, witness.Commit)
            ?? State(proof, blocks[0].Header, blocks[1].Header, witness.State);
    }

    private ProofProblem? Chain(ProofAnchor anchor) =>
        anchor.ChainId != trust.ChainId
            ? new ProofProblem(ProofFault.ChainDiffers, "ledger.chainId", $"The bundle is of chain {anchor.ChainId}, the trusted one is {trust.ChainId}.")
        : !anchor.GenesisHash.AsSpan().SequenceEqual(trust.GenesisHash)
            ? new ProofProblem(ProofFault.GenesisDiffers, "ledger.genesisHash", $"The trusted chain began with {Hex.Of(trust.GenesisHash)}.")
        : !anchor.Contract.AsSpan().SequenceEqual(trust.Contract)
            ? new ProofProblem(ProofFault.ContractDiffers, "ledger.contract", $"The bundle names contract {Hex.Of(anchor.Contract)}, not {Hex.Of(trust.Contract)}.")
        : null;

    private static ProofProblem? Block(ProofAnchor anchor, BlockHeader header, byte[] hash) =>
        header.Number != anchor.BlockNumber
            ? new ProofProblem(ProofFault.BlockDiffers, "ledger.blockNumber", $"The witness is of block {header.Number}.")
        : !hash.AsSpan().SequenceEqual(anchor.BlockHash)
            ? new ProofProblem(ProofFault.BlockDiffers, "ledger.blockHash", $"The witness' block is {Hex.Of(hash)}.")
        : header.Time != anchor.BlockTime
            ? new ProofProblem(ProofFault.BlockDiffers, "ledger.blockTime", $"The block is of {header.Time:u}.")
        : null;

    private static ProofProblem? Transaction(ProofAnchor anchor, BlockHeader header, CommitWitness commit)
    {
        if (commit.Index < 0)
            return new ProofProblem(ProofFault.NotAWitness, "commit.index", "A place in a block is not negative.");
        var key = Rlp.Number((ulong)commit.Index);
        if (!MerklePatricia.TryFind(header.TransactionsRoot, key, commit.Transaction, out var transaction) || transaction is null)
            return new ProofProblem(ProofFault.TransactionDiffers, "commit.transaction", "The nodes do not lead to a transaction of the block.");
        if (!Keccak256.Hash(transaction).AsSpan().SequenceEqual(anchor.TxHash))
            return new ProofProblem(ProofFault.TransactionDiffers, "ledger.txHash", $"The witness is of transaction {Hex.Of(Keccak256.Hash(transaction))}.");
        if (!CommittedIn.Transaction(transaction, anchor))
            return new ProofProblem(ProofFault.TransactionDiffers, "ledger.txHash", "The transaction did not commit this batch.");
        return MerklePatricia.TryFind(header.ReceiptsRoot, key, commit.Receipt, out var receipt) && receipt is not null && CommittedIn.Receipt(receipt)
            ? null
            : new ProofProblem(ProofFault.TransactionDiffers, "commit.receipt", "The nodes do not lead to the receipt of a successful transaction.");
    }

    private static ProofProblem? State(OpenedProof proof, BlockHeader committed, BlockHeader header, StateWitness state)
    {
        var anchor = proof.Bundle.Ledger;
        if (header.Number < committed.Number)
            return new ProofProblem(ProofFault.StateDiffers, "state.header", $"Block {header.Number} is before block {committed.Number}, which took the batch in.");
        if (ContractState.Read(header, new Address(anchor.Contract), state.Account) is not { } contract)
            return new ProofProblem(ProofFault.StateDiffers, "state.account", "The nodes do not lead to the contract.");
        if (HealthLedgerStorage.OfCode(contract.CodeHash) is not { } storage)
            return new ProofProblem(ProofFault.ContractDiffers, "ledger.contract", $"At {Hex.Of(anchor.Contract)} is not the code of the ledger contract.");
        if (!contract.TryRead(storage.RootSlot(anchor.Lane, anchor.Number), state.Root, out var root))
            return new ProofProblem(ProofFault.StateDiffers, "state.root", "The nodes prove nothing about the batch.");
        if (!root.AsSpan().SequenceEqual(anchor.Root))
            return new ProofProblem(
                ProofFault.RootNotOnLedger, "ledger.root", $"Under batch {anchor.Number} of lane {anchor.Lane} the ledger has {Hex.Of(root)}.");
        return Consent(proof, contract, storage, state.Nullifier, header);
    }

    private static ProofProblem? Consent(
        OpenedProof proof, ContractState contract, HealthLedgerStorage storage, IReadOnlyList<byte[]>? nodes, BlockHeader header)
    {
        if (proof.Bundle.Nullifier is not { } nullifier)
            return nodes is null ? null : new ProofProblem(ProofFault.StateDiffers, "state.nullifier", "The bundle has no nullifier.");
        if (nodes is null || !contract.TryRead(storage.NullifierSlot(nullifier), nodes, out var word))
            return new ProofProblem(ProofFault.StateDiffers, "state.nullifier", "The nodes prove nothing about the nullifier.");
        return (proof.Event.Kind, Revoked: word.Any(digit => digit != 0)) switch
        {
            ("consent", true) => new ProofProblem(ProofFault.ConsentRevoked, "nullifier", $"The consent was given, and it is revoked as of block {header.Number}."),
            ("revocation", false) => new ProofProblem(
                ProofFault.RevocationNotPublished, "nullifier", $"At block {header.Number} the ledger does not have the revocation's nullifier."),
            _ => null,
        };
    }
}

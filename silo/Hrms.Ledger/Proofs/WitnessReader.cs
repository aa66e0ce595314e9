using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Rpc;

namespace Hrms.Ledger.Proofs;

/// <summary>
/// Takes from a node what a bundle needs to be checked without one later. Nothing that it says is believed: whoever checks does so against the headers' seals.
/// The verifier's <c>fetch</c> calls it.
/// </summary>
public sealed class WitnessReader(NodePool nodes)
{
    /// <exception cref="LedgerUnavailableException">No node answers, or none has the block, the receipts or the proof.</exception>
    public async Task<BlockWitness> ReadAsync(ProofBundle bundle, CancellationToken cancellationToken) => new(
        BlockWitness.CurrentFormat, await CommitAsync(bundle.Ledger, cancellationToken), await StateAsync(bundle, cancellationToken));

    private async Task<CommitWitness> CommitAsync(ProofAnchor anchor, CancellationToken cancellationToken)
    {
        var (header, transactions) = await nodes.AskAsync(
            new RpcCall("eth_getBlockByHash", Hex.Of(anchor.BlockHash), true),
            block => (NodeBlock.Header(block), Quantity.Items(Quantity.Member(block, "transactions")).Select(transaction => transaction.Clone()).ToArray()),
            cancellationToken);
        var index = Array.FindIndex(transactions, transaction => Quantity.Bytes(Quantity.Member(transaction, "hash")).AsSpan().SequenceEqual(anchor.TxHash));
        if (index < 0)
            throw new FormatException($"Block {Hex.Of(anchor.BlockHash)} does not have transaction {Hex.Of(anchor.TxHash)}. Is the bundle of this chain?");
        var receipts = await nodes.AskAsync(
            [.. transactions.Select(transaction => new RpcCall("eth_getTransactionReceipt", Quantity.Text(Quantity.Member(transaction, "hash"))))],
            answers => answers.Select(NodeBlock.Receipt).ToArray(), cancellationToken);
        return new CommitWitness(
            header.Encoded, index, Prove(transactions.Select(NodeBlock.Transaction), header.TransactionsRoot, index, "transactions"),
            Prove(receipts, header.ReceiptsRoot, index, "receipts"));
    }

    private async Task<StateWitness> StateAsync(ProofBundle bundle, CancellationToken cancellationToken)
    {
        var header = await nodes.AskAsync(new RpcCall("eth_getBlockByNumber", "latest", false), NodeBlock.Header, cancellationToken);
        var code = await nodes.AskAsync(new RpcCall("eth_getCode", Hex.Of(bundle.Ledger.Contract), Quantity.Of(header.Number)), Quantity.Bytes, cancellationToken);
        var storage = HealthLedgerStorage.OfCode(Keccak256.Hash(code))
            ?? throw new FormatException($"At {Hex.Of(bundle.Ledger.Contract)} is not the code of the ledger contract. Is the bundle of this chain?");
        var root = Hex.Of(storage.RootSlot(bundle.Ledger.Lane, bundle.Ledger.Number));
        string[] slots = bundle.Nullifier is { } nullifier ? [root, Hex.Of(storage.NullifierSlot(nullifier))] : [root];
        return await nodes.AskAsync(
            new RpcCall("eth_getProof", Hex.Of(bundle.Ledger.Contract), slots, Quantity.Of(header.Number)),
            proof =>
            {
                var proofs = Quantity.Items(Quantity.Member(proof, "storageProof")).Select(slot => Nodes(Quantity.Member(slot, "proof"))).ToArray();
                return proofs.Length == slots.Length
                    ? new StateWitness(header.Encoded, Nodes(Quantity.Member(proof, "accountProof")), proofs[0], proofs.ElementAtOrDefault(1))
                    : throw new FormatException("a proof of other slots");
            },
            cancellationToken);
    }

    private static IReadOnlyList<byte[]> Prove(IEnumerable<byte[]> items, byte[] root, int index, string what)
    {
        var trie = MerklePatriciaTrie.OfList([.. items]);
        return trie.Root.AsSpan().SequenceEqual(root)
            ? trie.Prove(Rlp.Number((ulong)index))
            : throw new FormatException($"The node's {what} do not give the root in their block's header. Ask another node.");
    }

    private static IReadOnlyList<byte[]> Nodes(JsonElement nodes) => [.. Quantity.Items(nodes).Select(node => Quantity.Bytes(node))];
}

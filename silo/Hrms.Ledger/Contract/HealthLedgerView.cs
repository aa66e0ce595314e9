using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Rpc;

namespace Hrms.Ledger.Contract;

/// <summary>
/// What a chain and the contract on it say, read through several nodes. Holds no key: the writer's adapter and the verifier both read
/// through it. All members throw <see cref="LedgerUnavailableException"/> when no node answers.
/// </summary>
public sealed class HealthLedgerView(NodePool nodes)
{
    /// <summary>Calls in one request: below every node's limit, of which Besu's is 1,024.</summary>
    private const int CallsMax = 500;

    /// <summary>A block of the chain, as far as proofs need it.</summary>
    public sealed record Block(long Number, byte[] Hash, DateTimeOffset Time);

    /// <summary>Where a transaction stands.</summary>
    public sealed record Receipt(bool Succeeded, long BlockNumber, byte[] BlockHash, Address? To);

    /// <summary>The chain's id and the hash of its first block.</summary>
    public Task<(ulong ChainId, byte[] GenesisHash)> ChainAsync(CancellationToken cancellationToken) => nodes.AskAsync(
        [new RpcCall("eth_chainId"), new RpcCall("eth_getBlockByNumber", "0x0", false)],
        results => (Quantity.Read(results[0]), Quantity.Bytes(Quantity.Member(results[1], "hash"), Keccak256.SizeBytes)), cancellationToken);

    /// <summary>The code at an address; empty when there is no contract.</summary>
    public Task<byte[]> CodeAsync(Address contract, CancellationToken cancellationToken) =>
        nodes.AskAsync(new RpcCall("eth_getCode", contract.ToString(), "latest"), Quantity.Bytes, cancellationToken);

    public Task<long> LastAsync(Address contract, int lane, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.Last(lane), AbiAnswer.Number, cancellationToken);

    public Task<byte[]> RootAsync(Address contract, int lane, long number, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.RootOf(lane, number), AbiAnswer.Bytes32, cancellationToken);

    public async Task<IReadOnlyList<byte[]>> RootsAsync(Address contract, int lane, IReadOnlyList<long> numbers, CancellationToken cancellationToken)
    {
        List<byte[]> roots = [];
        foreach (var some in numbers.Chunk(CallsMax))
            roots.AddRange(await nodes.AskAsync<byte[][]>(
                [.. some.Select(number => Call(contract, HealthLedgerCalls.RootOf(lane, number)))],
                answers => [.. answers.Select(answer => AbiAnswer.Bytes32(Quantity.Bytes(answer)))], cancellationToken));
        return roots;
    }

    /// <param name="path">The siblings, 32 bytes each, concatenated.</param>
    public Task<bool> IsAnchoredAsync(Address contract, byte[] leaf, byte[] path, int lane, long number, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.IsAnchored(leaf, path, lane, number), AbiAnswer.Boolean, cancellationToken);

    public Task<bool> IsRevokedAsync(Address contract, byte[] nullifier, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.IsRevoked(nullifier), AbiAnswer.Boolean, cancellationToken);

    public Task<bool> CheckConsentAsync(
        Address contract, byte[] leaf, byte[] path, int lane, long number, byte[] nullifier, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.CheckConsent(leaf, path, lane, number, nullifier), AbiAnswer.Boolean, cancellationToken);

    /// <summary>Whether a commit of the account would be taken, were the lane not paused.</summary>
    public Task<bool> IsWriterAsync(Address contract, int lane, Address account, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.IsWriter(lane, account), AbiAnswer.Boolean, cancellationToken);

    /// <summary>The lane's key, and the previous one with the time until which it still writes. Zero where there is none.</summary>
    public Task<(Address Writer, Address Previous, DateTimeOffset PreviousUntil)> WritersAsync(Address contract, int lane, CancellationToken cancellationToken) => ViewAsync(
        contract, HealthLedgerCalls.WritersOf(lane), words => words.Length == 3 * AbiCall.WordBytes
            ? (AbiAnswer.Address(words[..32]), AbiAnswer.Address(words[32..64]), DateTimeOffset.FromUnixTimeSeconds(AbiAnswer.Number(words[64..])))
            : throw new FormatException("three words expected"), cancellationToken);

    /// <summary>Whether the members have paused the lane.</summary>
    public Task<bool> IsPausedAsync(Address contract, int lane, CancellationToken cancellationToken) =>
        ViewAsync(contract, HealthLedgerCalls.IsPaused(lane), AbiAnswer.Boolean, cancellationToken);

    /// <summary>The same question to a <see cref="RoleLedger"/>.</summary>
    internal Task<bool> HasWriterRoleAsync(Address contract, int lane, Address account, CancellationToken cancellationToken) =>
        ViewAsync(contract, RoleLedger.HasRole(lane, account), AbiAnswer.Boolean, cancellationToken);

    /// <summary>The receipt of a transaction. Null only when no node that answers has one: a node may lag behind the others.</summary>
    public async Task<Receipt?> ReceiptAsync(byte[] transactionHash, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        var call = new RpcCall("eth_getTransactionReceipt", Hex.Of(transactionHash));
        foreach (var node in nodes.InOrder())
        {
            try
            {
                var answer = (await node.CallAsync([call], cancellationToken))[0];
                if (answer.Error is { } error)
                    throw new RpcErrorException(call.Method, node.Name, error);
                if (answer.Result.ValueKind == JsonValueKind.Null)
                    continue;
                var receipt = ReadReceipt(answer.Result, transactionHash);
                nodes.Prefer(node);     // its block's header is asked for next
                return receipt;
            }
            catch (Exception failure) when (failure is NodeFailureException or RpcErrorException or FormatException)
            {
                failures.Add(failure);
            }
        }
        return failures.Count < nodes.Nodes.Count ? null : throw NodePool.Unavailable(failures);
    }

    /// <summary>The block with a hash. A node that does not have it is passed over.</summary>
    public Task<Block> BlockAsync(byte[] hash, CancellationToken cancellationToken) => nodes.AskAsync(
        new RpcCall("eth_getBlockByHash", Hex.Of(hash), false),
        block => Quantity.Bytes(Quantity.Member(block, "hash"), Keccak256.SizeBytes).AsSpan().SequenceEqual(hash)
            ? new Block(Number(block, "number"), hash, DateTimeOffset.FromUnixTimeSeconds(Number(block, "timestamp")))
            : throw new FormatException("another block"),
        cancellationToken);

    /// <summary>Executes a call without a transaction, as an account would with so much gas.</summary>
    /// <exception cref="RpcErrorException">It would be reverted; the error says why.</exception>
    public Task TryAsync(Address contract, Address account, ulong gas, byte[] call, CancellationToken cancellationToken) => nodes.AskAsync(
        new RpcCall("eth_call", new { from = account.ToString(), to = contract.ToString(), data = Hex.Of(call), gas = Quantity.Of((long)gas) }, "latest"),
        result => Quantity.Bytes(result), cancellationToken);

    /// <summary>The data a transaction was sent with; null when the node knows no such transaction.</summary>
    public Task<byte[]?> InputAsync(byte[] transactionHash, CancellationToken cancellationToken) => nodes.AskAsync(
        new RpcCall("eth_getTransactionByHash", Hex.Of(transactionHash)),
        transaction => transaction.ValueKind == JsonValueKind.Null ? null : Quantity.Bytes(Quantity.Member(transaction, "input")), cancellationToken);

    private static Receipt ReadReceipt(JsonElement receipt, byte[] transactionHash)
    {
        if (!Quantity.Bytes(Quantity.Member(receipt, "transactionHash")).AsSpan().SequenceEqual(transactionHash))
            throw new FormatException("the receipt of another transaction");
        var succeeded = Quantity.Read(Quantity.Member(receipt, "status")) switch
        {
            0 => false,
            1 => true,
            var other => throw new FormatException($"{other} is no receipt's status"),
        };
        var to = Quantity.TryMember(receipt, "to", out var address) && address.ValueKind == JsonValueKind.String
            ? new Address(Quantity.Bytes(address, Address.SizeBytes))
            : (Address?)null;
        return new Receipt(succeeded, Number(receipt, "blockNumber"), Quantity.Bytes(Quantity.Member(receipt, "blockHash"), Keccak256.SizeBytes), to);
    }

    private static long Number(JsonElement value, string name) =>
        Quantity.Read(Quantity.Member(value, name)) is var number && number <= long.MaxValue
            ? (long)number
            : throw new FormatException($"'{name}' is out of range");

    private Task<T> ViewAsync<T>(Address contract, byte[] call, Func<byte[], T> read, CancellationToken cancellationToken) => nodes.AskAsync(
        Call(contract, call), result => read(Quantity.Bytes(result)), cancellationToken);

    private static RpcCall Call(Address contract, byte[] call) => new("eth_call", new { to = contract.ToString(), data = Hex.Of(call) }, "latest");
}

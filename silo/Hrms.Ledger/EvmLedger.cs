using Hrms.Domain.Ports;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>The ledger port over an EVM chain: Besu in a consortium, anvil in the embedded mode. Used by the lanes' writers.</summary>
internal sealed class EvmLedger(
    NodePool nodes, HealthLedgerView view, TransactionSender sender, Installation installation, ILaneKeys keys, BlockTimes blockTimes, IOptions<LedgerOptions> configured) : ILedger
{
    /// <summary>What the simplest transaction costs (yellow paper, appendix G).</summary>
    private const ulong FillerGas = 21_000;

    public Task<LedgerIdentity> IdentifyAsync(CancellationToken cancellationToken, int? lane) => installation.IdentifyAsync(lane, cancellationToken);

    public SignedCommit SignCommit(LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, ulong nonce)
    {
        var data = HealthLedgerCalls.Commit(OnLedger(lane), number, root, nullifiers);
        var gasLimit = CommitGas.Limit(nullifiers.Length / AbiCall.WordBytes);
        var (transaction, hash) = new LegacyTransaction(nonce, gasLimit, Contract(identity), data).Sign(keys.Lane(lane), identity.ChainId);
        return new SignedCommit(transaction, hash);
    }

    public SignedCommit SignFiller(LedgerIdentity identity, int lane, ulong nonce)
    {
        var key = keys.Lane(lane);
        var (transaction, hash) = new LegacyTransaction(nonce, FillerGas, key.Address, []).Sign(key, identity.ChainId);
        return new SignedCommit(transaction, hash);
    }

    public Task<LedgerIdentity> ReanchorAsync(CancellationToken cancellationToken) => installation.ReanchorAsync(cancellationToken);

    public Task BeginEpochAsync(LedgerIdentity identity, CancellationToken cancellationToken) => installation.BeginEpochAsync(identity, cancellationToken);

    public Task<SendHint> SendAsync(byte[] signedTransaction, CancellationToken cancellationToken, bool toAll) =>
        sender.SendAsync(signedTransaction, cancellationToken, toAll);

    public async Task<CommitReceipt?> ReceiptAsync(byte[] transactionHash, CancellationToken cancellationToken)
    {
        if (await view.ReceiptAsync(transactionHash, cancellationToken) is not { } receipt)
            return null;
        var time = await blockTimes.OfAsync(receipt.BlockHash, cancellationToken);
        return new CommitReceipt(receipt.Succeeded, receipt.BlockNumber, receipt.BlockHash, time);
    }

    public Task<long> LastNumberAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken) =>
        view.LastAsync(Contract(identity), OnLedger(lane), cancellationToken);

    public Task<byte[]> RootAsync(LedgerIdentity identity, int lane, long number, CancellationToken cancellationToken) =>
        view.RootAsync(Contract(identity), OnLedger(lane), number, cancellationToken);

    public Task<IReadOnlyList<byte[]>> RootsAsync(LedgerIdentity identity, int lane, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        view.RootsAsync(Contract(identity), OnLedger(lane), numbers, cancellationToken);

    public Task<ulong> NonceAsync(int lane, CancellationToken cancellationToken) => NonceAsync(lane, "pending", cancellationToken);

    public Task<ulong> MinedNonceAsync(int lane, CancellationToken cancellationToken) => NonceAsync(lane, "latest", cancellationToken);

    public async Task<LaneWriters?> WritersAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken)
    {
        if (await installation.IsOfRolesAsync(cancellationToken))
            return null;
        var (writer, previous, until) = await view.WritersAsync(Contract(identity), OnLedger(lane), cancellationToken);
        return new LaneWriters(keys.Lane(lane).Address.Bytes.ToArray(), Known(writer), Known(previous), Known(previous) is null ? null : until);

        static byte[]? Known(Address account) => account.Bytes.ContainsAnyExcept((byte)0) ? account.Bytes.ToArray() : null;
    }

    public async Task<string?> WhyRefusedAsync(
        LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, CancellationToken cancellationToken)
    {
        var gas = CommitGas.Limit(nullifiers.Length / AbiCall.WordBytes);
        try
        {
            await view.TryAsync(Contract(identity), keys.Lane(lane).Address, gas, HealthLedgerCalls.Commit(OnLedger(lane), number, root, nullifiers), cancellationToken);
            return null;
        }
        catch (RpcErrorException refusal)
        {
            return $"{refusal.Error} {refusal.Error.Data}".TrimEnd();
        }
    }

    /// <summary>The highest that any node tells: a node that lags behind would have us use a nonce twice.</summary>
    private async Task<ulong> NonceAsync(int lane, string block, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        ulong? highest = null;
        var call = new RpcCall("eth_getTransactionCount", keys.Lane(lane).Address.ToString(), block);
        foreach (var node in nodes.InOrder())
        {
            try
            {
                var answer = (await node.CallAsync([call], cancellationToken))[0];
                if (answer.Error is { } error)
                    throw new RpcErrorException(call.Method, node.Name, error);
                highest = Math.Max(highest ?? 0, Quantity.Read(answer.Result));
            }
            catch (Exception failure) when (failure is NodeFailureException or RpcErrorException or FormatException)
            {
                failures.Add(failure);
            }
        }
        return highest ?? throw NodePool.Unavailable(failures);
    }

    /// <summary>A member's lanes stand among those of the others.</summary>
    private int OnLedger(int lane) => configured.Value.FirstLane + lane;

    private static Address Contract(LedgerIdentity identity) => new(identity.ContractAddress);
}

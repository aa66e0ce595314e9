using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using System.Text.Json;

namespace Hrms.Ledger.Tests.Support;

/// <summary>Who calls a function of the contract in the tests of rights.</summary>
public enum Caller
{
    Writer0 = 1,
    Writer1 = 2,
    Administrator = 3,
    Stranger = 4,
}

/// <summary>A contract of its own, called by any of four accounts with real signed transactions.</summary>
internal sealed class ContractBench : IAsyncDisposable
{
    private readonly LedgerUnderTest _it;
    private readonly NodePool _nodes;
    private readonly SigningKey _stranger = new(Keccak256.Hash("stranger"u8));
    private LedgerIdentity? _identity;

    private ContractBench(IReadOnlyList<Uri> nodes) => (_it, _nodes) = (new LedgerUnderTest(nodes), new NodePool(nodes, TimeSpan.FromSeconds(20)));

    public ILedger Ledger => _it.Ledger;

    public HealthLedgerView View => _it.View;

    public LedgerIdentity Identity => _identity!;

    public Address Contract => _it.Contract;

    public static async Task<ContractBench> StartAsync(IReadOnlyList<Uri> nodes)
    {
        var bench = new ContractBench(nodes);
        bench._identity = await bench._it.Ledger.IdentifyAsync(LedgerUnderTest.Cancellation);
        return bench;
    }

    public ISigner Account(Caller caller) => caller switch
    {
        Caller.Writer0 => _it.Keys.Lane(0),
        Caller.Writer1 => _it.Keys.Lane(1),
        Caller.Administrator => _it.Keys.Administrator,
        _ => _stranger,
    };

    /// <summary>What the call would revert with: the selector of a custom error, or null when it would succeed.</summary>
    public async Task<byte[]?> RevertAsync(Caller caller, byte[] data)
    {
        try
        {
            var message = new { from = Account(caller).Address.ToString(), to = Contract.ToString(), data = Hex.Of(data) };
            await _nodes.AskAsync(new RpcCall("eth_call", message, "latest"), result => result, LedgerUnderTest.Cancellation);
            return null;
        }
        catch (RpcErrorException refusal) when (Hex.TryParse(refusal.Error.Data, out var revert) && revert.Length >= 4)
        {
            return revert[..4];
        }
    }

    /// <summary>Sends the call as a transaction and returns its receipt as the node wrote it.</summary>
    public async Task<(bool Succeeded, long GasUsed, JsonElement Receipt)> SendAsync(
        Caller caller, byte[] data, ulong gasLimit = 20_000_000, Address? to = null)
    {
        var account = Account(caller);
        var nonce = await _nodes.AskAsync(
            new RpcCall("eth_getTransactionCount", account.Address.ToString(), "pending"), Quantity.Read, LedgerUnderTest.Cancellation);
        var (bytes, hash) = new LegacyTransaction(nonce, gasLimit, to ?? Contract, data).Sign(account, Identity.ChainId);
        await _nodes.AskAsync(new RpcCall("eth_sendRawTransaction", Hex.Of(bytes)), result => result, LedgerUnderTest.Cancellation);
        while (true)
        {
            var receipt = await _nodes.AskAsync(new RpcCall("eth_getTransactionReceipt", Hex.Of(hash)), result => result, LedgerUnderTest.Cancellation);
            if (receipt.ValueKind == JsonValueKind.Object)
                return (Quantity.Read(receipt.GetProperty("status")) == 1, (long)Quantity.Read(receipt.GetProperty("gasUsed")), receipt);
        }
    }

    public static byte[] Error(string signature) => AbiCall.Selector(signature);

    public async ValueTask DisposeAsync()
    {
        _nodes.Dispose();
        await _it.DisposeAsync();
    }
}

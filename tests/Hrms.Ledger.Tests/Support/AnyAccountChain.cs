using System.Text;
using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A transaction that any account may send, signed by nobody.</summary>
internal sealed record AnyCall(Address From, Address To, byte[] Data);

/// <summary>What became of it: its place in the block, the block's time (seconds since 1970), and how many events it left.</summary>
internal sealed record Mined(bool Succeeded, long GasUsed, long Time, int Events, Address? Created);

/// <summary>
/// The private node of a test class, which takes transactions of any account without a key. It executes them as it does signed ones, so that ten
/// thousand calls cost no ten thousand signatures.
/// </summary>
internal sealed class AnyAccountChain : IDisposable
{
    private const string Gas = "0xe00000";

    /// <summary>Above any call but a deployment; a block has room for hundreds.</summary>
    private const string GasInABlock = "0x1e8480";
    private readonly NodePool _nodes;

    private AnyAccountChain(Uri node) => _nodes = new NodePool([node], TimeSpan.FromSeconds(60));

    public static async Task<AnyAccountChain> StartAsync(Uri node)
    {
        var chain = new AnyAccountChain(node);
        await chain.AskAsync("anvil_autoImpersonateAccount", true);
        return chain;
    }

    /// <summary>An account, the same for the same name.</summary>
    public static Address Account(string name) => new(Keccak256.Hash(Encoding.UTF8.GetBytes($"account {name}")).AsSpan(12));

    public Task<JsonElement> AskAsync(string method, params object[] parameters) =>
        _nodes.AskAsync(new RpcCall(method, parameters), result => result, LedgerUnderTest.Cancellation);

    /// <summary>Sends one transaction to a node that mines each.</summary>
    public async Task<Mined> SendAsync(Address from, Address? to, byte[] data) =>
        await ReceiptAsync(await AskAsync("eth_sendTransaction", Message(from, to, data)));

    /// <summary>Sends all, mines one block, and returns what became of each in the order in which the block has them.</summary>
    public async Task<IReadOnlyList<(AnyCall Call, Mined Result)>> MineAsync(IReadOnlyList<AnyCall> calls)
    {
        var nonces = await NoncesAsync([.. calls.Select(call => call.From).Distinct()]);
        RpcCall[] sends = [.. calls.Select(call => new RpcCall("eth_sendTransaction", new Dictionary<string, string>(Message(call.From, call.To, call.Data))
        {
            ["gas"] = GasInABlock, ["nonce"] = Quantity.Of((long)nonces[call.From]++),
        }))];
        var hashes = await _nodes.AskAsync(sends, results => results, LedgerUnderTest.Cancellation);
        await AskAsync("evm_mine");
        RpcCall[] asks = [.. hashes.Select(hash => new RpcCall("eth_getTransactionReceipt", hash))];
        var receipts = await _nodes.AskAsync(asks, results => results, LedgerUnderTest.Cancellation);
        var time = await TimeAsync();
        return [.. calls.Zip(receipts).OrderBy(one => Quantity.Read(one.Second.GetProperty("transactionIndex")))
            .Select(one => (one.First, Read(one.Second, time)))];
    }

    /// <summary>What each call would answer now: its data, or the selector of the error it reverts with.</summary>
    public async Task<IReadOnlyList<(byte[] Answer, byte[]? Error)>> CallAsync(IReadOnlyList<AnyCall> calls)
    {
        var answers = await _nodes.Nodes[0].CallAsync(
            [.. calls.Select(call => new RpcCall("eth_call", Message(call.From, call.To, call.Data), "latest"))], LedgerUnderTest.Cancellation);
        return [.. answers.Select(answer => answer.Error is { } error ? ([], Selector(error)) : (Quantity.Bytes(answer.Result), (byte[]?)null))];
    }

    public async Task<(byte[] Answer, byte[]? Error)> CallAsync(Address from, Address to, byte[] data) => (await CallAsync([new AnyCall(from, to, data)]))[0];

    /// <summary>The time of the newest block, in seconds since 1970.</summary>
    public async Task<long> TimeAsync() => (long)Quantity.Read((await AskAsync("eth_getBlockByNumber", "latest", false)).GetProperty("timestamp"));

    /// <summary>Mines an empty block so much later.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        await AskAsync("evm_increaseTime", (long)time.TotalSeconds);
        await AskAsync("evm_mine");
    }

    public void Dispose() => _nodes.Dispose();

    private async Task<Dictionary<Address, ulong>> NoncesAsync(Address[] accounts)
    {
        RpcCall[] asks = [.. accounts.Select(account => new RpcCall("eth_getTransactionCount", account.ToString(), "latest"))];
        var counts = await _nodes.AskAsync(asks, results => results.Select(Quantity.Read).ToArray(), LedgerUnderTest.Cancellation);
        return accounts.Zip(counts).ToDictionary(one => one.First, one => one.Second);
    }

    private async Task<Mined> ReceiptAsync(JsonElement hash)
    {
        while (true)        // the node answers a send before it has mined it
        {
            var receipt = await AskAsync("eth_getTransactionReceipt", hash);
            if (receipt.ValueKind == JsonValueKind.Object)
                return Read(receipt, await TimeAsync());
        }
    }

    private static Mined Read(JsonElement receipt, long time) => new(
        Quantity.Read(receipt.GetProperty("status")) == 1, (long)Quantity.Read(receipt.GetProperty("gasUsed")), time,
        receipt.GetProperty("logs").GetArrayLength(),
        receipt.TryGetProperty("contractAddress", out var created) && Address.TryParse(created.GetString(), out var address) ? address : null);

    private static byte[] Selector(RpcError error) => Hex.TryParse(error.Data, out var data) && data.Length >= 4 ? data[..4] : [];

    private static Dictionary<string, string> Message(Address from, Address? to, byte[] data)
    {
        Dictionary<string, string> message = new() { ["from"] = from.ToString(), ["data"] = Hex.Of(data), ["gas"] = Gas, ["gasPrice"] = "0x0" };
        if (to is { } contract)
            message["to"] = contract.ToString();
        return message;
    }
}

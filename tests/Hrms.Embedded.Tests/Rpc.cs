using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Hrms.Embedded.Tests;

/// <summary>JSON-RPC calls to a node that only these tests use.</summary>
internal static class Rpc
{
    private const string Sender = "0x1000000000000000000000000000000000000001";
    private static readonly HttpClient Http = new();

    public static async Task<JsonNode?> CallAsync(Uri node, string method, params JsonNode?[] arguments)
    {
        var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(arguments) };
        using var answer = await Http.PostAsJsonAsync(node, call);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Null(body["error"]?.ToJsonString());
        return body["result"];
    }

    public static async Task<long> NumberAsync(Uri node, string method, params JsonNode?[] arguments) =>
        Convert.ToInt64((string)(await CallAsync(node, method, arguments))!, 16);

    /// <summary>Deploys a contract that keeps 42 in its first slot, at no gas price, and returns the hash of the mined transaction.</summary>
    public static async Task<string> DeployAsync(Uri node)
    {
        await CallAsync(node, "anvil_impersonateAccount", Sender);
        var transaction = new JsonObject
        {
            ["from"] = Sender,
            ["gas"] = "0x100000",
            ["gasPrice"] = "0x0",
            ["data"] = "0x602a6000556001601160003960016000f300",     // SSTORE(0, 42); return one byte of code
        };
        var hash = (string)(await CallAsync(node, "eth_sendTransaction", transaction))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await ReceiptAsync(node, hash) is null)
            await Task.Delay(10, limit.Token);
        return hash;
    }

    /// <summary>Null when the node doesn't know the transaction.</summary>
    public static async Task<JsonObject?> ReceiptAsync(Uri node, string hash)
    {
        if (await CallAsync(node, "eth_getTransactionReceipt", hash) is JsonObject receipt)
            return receipt;
        return null;
    }
}

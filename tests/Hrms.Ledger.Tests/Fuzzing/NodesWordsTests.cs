using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Following;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;
using static Hrms.TestKit.Fuzzing.ParserFuzz;

namespace Hrms.Ledger.Tests.Fuzzing;

/// <summary>Whatever a node answers, it is an answer or it is none, in the two ways in which a caller expects to be told; never anything else.</summary>
[Trait("Fault", "F09")]
public sealed class NodesWordsTests(ITestOutputHelper output)
{
    private static readonly string Hash = Hex.Of(Enumerable.Repeat((byte)7, 32).ToArray()), Account = Hex.Of(Enumerable.Repeat((byte)9, 20).ToArray());

    [Fact]
    public void Answers() => Run(
        output, [Utf8("""{"jsonrpc":"2.0","id":5,"result":{"a":["0x1",null,{"b":true}]}}"""), Utf8("""{"jsonrpc":"2.0","id":5,"error":{"code":-32000,"message":"nonce too low","data":"0x08c379a0"}}""")],
        body => RpcWire.Read(body, 1, 5).Count == 1, NoAnswer);

    [Fact]
    public void AnswersToABatch() => Run(
        output, [Utf8("""[{"jsonrpc":"2.0","id":6,"result":"0x"},{"jsonrpc":"2.0","id":5,"result":null},{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}]""")],
        body => RpcWire.Read(body, 3, 5).Count == 3, NoAnswer);

    [Fact]
    public void Quantities() => Run(
        output, [Utf8("\"0x1f\""), Utf8("\"0x0\""), Utf8($"\"{Hash}\"")],
        json =>
        {
            var value = Value(json);
            return AsSaid(() => Quantity.Read(value)) | AsSaid(() => Quantity.Bytes(value)) | AsSaid(() => AbiAnswer.Number(Quantity.Bytes(value))) | AsSaid(() => AbiAnswer.Boolean(Quantity.Bytes(value)))
                | AsSaid(() => AbiAnswer.Address(Quantity.Bytes(value)));
        },
        typeof(FormatException), typeof(JsonException));

    [Fact]
    public void Events()
    {
        Assert.True(Address.TryParse(Account, out var contract));
        var committed = Hex.Of(Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(EventLog.CommittedSignature)));
        var word = Hex.Of([.. new byte[31], 3]);
        var log = $$"""{"address":"{{Account}}","topics":["{{committed}}","{{word}}","{{word}}"],"data":"{{Hash}}","blockNumber":"0x5","blockHash":"{{Hash}}","transactionIndex":"0x0","logIndex":"0x1","removed":false}""";
        Run(output, [Utf8($"[{log}]"), Utf8($"[{log},{log}]"), Utf8("[]")], json => EventLog.Read(Value(json), contract, 1, 9) is not null, typeof(FormatException), typeof(JsonException));
    }

    [Fact]
    public void BlocksTransactionsAndReceipts()
    {
        var receipt = $$"""{"type":"0x2","status":"0x1","cumulativeGasUsed":"0x5208","logsBloom":"0x{{new string('0', 512)}}","logs":[{"address":"{{Account}}","topics":["{{Hash}}"],"data":"0x00"}]}""";
        var transaction = $$"""{"type":"0x1","chainId":"0x1","nonce":"0x1","gasPrice":"0x0","gas":"0x5208","to":"{{Account}}","value":"0x0","input":"0x00","accessList":[{"address":"{{Account}}","storageKeys":["{{Hash}}"]}],"v":"0x0","r":"0x1","s":"0x1"}""";
        Run(
            output, [Utf8(receipt), Utf8(transaction)],
            json =>
            {
                var value = Value(json);
                _ = AsSaid(() => NodeBlock.Header(value));
                return AsSaid(() => NodeBlock.Receipt(value)) | AsSaid(() => NodeBlock.Transaction(value));
            },
            typeof(FormatException), typeof(JsonException));
    }

    private static Type[] NoAnswer => [typeof(JsonException), typeof(InvalidDataException)];

    private static JsonElement Value(byte[] json) => JsonElement.Parse(json);

    /// <summary>False: refused, as a caller expects it.</summary>
    private static bool AsSaid<T>(Func<T> read)
    {
        try
        {
            return read() is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Rpc;

namespace Hrms.Ledger.Proofs;

/// <summary>
/// Headers, transactions and receipts that a node shows as JSON, encoded as their block hashes them (yellow paper, section 4; EIP-2718, EIP-2930, EIP-1559).
/// Anything unknown is a <see cref="FormatException"/>.
/// </summary>
internal static class NodeBlock
{
    private static readonly string[] HeaderFields =
    [
        "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty", "number", "gasLimit", "gasUsed",
        "timestamp", "extraData", "mixHash", "nonce",
    ];

    /// <summary>Fields that later rules appended, in their order: London, Shanghai, Cancun (three), Prague.</summary>
    private static readonly string[] LaterFields =
        ["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"];

    private static readonly HashSet<string> Numbers =
    [
        "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas", "blobGasUsed", "excessBlobGas", "chainId", "gas", "gasPrice",
        "maxFeePerGas", "maxPriorityFeePerGas", "value", "v", "r", "s", "yParity", "cumulativeGasUsed", "status",
    ];

    /// <summary>The header; its hash, with seals or without, is the one that the node names.</summary>
    public static BlockHeader Header(JsonElement block)
    {
        var fields = HeaderFields.Concat(LaterFields.Where(field => Quantity.TryMember(block, field, out var value) && value.ValueKind == JsonValueKind.String));
        var header = BlockHeader.Read(Rlp.List([.. fields.Select(field => Field(block, field))]));
        var named = Quantity.Bytes(Quantity.Member(block, "hash"), Keccak256.SizeBytes);
        return Hashes(header).Any(hash => hash.AsSpan().SequenceEqual(named)) ? header : throw new FormatException("the fields of a block do not give its hash");
    }

    public static byte[] Transaction(JsonElement transaction)
    {
        string[] signature = ["v", "r", "s"];
        return Type(transaction) switch
        {
            0 => Fields(["nonce", "gasPrice", "gas", "to", "value", "input", .. signature]),
            1 => [1, .. Fields(["chainId", "nonce", "gasPrice", "gas", "to", "value", "input", "accessList", .. signature])],
            2 => [2, .. Fields(["chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "input", "accessList", .. signature])],
            var other => throw new FormatException($"a transaction of type {other}, which this program can't encode"),
        };

        byte[] Fields(string[] names) => Rlp.List([.. names.Select(name => name switch
        {
            "nonce" => Rlp.Number(Quantity.Read(Quantity.Member(transaction, name))),
            "to" when Quantity.TryMember(transaction, "to", out var to) && to.ValueKind == JsonValueKind.Null => Rlp.Bytes([]),
            "accessList" => AccessList(Quantity.Member(transaction, name)),
            _ => Field(transaction, name),
        })]);
    }

    public static byte[] Receipt(JsonElement receipt)
    {
        var logs = Quantity.Items(Quantity.Member(receipt, "logs")).Select(log => Rlp.List(
            Field(log, "address"), Rlp.List([.. Quantity.Items(Quantity.Member(log, "topics")).Select(topic => Rlp.Bytes(Quantity.Bytes(topic)))]), Field(log, "data")));
        var encoded = Rlp.List(Field(receipt, "status"), Field(receipt, "cumulativeGasUsed"), Field(receipt, "logsBloom"), Rlp.List([.. logs]));
        return Type(receipt) is > 0 and var type ? [(byte)type, .. encoded] : encoded;
    }

    private static IEnumerable<byte[]> Hashes(BlockHeader header)
    {
        yield return header.Hash();
        foreach (var consensus in Enum.GetValues<Consensus>())
        {
            byte[] hash;
            try
            {
                hash = SealedHeader.Read(header, consensus).Hash();
            }
            catch (FormatException)
            {
                continue;
            }
            yield return hash;
        }
    }

    private static byte[] AccessList(JsonElement list) => Rlp.List([.. Quantity.Items(list).Select(entry => Rlp.List(
        Field(entry, "address"), Rlp.List([.. Quantity.Items(Quantity.Member(entry, "storageKeys")).Select(key => Rlp.Bytes(Quantity.Bytes(key)))])))]);

    private static ulong Type(JsonElement value) => Quantity.TryMember(value, "type", out var type) ? Quantity.Read(type) : 0;

    private static byte[] Field(JsonElement value, string name) =>
        Numbers.Contains(name) ? Rlp.Number(Number(Quantity.Member(value, name))) : Rlp.Bytes(Quantity.Bytes(Quantity.Member(value, name)));

    /// <summary>A number of up to 256 bits, big-endian.</summary>
    private static byte[] Number(JsonElement value)
    {
        var text = Quantity.Text(value);
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : "";
        return digits.Length > 0 && Hex.TryParse("0x" + (digits.Length % 2 == 0 ? "" : "0") + digits.ToLowerInvariant(), out var bytes)
            ? bytes
            : throw new FormatException("not a quantity");
    }
}

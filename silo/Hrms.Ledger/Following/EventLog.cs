using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Following;

/// <summary>Reads the contract's events as a node lists them (Ethereum JSON-RPC, eth_getLogs). A list that is not what was asked for is a <see cref="FormatException"/>.</summary>
internal static class EventLog
{
    public const string CommittedSignature = "Committed(uint32,uint64,bytes32)";
    public const string NullifiedSignature = "Nullified(bytes32)";
    private static readonly byte[] Committed = Topic(CommittedSignature);
    private static readonly byte[] Nullified = Topic(NullifiedSignature);

    /// <summary>All events of the contract in some blocks, the two kinds that a follower keeps.</summary>
    public static RpcCall Ask(Address contract, long from, long through) => new("eth_getLogs", new
    {
        address = contract.ToString(),
        fromBlock = Quantity.Of(from),
        toBlock = Quantity.Of(through),
        topics = new[] { new[] { Hex.Of(Committed), Hex.Of(Nullified) } },
    });

    /// <summary>In the order of the chain.</summary>
    public static IReadOnlyList<LedgerEvent> Read(JsonElement logs, Address contract, long from, long through) =>
        logs.ValueKind == JsonValueKind.Array
            ? [.. logs.EnumerateArray().Select(log => ReadOne(log, contract, from, through)).OrderBy(log => log.Place.BlockNumber).ThenBy(log => log.Place.LogIndex)]
            : throw new FormatException("no list of events");

    private static LedgerEvent ReadOne(JsonElement log, Address contract, long from, long through)
    {
        if (new Address(Quantity.Bytes(Quantity.Member(log, "address"), Address.SizeBytes)) != contract)
            throw new FormatException("an event of another contract");
        if (log.TryGetProperty("removed", out var removed) && removed.ValueKind == JsonValueKind.True)
            throw new FormatException("an event that was taken back");
        var place = new EventPlace(
            Number(log, "blockNumber"), Quantity.Bytes(Quantity.Member(log, "blockHash"), Keccak256.SizeBytes), (int)Number(log, "transactionIndex"), (int)Number(log, "logIndex"));
        if (place.BlockNumber < from || place.BlockNumber > through)
            throw new FormatException("an event of another block");
        var topics = Quantity.Items(Quantity.Member(log, "topics")).Select(topic => Quantity.Bytes(topic, AbiCall.WordBytes)).ToArray();
        return topics switch
        {
            [var kind, var lane, var number] when kind.AsSpan().SequenceEqual(Committed) => new BatchAnchored(
                place, Word(lane, uint.MaxValue), Word(number, long.MaxValue), Quantity.Bytes(Quantity.Member(log, "data"), AbiCall.WordBytes)),
            [var kind, var nullifier] when kind.AsSpan().SequenceEqual(Nullified) => new NullifierPublished(place, nullifier),
            _ => throw new FormatException("an event that was not asked for"),
        };
    }

    private static long Number(JsonElement log, string name) =>
        Quantity.Read(Quantity.Member(log, name)) is var number && number <= int.MaxValue ? (long)number : throw new FormatException($"'{name}' is out of range");

    private static long Word(byte[] word, long max) =>
        !word.AsSpan(0, 24).ContainsAnyExcept((byte)0) && BinaryPrimitives.ReadUInt64BigEndian(word.AsSpan(24)) is var number && number <= (ulong)max
            ? (long)number
            : throw new FormatException("a number out of range");

    private static byte[] Topic(string signature) => Keccak256.Hash(Encoding.ASCII.GetBytes(signature));
}

using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Following;

/// <summary>
/// Reads all lanes of the contract. Every node is asked for its newest block, so that one that has stalled holds nobody up; a page comes from one node whole, since
/// a node that lags behind lists the events of blocks that it does not have as none.
/// </summary>
internal sealed class EvmLedgerEvents(NodePool nodes, Installation installation) : ILedgerEvents
{
    /// <summary>Below the range that nodes allow (Besu: 5,000 blocks).</summary>
    private const int BlocksMax = 2_000;

    /// <summary>Below the calls that a node takes in one request (Besu: 1,024).</summary>
    private const int CallsEach = 500;

    // Busy blocks have more events than a node tells, or than is read of it, in one answer: halved when one does not come, doubled when it does.
    private int _blocksEach = BlocksMax;

    public Task<LedgerIdentity?> KnownAsync(CancellationToken cancellationToken) => installation.KnownAsync(cancellationToken);

    public Task<LedgerIdentity?> IdentifyAsync(CancellationToken cancellationToken) => installation.CompareChainAsync(cancellationToken);

    public async Task<FollowPage> ReadAsync(LedgerIdentity identity, ChainBlock? after, CancellationToken cancellationToken)
    {
        var (heads, failures) = await HeadsAsync(cancellationToken);
        var behind = false;
        foreach (var (node, head) in heads)
        {
            if (after is not null && head.Number < after.Number)
            {
                behind = true;
                continue;
            }
            try
            {
                var page = await PageAsync(node, head, new Address(identity.ContractAddress), after, _blocksEach, cancellationToken);
                _blocksEach = Math.Min(BlocksMax, _blocksEach * 2);
                return page;
            }
            catch (Exception failure) when (failure is NodeFailureException or RpcErrorException or FormatException)
            {
                _blocksEach = Math.Max(1, _blocksEach / 2);
                failures.Add(failure);
            }
        }
        return behind ? new FollowPage(FollowKind.Behind, after, false, []) : throw NodePool.Unavailable(failures);
    }

    public Task<IReadOnlyList<long>> LastNumbersAsync(LedgerIdentity identity, IReadOnlyList<long> lanes, ChainBlock at, CancellationToken cancellationToken) =>
        AskAsync(identity, [.. lanes.Select(HealthLedgerCalls.Last)], at, AbiAnswer.Number, cancellationToken);

    public Task<IReadOnlyList<byte[]>> ValidatorsAsync(CancellationToken cancellationToken) =>
        nodes.AskAsync(Header("latest"), block => ValidatorsOf(Quantity.Bytes(Quantity.Member(block, "extraData"))), cancellationToken);

    public async Task<bool> CheckConsentAsync(
        LedgerIdentity identity, byte[] leaf, IReadOnlyList<byte[]> path, long lane, long number, byte[] nullifier, ChainBlock at, CancellationToken cancellationToken) =>
        (await AskAsync(
            identity, [HealthLedgerCalls.CheckConsent(leaf, [.. path.SelectMany(sibling => sibling)], lane, number, nullifier)], at, AbiAnswer.Boolean, cancellationToken))[0];

    /// <summary>The nodes that answer, the one that is furthest first, and what the others said.</summary>
    private async Task<(List<(RpcNode Node, ChainBlock Head)> Heads, List<Exception> Failures)> HeadsAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        var asked = await Task.WhenAll(nodes.InOrder().Select(async node =>
        {
            try
            {
                return (Node: node, Head: Block((await AskAsync(node, [Header("latest")], cancellationToken))[0]));
            }
            catch (Exception failure) when (failure is NodeFailureException or RpcErrorException or FormatException)
            {
                lock (failures)
                    failures.Add(failure);
                return (Node: node, Head: (ChainBlock?)null);
            }
        }));
        return ([.. asked.Where(one => one.Head is not null).OrderByDescending(one => one.Head!.Number).Select(one => (one.Node, one.Head!))], failures);
    }

    private static async Task<FollowPage> PageAsync(RpcNode node, ChainBlock head, Address contract, ChainBlock? after, int blocks, CancellationToken cancellationToken)
    {
        var from = after is null ? 0 : after.Number + 1;
        var through = Math.Min(head.Number, from + blocks - 1);
        if (after is not null && Block((await AskAsync(node, [Header(Quantity.Of(after.Number))], cancellationToken))[0]) is var known && !known.Hash.AsSpan().SequenceEqual(after.Hash))
            return new FollowPage(FollowKind.OtherChain, known, false, []);
        if (after is not null && through < from)
            return new FollowPage(FollowKind.Next, after, true, []);
        var answers = await AskAsync(node, [Header(Quantity.Of(through)), EventLog.Ask(contract, from, through)], cancellationToken);
        var events = EventLog.Read(answers[1], contract, from, through);
        await CompareAsync(node, contract, events, cancellationToken);
        return new FollowPage(FollowKind.Next, Block(answers[0]), through == head.Number, events);
    }

    /// <summary>What is told in events is what the contract holds: a root never changes, a nullifier never comes back.</summary>
    private static async Task CompareAsync(RpcNode node, Address contract, IReadOnlyList<LedgerEvent> events, CancellationToken cancellationToken)
    {
        foreach (var part in events.Chunk(CallsEach))
        {
            var answers = await AskAsync(node, [.. part.Select(told => View(contract, Question(told), "latest"))], cancellationToken);
            foreach (var (told, answer) in part.Zip(answers))
                if (!Agrees(told, Quantity.Bytes(answer)))
                    throw new LedgerDisagreesException($"{node.Name} lists an event in block {told.Place.BlockNumber} that the contract's own views contradict.");
        }
    }

    private static IReadOnlyList<byte[]> ValidatorsOf(byte[] extraData)
    {
        foreach (var consensus in (Consensus[])[Consensus.Qbft, Consensus.Ibft2])
        {
            try
            {
                return ValidatorExtraData.Read(consensus, extraData).Validators;
            }
            catch (FormatException)
            {
                // Of the other consensus, or of none.
            }
        }
        return [];
    }

    private static byte[] Question(LedgerEvent told) => told switch
    {
        BatchAnchored batch => HealthLedgerCalls.RootOf(batch.Lane, batch.Number),
        NullifierPublished published => HealthLedgerCalls.IsRevoked(published.Nullifier),
        _ => throw new InvalidOperationException($"No view tells of {told.GetType().Name}."),
    };

    private static bool Agrees(LedgerEvent told, byte[] answer) =>
        told is BatchAnchored batch ? AbiAnswer.Bytes32(answer).AsSpan().SequenceEqual(batch.Root) : AbiAnswer.Boolean(answer);

    /// <summary>Views as of a block, from the first node that has its state still.</summary>
    private async Task<IReadOnlyList<T>> AskAsync<T>(
        LedgerIdentity identity, IReadOnlyList<byte[]> questions, ChainBlock at, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (var node in nodes.InOrder())
        {
            try
            {
                List<T> all = [];
                foreach (var part in questions.Chunk(CallsEach))
                {
                    var calls = part.Select(question => View(new Address(identity.ContractAddress), question, Quantity.Of(at.Number)));
                    var answers = await AskAsync(node, [Header(Quantity.Of(at.Number)), .. calls], cancellationToken);
                    if (!Block(answers[0]).Hash.AsSpan().SequenceEqual(at.Hash))
                        throw new LedgerDisagreesException($"{node.Name} has another block {at.Number} than the one that was followed.");
                    all.AddRange(answers.Skip(1).Select(answer => read(Quantity.Bytes(answer))));
                }
                nodes.Prefer(node);
                return all;
            }
            catch (Exception failure) when (failure is NodeFailureException or RpcErrorException or FormatException)
            {
                failures.Add(failure);
            }
        }
        throw NodePool.Unavailable(failures);
    }

    private static async Task<IReadOnlyList<JsonElement>> AskAsync(RpcNode node, IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var answers = await node.CallAsync(calls, cancellationToken);
        for (var i = 0; i < answers.Count; i++)
            if (answers[i].Error is { } error)
                throw new RpcErrorException(calls[i].Method, node.Name, error);
        return [.. answers.Select(answer => answer.Result)];
    }

    private static RpcCall Header(string block) => new("eth_getBlockByNumber", block, false);

    private static RpcCall View(Address contract, byte[] call, string block) => new("eth_call", new { to = contract.ToString(), data = Hex.Of(call) }, block);

    private static ChainBlock Block(JsonElement block) => new(
        Number(block, "number"), Quantity.Bytes(Quantity.Member(block, "hash"), Keccak256.SizeBytes), DateTimeOffset.FromUnixTimeSeconds(Number(block, "timestamp")));

    private static long Number(JsonElement block, string name) =>
        Quantity.Read(Quantity.Member(block, name)) is var number && number <= long.MaxValue / 2 ? (long)number : throw new FormatException($"'{name}' is out of range");
}

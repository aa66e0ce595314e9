using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Governance;

/// <summary>The contracts of one deployment.</summary>
public sealed record ConsortiumContracts(Address Consortium, Address Ledger, Address PatientKeys);

/// <summary>A proposal: until when it can be decided, whether it is done, and how many of today's members approve.</summary>
public sealed record Proposal(ulong Number, DateTimeOffset Deadline, bool IsExecuted, long Approvals);

/// <summary>A lane as the members see it.</summary>
public sealed record LaneOwnership(int Lane, Address Member, Address Writer, Address Previous, DateTimeOffset PreviousUntil, bool IsPaused, long Last);

/// <summary>
/// What a member of the consortium decides and does, by the member's own account. Used by an operator's program beside the member's key, never by a silo: a key that
/// writes never administers. A refusal of the contract is a <see cref="ConsortiumRefusedException"/> that names the contract's error; nothing is sent then.
/// </summary>
public sealed class ConsortiumClient(NodePool nodes, Address consortium)
{
    private const ulong DeployGas = 8_000_000;
    private const ulong CallGas = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly HealthLedgerView _view = new(nodes);

    public ConsortiumContracts Contracts { get; } = new(consortium, ConsortiumCalls.LedgerOf(consortium), ConsortiumCalls.PatientKeysOf(consortium));

    /// <summary>Deploys a consortium with its ledger. Anybody may: who deploys it has no rights in it.</summary>
    public static async Task<ConsortiumClient> DeployAsync(NodePool nodes, ISigner deployer, IReadOnlyList<Address> founders, CancellationToken cancellationToken)
    {
        var nonce = await NonceAsync(nodes, deployer.Address, cancellationToken);
        var client = new ConsortiumClient(nodes, Address.OfContract(deployer.Address, nonce));
        await client.SendAsync(deployer, null, DeployGas, ConsortiumCalls.Deployment([.. founders]), nonce, cancellationToken);
        return client;
    }

    /// <summary>Proposes that an account becomes a member.</summary>
    public Task<Proposal> AdmitAsync(ISigner member, Address account, CancellationToken cancellationToken) =>
        ProposeAsync(member, new AbiCall("admit(address)").Address(account).Encode(), cancellationToken);

    /// <summary>Proposes that a membership ends; the member's lanes lose their keys.</summary>
    public Task<Proposal> RemoveAsync(ISigner member, Address account, CancellationToken cancellationToken) =>
        ProposeAsync(member, new AbiCall("remove(address)").Address(account).Encode(), cancellationToken);

    /// <summary>Proposes whose a lane is, and its first key; null when the owner brings it by <see cref="RotateAsync"/>.</summary>
    public Task<Proposal> AssignAsync(ISigner member, int lane, Address owner, Address? writer, CancellationToken cancellationToken) =>
        ProposeAsync(member, ConsortiumCalls.AssignLane(lane, owner, writer ?? new Address(new byte[Address.SizeBytes])), cancellationToken);

    /// <summary>Proposes that a lane takes no batches, or takes them again.</summary>
    public Task<Proposal> PauseAsync(ISigner member, int lane, bool paused, CancellationToken cancellationToken) =>
        ProposeAsync(member, new AbiCall(paused ? "pauseLane(uint32)" : "resumeLane(uint32)").Number((uint)lane).Encode(), cancellationToken);

    /// <summary>Approves a proposal, and does it when that makes a majority.</summary>
    public async Task<Proposal> ApproveAsync(ISigner member, ulong proposal, CancellationToken cancellationToken)
    {
        await CallAsync(member, new AbiCall("approve(uint256)").Number(proposal).Encode(), cancellationToken);
        return await ProposalAsync(proposal, cancellationToken);
    }

    /// <summary>Replaces the key of a lane of the member's own. The key before still writes for the overlap; with none it ends at once.</summary>
    public Task RotateAsync(ISigner member, int lane, Address writer, uint overlapSeconds, CancellationToken cancellationToken) => CallAsync(
        member, new AbiCall("rotateWriter(uint32,address,uint32)").Number((uint)lane).Address(writer).Number(overlapSeconds).Encode(), cancellationToken);

    /// <exception cref="ConsortiumRefusedException">There is no consortium at the address: one always has a member.</exception>
    public async Task<IReadOnlyList<Address>> MembersAsync(CancellationToken cancellationToken) =>
        List(await ViewAsync(new AbiCall("members()").Encode(), cancellationToken)).Select(AbiAnswer.Address).ToList() is { Count: > 0 } members
            ? members
            : throw new ConsortiumRefusedException($"There is no consortium at {consortium} on the node's chain.");

    /// <summary>The lanes of all members, in order.</summary>
    public async Task<IReadOnlyList<LaneOwnership>> LanesAsync(CancellationToken cancellationToken)
    {
        List<LaneOwnership> lanes = [];
        foreach (var member in await MembersAsync(cancellationToken))
            foreach (var lane in List(await ViewAsync(new AbiCall("lanesOf(address)").Address(member).Encode(), cancellationToken)).Select(AbiAnswer.Number))
            {
                var (writer, previous, until) = await _view.WritersAsync(Contracts.Ledger, (int)lane, cancellationToken);
                lanes.Add(new LaneOwnership(
                    (int)lane, member, writer, previous, until, await _view.IsPausedAsync(Contracts.Ledger, (int)lane, cancellationToken),
                    await _view.LastAsync(Contracts.Ledger, (int)lane, cancellationToken)));
            }
        return [.. lanes.OrderBy(lane => lane.Lane)];
    }

    public async Task<Proposal> ProposalAsync(ulong number, CancellationToken cancellationToken)
    {
        var words = (await ViewAsync(new AbiCall("proposalOf(uint256)").Number(number).Encode(), cancellationToken)).Chunk(AbiCall.WordBytes).ToArray();
        return new Proposal(number, DateTimeOffset.FromUnixTimeSeconds(AbiAnswer.Number(words[1])), AbiAnswer.Boolean(words[2]), AbiAnswer.Number(words[3]));
    }

    private async Task<Proposal> ProposeAsync(ISigner member, byte[] action, CancellationToken cancellationToken)
    {
        var number = (ulong)AbiAnswer.Number(await CallAsync(member, ConsortiumCalls.Propose(action), cancellationToken));
        return await ProposalAsync(number, cancellationToken);
    }

    /// <returns>What the call answered when it was tried before it was sent.</returns>
    private async Task<byte[]> CallAsync(ISigner member, byte[] call, CancellationToken cancellationToken)
    {
        var answer = await TryAsync(member.Address, call, cancellationToken);
        await SendAsync(member, consortium, CallGas, call, await NonceAsync(nodes, member.Address, cancellationToken), cancellationToken);
        return answer;
    }

    private async Task<byte[]> TryAsync(Address account, byte[] call, CancellationToken cancellationToken)
    {
        try
        {
            return await nodes.AskAsync(
                new RpcCall("eth_call", new { from = account.ToString(), to = consortium.ToString(), data = Hex.Of(call), gas = Quantity.Of((long)CallGas) }, "latest"),
                Quantity.Bytes, cancellationToken);
        }
        catch (RpcErrorException refusal)
        {
            throw new ConsortiumRefusedException(ContractErrors.NameOf(refusal.Error.Data) is { } name
                ? $"The contract refuses it: {name}. See contracts/ledger/ERRORS.md."
                : $"The contract refuses it: {refusal.Error} {refusal.Error.Data}", refusal);
        }
    }

    private async Task SendAsync(ISigner signer, Address? to, ulong gas, byte[] data, ulong nonce, CancellationToken cancellationToken)
    {
        var (chainId, _) = await _view.ChainAsync(cancellationToken);
        var (transaction, hash) = new LegacyTransaction(nonce, gas, to, data).Sign(signer, chainId);
        await nodes.AskAsync(new RpcCall("eth_sendRawTransaction", Hex.Of(transaction)), Quantity.Bytes, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (await _view.ReceiptAsync(hash, cancellationToken) is { } receipt)
            {
                if (!receipt.Succeeded)
                    throw new ConsortiumRefusedException($"Transaction {Hex.Of(hash)} was mined and failed: something changed between the try and the block. Look, and try again.");
                return;
            }
            if (patience.IsCancellationRequested)
                throw new LedgerUnavailableException($"Transaction {Hex.Of(hash)} is in no block after {Patience.TotalSeconds:0} s. Look whether it is later, before you try again.");
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private Task<byte[]> ViewAsync(byte[] call, CancellationToken cancellationToken) => nodes.AskAsync(
        new RpcCall("eth_call", new { to = consortium.ToString(), data = Hex.Of(call) }, "latest"), Quantity.Bytes, cancellationToken);

    private static Task<ulong> NonceAsync(NodePool nodes, Address account, CancellationToken cancellationToken) =>
        nodes.AskAsync(new RpcCall("eth_getTransactionCount", account.ToString(), "pending"), Quantity.Read, cancellationToken);

    /// <summary>The words of an array that a view returned: offset, length, items.</summary>
    private static IEnumerable<byte[]> List(byte[] answer) => answer.Chunk(AbiCall.WordBytes).Skip(2);
}

/// <summary>The contract would not do it, and why.</summary>
public sealed class ConsortiumRefusedException(string message, Exception? inner = null) : Exception(message, inner);

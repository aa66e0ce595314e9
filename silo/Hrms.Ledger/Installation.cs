using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Signing;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>
/// Holds what the database knows of chain and contract against what the nodes say. Deploys, and deploys again, in the embedded mode only; everything is
/// signed and stored before it is sent, so that a chain which has lost it gets the same contract at the same address.
/// </summary>
internal sealed class Installation(
    HealthLedgerView view, DeploymentSender deployment, ILaneStore store, ILaneKeys keys, IOptions<LedgerOptions> configured)
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private LedgerOptions Options => configured.Value;

    /// <summary>Several lanes ask at once when a silo starts; the first deploys, the others find it done.</summary>
    public Task<LedgerIdentity> IdentifyAsync(int? lane, CancellationToken cancellationToken) => OneAtATimeAsync(cancel => CompareAllAsync(lane, cancel), cancellationToken);

    /// <summary>Whether the database was anchored in a contract of before there was a consortium.</summary>
    public async Task<bool> IsOfRolesAsync(CancellationToken cancellationToken) =>
        await store.DeploymentAsync(cancellationToken) is { } known && IsOfRoles(known);

    /// <summary>Takes the chain that the nodes are of now for the old one. Its contract must be ours and empty: nothing that is there is written over.</summary>
    public Task<LedgerIdentity> ReanchorAsync(CancellationToken cancellationToken) => OneAtATimeAsync(ReplaceAsync, cancellationToken);

    /// <summary>The same chain and contract under the next epoch; nothing when another lane was faster.</summary>
    public async Task BeginEpochAsync(LedgerIdentity identity, CancellationToken cancellationToken)
    {
        if (await store.DeploymentAsync(cancellationToken) is { } known && known.Epoch == identity.Epoch)
            await store.InsertDeploymentAsync(known with { Epoch = known.Epoch + 1 }, cancellationToken);
    }

    private async Task<LedgerIdentity> OneAtATimeAsync(Func<CancellationToken, Task<LedgerIdentity>> step, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await step(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>What the database was anchored in, as it knows it; null before that. No node is asked.</summary>
    public async Task<LedgerIdentity?> KnownAsync(CancellationToken cancellationToken) =>
        await store.DeploymentAsync(cancellationToken) is { } known ? Identity(known) : null;

    /// <summary>Chain, contract and code, and nothing of who may write: for who only reads.</summary>
    /// <returns>Null while no writer has anchored the database for the first time.</returns>
    public async Task<LedgerIdentity?> CompareChainAsync(CancellationToken cancellationToken)
    {
        if (await store.DeploymentAsync(cancellationToken) is not { } known)
            return null;
        var (chainId, genesisHash) = await ChainAsync(cancellationToken);
        Compare(known, chainId, genesisHash);
        var code = await view.CodeAsync(new Address(known.ContractAddress), cancellationToken);
        if (code.Length == 0 && Options.Embedded)
            throw new LedgerUnavailableException("The node has lost the contract; the lanes' writers are about to deploy it again.");
        if (!Keccak256.Hash(code).AsSpan().SequenceEqual(known.CodeHash))
            throw new LedgerDisagreesException($"At {Hex.Of(known.ContractAddress)} is not the code of the ledger contract.");
        return Identity(known);
    }

    private static bool IsOfRoles(LedgerDeployment known) => known.CodeHash.AsSpan().SequenceEqual(RoleLedger.DeployedCodeHash);

    private static LedgerIdentity Identity(LedgerDeployment known) =>
        new(known.ChainId, known.GenesisHash, known.ContractAddress, known.Epoch, known.Since);

    private async Task<LedgerIdentity> CompareAllAsync(int? asking, CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await ChainAsync(cancellationToken);
        var known = await store.DeploymentAsync(cancellationToken) ?? await FirstAsync(chainId, genesisHash, cancellationToken);
        Compare(known, chainId, genesisHash);
        var contract = new Address(known.ContractAddress);
        await CheckCodeAsync(known, contract, cancellationToken);
        if (asking is { } own)
            known = await TakeUpAsync(known, contract, own, cancellationToken);
        foreach (var lane in asking is { } one && !Options.Embedded ? [one] : Enumerable.Range(0, IsOfRoles(known) ? Options.LaneCount : Options.KeyCount))
            await CheckWriterAsync(known, contract, lane, cancellationToken);
        return Identity(known);
    }

    /// <summary>
    /// The contract says which key a lane has. Where that is another one of ours, it signs from now on; nonces are counted by account, so what it signs belongs to an epoch
    /// of its own. Told from the rows, so that it is the same after a restart.
    /// </summary>
    private async Task<LedgerDeployment> TakeUpAsync(LedgerDeployment known, Address contract, int lane, CancellationToken cancellationToken)
    {
        if (Options.Embedded || IsOfRoles(known))
            return known;                                       // who owns the chain owns its keys, too
        var (writer, _, _) = await view.WritersAsync(contract, Options.FirstLane + lane, cancellationToken);
        keys.Use(lane, writer);
        var first = await store.TransactionsAsync(lane, known.Epoch, 0, 1, cancellationToken);
        return first.Count == 0 || LegacyTransaction.SenderOf(first[0].Bytes, known.ChainId) == keys.Lane(lane).Address
            ? known
            : await store.InsertDeploymentAsync(known with { Epoch = known.Epoch + 1 }, cancellationToken);
    }

    private async Task<LedgerIdentity> ReplaceAsync(CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await ChainAsync(cancellationToken);
        var known = await store.DeploymentAsync(cancellationToken)
            ?? throw new LedgerDisagreesException("The database was never anchored, so there is nothing to anchor again.");
        if (known.ChainId != chainId && Options.ChainId != chainId)
            throw new LedgerDisagreesException($"The node is of chain {chainId}; the database was written with chain {known.ChainId}. Configure the new chain's id first.");
        var next = (Options.Embedded
            ? Deployment.Sign(keys, Options.KeyCount, chainId, genesisHash)
            : new LedgerDeployment(chainId, genesisHash, Configured() ?? known.ContractAddress, HealthLedgerArtefact.DeployedCodeHash, null)) with { Epoch = known.Epoch + 1, Since = known.Epoch + 1 };
        var contract = new Address(next.ContractAddress);
        await CheckCodeAsync(next, contract, cancellationToken);
        for (var lane = 0; lane < Options.LaneCount; lane++)
            if (await view.LastAsync(contract, Options.FirstLane + lane, cancellationToken) is > 0 and var last)
                throw new LedgerDisagreesException($"The contract at {contract} holds {last} batches of lane {Options.FirstLane + lane}: only an empty one takes the place of the old.");
        await store.InsertDeploymentAsync(next, cancellationToken);
        return await CompareAllAsync(null, cancellationToken);
    }

    private byte[]? Configured() => Address.TryParse(Options.ContractAddress, out var address) ? address.Bytes.ToArray() : null;

    private async Task<(ulong ChainId, byte[] GenesisHash)> ChainAsync(CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await view.ChainAsync(cancellationToken);
        if (Options.ChainId is { } expected && expected != chainId)
            throw new LedgerDisagreesException($"The node is of chain {chainId}; configured is chain {expected}. Check the nodes' addresses.");
        return (chainId, genesisHash);
    }

    private async Task<LedgerDeployment> FirstAsync(ulong chainId, byte[] genesisHash, CancellationToken cancellationToken)
    {
        if (Options.Embedded)
            return await store.InsertDeploymentAsync(Deployment.Sign(keys, Options.KeyCount, chainId, genesisHash), cancellationToken);
        if (!Address.TryParse(Options.ContractAddress, out var contract))
            throw new LedgerDisagreesException("No contract address is configured, and the database knows none.");
        var found = new LedgerDeployment(chainId, genesisHash, contract.Bytes.ToArray(), HealthLedgerArtefact.DeployedCodeHash, null);
        await CheckCodeAsync(found, contract, cancellationToken);
        return await store.InsertDeploymentAsync(found, cancellationToken);
    }

    private void Compare(LedgerDeployment known, ulong chainId, byte[] genesisHash)
    {
        if (known.ChainId != chainId)
            throw new LedgerDisagreesException($"The node is of chain {chainId}; the database was written with chain {known.ChainId}.");
        if (!known.GenesisHash.AsSpan().SequenceEqual(genesisHash))
            throw new LedgerDisagreesException(
                $"Chain {chainId} began with block {Hex.Of(genesisHash)}; the database was written with a chain that began with " +
                $"{Hex.Of(known.GenesisHash)}. It is another chain with the same id, or it was set up anew.");
        if (Address.TryParse(Options.ContractAddress, out var address) && !address.Bytes.SequenceEqual(known.ContractAddress))
            throw new LedgerDisagreesException($"Configured is contract {address}; the database was written with {Hex.Of(known.ContractAddress)}.");
    }

    private async Task CheckCodeAsync(LedgerDeployment known, Address contract, CancellationToken cancellationToken)
    {
        var code = await view.CodeAsync(contract, cancellationToken);
        if (code.Length == 0 && Options.Embedded && known.SignedTransactions is { } stored)
        {
            await deployment.SendAsync(stored[0], cancellationToken);
            code = await view.CodeAsync(contract, cancellationToken);
        }
        if (code.Length == 0)
            throw new LedgerDisagreesException($"There is no contract at {contract}. Check the address and whether the node has caught up.");
        if (!Keccak256.Hash(code).AsSpan().SequenceEqual(known.CodeHash))
            throw new LedgerDisagreesException(
                $"The contract at {contract} has code {Hex.Of(Keccak256.Hash(code))}; it should have {Hex.Of(known.CodeHash)}.");
    }

    private async Task CheckWriterAsync(LedgerDeployment known, Address contract, int lane, CancellationToken cancellationToken)
    {
        var (writer, onLedger) = (keys.Lane(lane).Address, Options.FirstLane + lane);
        var byRole = IsOfRoles(known);
        if (!await MayWriteAsync() && Options.Embedded && known.SignedTransactions is { } stored)
            // Stored for the lanes of the first start; a lane that came later is signed now, to the same bytes each time.
            await deployment.SendAsync(
                lane + 1 < stored.Count ? stored[lane + 1]
                : byRole ? RoleLedger.SignGrant(keys, known.ChainId, contract, lane)
                : Deployment.Assign(keys, known.ChainId, lane), cancellationToken);
        if (!await MayWriteAsync())
            throw new LedgerDisagreesException(
                $"Account {writer} may not write to lane {onLedger} of contract {contract}. " +
                "Restore the key file that this database was written with, or have the lane's member set this key.");
        if (!byRole && await view.IsPausedAsync(contract, onLedger, cancellationToken))
            throw new LedgerDisagreesException($"The members have paused lane {onLedger} of contract {contract}. It goes on when they resume it.");

        Task<bool> MayWriteAsync() => byRole
            ? view.HasWriterRoleAsync(contract, lane, writer, cancellationToken)
            : view.IsWriterAsync(contract, onLedger, writer, cancellationToken);
    }
}

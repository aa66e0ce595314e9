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
    public Task<LedgerIdentity> IdentifyAsync(CancellationToken cancellationToken) => OneAtATimeAsync(CompareAllAsync, cancellationToken);

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

    private async Task<LedgerIdentity> CompareAllAsync(CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await ChainAsync(cancellationToken);
        var known = await store.DeploymentAsync(cancellationToken) ?? await FirstAsync(chainId, genesisHash, cancellationToken);
        Compare(known, chainId, genesisHash);
        var contract = new Address(known.ContractAddress);
        await CheckCodeAsync(known, contract, cancellationToken);
        for (var lane = 0; lane < Options.LaneCount; lane++)
            await CheckWriterAsync(known, contract, lane, cancellationToken);
        return new LedgerIdentity(chainId, genesisHash, known.ContractAddress, known.Epoch);
    }

    private async Task<LedgerIdentity> ReplaceAsync(CancellationToken cancellationToken)
    {
        var (chainId, genesisHash) = await ChainAsync(cancellationToken);
        var known = await store.DeploymentAsync(cancellationToken)
            ?? throw new LedgerDisagreesException("The database was never anchored, so there is nothing to anchor again.");
        if (known.ChainId != chainId && Options.ChainId != chainId)
            throw new LedgerDisagreesException($"The node is of chain {chainId}; the database was written with chain {known.ChainId}. Configure the new chain's id first.");
        var next = (Options.Embedded
            ? Deployment.Sign(keys, Options.LaneCount, chainId, genesisHash)
            : new LedgerDeployment(chainId, genesisHash, Configured() ?? known.ContractAddress, HealthLedgerArtefact.DeployedCodeHash, null)) with { Epoch = known.Epoch + 1 };
        var contract = new Address(next.ContractAddress);
        await CheckCodeAsync(next, contract, cancellationToken);
        for (var lane = 0; lane < Options.LaneCount; lane++)
            if (await view.LastAsync(contract, lane, cancellationToken) is > 0 and var last)
                throw new LedgerDisagreesException($"The contract at {contract} holds {last} batches of lane {lane}: only an empty one takes the place of the old.");
        await store.InsertDeploymentAsync(next, cancellationToken);
        return await CompareAllAsync(cancellationToken);
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
            return await store.InsertDeploymentAsync(Deployment.Sign(keys, Options.LaneCount, chainId, genesisHash), cancellationToken);
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
        var writer = keys.Lane(lane).Address;
        var byRole = known.CodeHash.AsSpan().SequenceEqual(RoleLedger.DeployedCodeHash);
        if (!await MayWriteAsync() && Options.Embedded && known.SignedTransactions is { } stored)
            // Stored for the lanes of the first start; a lane that came later is signed now, to the same bytes each time.
            await deployment.SendAsync(
                lane + 1 < stored.Count ? stored[lane + 1]
                : byRole ? RoleLedger.SignGrant(keys, known.ChainId, contract, lane)
                : Deployment.Assign(keys, known.ChainId, lane), cancellationToken);
        if (!await MayWriteAsync())
            throw new LedgerDisagreesException(
                $"Account {writer} may not write to lane {lane} of contract {contract}. " +
                "Restore the key file that this database was written with, or have the lane's member set this key.");
        if (!byRole && await view.IsPausedAsync(contract, lane, cancellationToken))
            throw new LedgerDisagreesException($"The members have paused lane {lane} of contract {contract}. It goes on when they resume it.");

        Task<bool> MayWriteAsync() => byRole
            ? view.HasWriterRoleAsync(contract, lane, writer, cancellationToken)
            : view.IsWriterAsync(contract, lane, writer, cancellationToken);
    }
}

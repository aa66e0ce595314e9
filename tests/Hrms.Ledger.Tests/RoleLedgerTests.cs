using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>A database that was begun with the contract of before the consortium: it heals, writes, gets more lanes, and is checked as it was.</summary>
public sealed class RoleLedgerTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task ADatabaseOfBefore_GoesOnWithItsContract()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        it.Row.Stored = await StoredBeforeAsync(it);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);         // the chain is empty: it gets the old contract, not the new
        Assert.Equal(RoleLedger.DeployedCodeHash, Keccak256.Hash(await it.View.CodeAsync(it.Contract, Cancellation)));
        Assert.True((await it.CommitAsync(identity, 1, 1, Root(1), Root(9))).Receipt.Succeeded);
        Assert.True(await it.View.CheckConsentAsync(it.Contract, Root(1), [], 1, 1, Root(8), Cancellation));
        Assert.False(await it.View.CheckConsentAsync(it.Contract, Root(1), [], 1, 1, Root(9), Cancellation));

        await using var grown = new LedgerUnderTest(node.RpcUrls, options => (options.KeyFile, options.LaneCount) = (it.KeyFile, 4));
        grown.Row.Stored = it.Row.Stored;
        var same = await grown.Ledger.IdentifyAsync(Cancellation);
        Assert.Equal(identity.ContractAddress, same.ContractAddress);
        Assert.True((await grown.CommitAsync(same, 3, 1, Root(1))).Receipt.Succeeded);

        await using var stranger = new LedgerUnderTest(node.RpcUrls);
        stranger.Row.Stored = it.Row.Stored;
        Assert.Contains("may not write to lane 0", (await Assert.ThrowsAsync<LedgerDisagreesException>(() => stranger.Ledger.IdentifyAsync(Cancellation))).Message);
    }

    [Fact]
    public async Task ItsProofs_HoldAsBefore_ByItsViewsAndByItsStorage()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        it.Row.Stored = await StoredBeforeAsync(it);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        using var nodes = new NodePool([.. node.RpcUrls], TimeSpan.FromSeconds(15));
        for (var version = 1; version <= 3; version++)
        {
            var (opened, _) = ProofVerifier.Open(sample.Bundle(version));
            Assert.Null(await new LedgerWitness(it.View, it.Contract).CheckAsync(opened!, Cancellation));
        }
        var slot = HealthLedgerStorage.OfCode(RoleLedger.DeployedCodeHash)!.RootSlot(0, 1);
        var call = new RpcCall("eth_getStorageAt", it.Contract.ToString(), Hex.Of(slot), "latest");
        Assert.Equal(sample.Tree.Root, await nodes.AskAsync(call, Quantity.Bytes, Cancellation));
        Assert.NotEmpty((await new WitnessReader(nodes).ReadAsync(sample.Bundle(1), Cancellation)).State.Root);
    }

    /// <summary>What the version before stored on its first start.</summary>
    private static async Task<LedgerDeployment> StoredBeforeAsync(LedgerUnderTest it)
    {
        var (chainId, genesisHash) = await it.View.ChainAsync(Cancellation);
        var administrator = it.Keys.Administrator;
        var contract = Address.OfContract(administrator.Address, 0);
        using var file = new StreamReader(typeof(RoleLedgerTests).Assembly.GetManifestResourceStream("RoleLedger.bytecode")!);
        Assert.True(Hex.TryParse((await file.ReadToEndAsync(Cancellation)).Trim(), out var bytecode));
        var create = new LegacyTransaction(0, 3_000_000, null, [.. bytecode, .. AbiCall.AddressWord(administrator.Address)]).Sign(administrator, chainId);
        return new LedgerDeployment(
            chainId, genesisHash, contract.Bytes.ToArray(), RoleLedger.DeployedCodeHash,
            [create.Transaction, .. new[] { 0, 1 }.Select(lane => RoleLedger.SignGrant(it.Keys, chainId, contract, lane))]);
    }
}

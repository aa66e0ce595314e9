using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>What the contract takes, refuses and answers.</summary>
[Trait("Feature", "90")]
public sealed class CommitTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private static readonly byte[] Gap = ContractBench.Error("LedgerGap(uint32,uint64,uint64)");
    private static readonly byte[] Conflict = ContractBench.Error("LedgerConflict(uint32,uint64,bytes32,bytes32)");
    private static readonly byte[] RootMissing = ContractBench.Error("LedgerRootMissing(uint32,uint64)");

    [Fact]
    public async Task AGapOrZero_AConflict_AndAZeroRoot_RevertByName()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, Root(1), []));
        Assert.Equal(Gap, await bench.RevertAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 3, Root(3), [])));
        Assert.Equal(Gap, await bench.RevertAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 0, Root(3), [])));
        Assert.Equal(Conflict, await bench.RevertAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, Root(3), [])));
        Assert.Equal(RootMissing, await bench.RevertAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 2, new byte[32], [])));
        Assert.Equal(1, await bench.View.LastAsync(bench.Contract, 0, Cancellation));
    }

    [Fact]
    public async Task ARepeat_IsQuiet_AndPublishesNothing()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, Root(1), []));
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 2, Root(2), []));
        var (succeeded, _, receipt) = await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, Root(1), Root(9)));
        Assert.True(succeeded);
        Assert.Equal(0, receipt.GetProperty("logs").GetArrayLength());
        Assert.False(await bench.View.IsRevokedAsync(bench.Contract, Root(9), Cancellation));
        Assert.Equal(2, await bench.View.LastAsync(bench.Contract, 0, Cancellation));
    }

    [Fact]
    public async Task ANullifier_IsPublishedOnce_AndAgainIsHarmless()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var first = await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, Root(1), [.. Root(8), .. Root(9), .. Root(8)]));
        var again = await bench.SendAsync(Caller.Writer1, HealthLedgerCalls.Commit(1, 1, Root(2), Root(9)));
        Assert.Equal(3, first.Receipt.GetProperty("logs").GetArrayLength());      // the batch and two nullifiers
        Assert.Equal(1, again.Receipt.GetProperty("logs").GetArrayLength());      // the batch alone
        Assert.True(await bench.View.IsRevokedAsync(bench.Contract, Root(8), Cancellation));
        Assert.True(await bench.View.IsRevokedAsync(bench.Contract, Root(9), Cancellation));
        Assert.False(await bench.View.IsRevokedAsync(bench.Contract, Root(7), Cancellation));
    }

    [Fact, Trait("Feature", "43")]
    public async Task CheckConsent_HoldsOnlyForAnAnchoredLeafThatIsNotRevoked()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var tree = new MerkleTree([.. Enumerable.Range(0, 8).Select(i => Root(100 + i))]);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, tree.Root, []));
        for (var i = 0; i < 8; i++)
            Assert.True(await CheckAsync(Root(100 + i), i, 0, 1, Root(5)));
        Assert.False(await CheckAsync(Root(100), 1, 0, 1, Root(5)));            // another leaf's path
        Assert.False(await CheckAsync(Root(99), 0, 0, 1, Root(5)));             // no leaf of the tree
        Assert.False(await CheckAsync(Root(100), 0, 1, 1, Root(5)));            // another lane
        Assert.False(await CheckAsync(Root(100), 0, 0, 2, Root(5)));            // a batch that is not there
        Assert.False(await CheckAsync(Root(100), 0, 0, 1, new byte[32]));       // no consent's nullifier
        Assert.False(await bench.View.IsAnchoredAsync(bench.Contract, new byte[32], [], 0, 2, Cancellation));
        await bench.SendAsync(Caller.Writer1, HealthLedgerCalls.Commit(1, 1, Root(1), Root(5)));
        Assert.False(await CheckAsync(Root(100), 0, 0, 1, Root(5)));            // revoked, through any lane
        Assert.True(await CheckAsync(Root(100), 0, 0, 1, Root(6)));

        Task<bool> CheckAsync(byte[] leaf, int pathOf, int lane, long number, byte[] nullifier) => bench.View.CheckConsentAsync(
            bench.Contract, leaf, [.. tree.Path(pathOf).SelectMany(sibling => sibling)], lane, number, nullifier, Cancellation);
    }

    [Fact]
    public async Task Gas_OfACommit_IsWithinItsLimit_WithAnyCountOfNullifiers()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var number = 0;
        foreach (var count in new[] { 0, 0, 1, 10, CommitGas.NullifiersMax })
        {
            var nullifiers = Enumerable.Range(0, count).SelectMany(i => Keccak256.Hash(BitConverter.GetBytes(count * 1000 + i))).ToArray();
            number++;
            var (succeeded, gas, _) = await bench.SendAsync(
                Caller.Writer0, HealthLedgerCalls.Commit(0, number, Root(number), nullifiers), CommitGas.Limit(count));
            output.WriteLine($"commit {number} with {count} nullifiers: {gas} gas, {gas / 1000.0:0.0} a leaf at 1,000 leaves");
            Assert.True(succeeded);
        }
    }
}

using Hrms.Domain.Ports;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>A private chain that was killed comes back empty; what is stored brings it up to where it was.</summary>
public sealed class HealingTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    [Trait("Fault", "F21")]
    public async Task AfterKill9_StoredBytesInOrder_GiveTheSameAddressAndRoots()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls, options => options.CallTimeout = TimeSpan.FromSeconds(30));
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        List<SignedCommit> stored = [];
        for (var number = 1; number <= 20; number++)
            stored.Add((await it.CommitAsync(identity, number % 2, (number + 1) / 2, Root(number), Root(1000 + number))).Signed);

        await node.Node.KillAsync();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => it.Ledger.LastNumberAsync(identity, 0, Cancellation));
        await node.Node.RestartAsync(Cancellation);
        Assert.Empty(await it.View.CodeAsync(it.Contract, Cancellation));

        var healed = await it.Ledger.IdentifyAsync(Cancellation);
        Assert.Equal(identity.ContractAddress, healed.ContractAddress);
        Assert.Equal(identity.GenesisHash, healed.GenesisHash);
        Assert.Equal(0, await it.Ledger.LastNumberAsync(healed, 0, Cancellation));
        foreach (var commit in stored)
            Assert.Equal(SendHint.Accepted, await it.Ledger.SendAsync(commit.Transaction, Cancellation));
        foreach (var commit in stored)
            Assert.True((await it.ReceiptAsync(commit.Hash)).Succeeded);
        for (var number = 1; number <= 20; number++)
        {
            Assert.Equal(Root(number), await it.Ledger.RootAsync(healed, number % 2, (number + 1) / 2, Cancellation));
            Assert.True(await it.View.IsRevokedAsync(it.Contract, Root(1000 + number), Cancellation));
        }
    }
}

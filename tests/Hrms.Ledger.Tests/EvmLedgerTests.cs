using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>The port on a real node.</summary>
public sealed class EvmLedgerTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task Identify_OnAFreshChain_DeploysAndLaterFindsTheSame()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var first = await it.Ledger.IdentifyAsync(Cancellation);
        var again = await it.Ledger.IdentifyAsync(Cancellation);
        Assert.Equal(first.ContractAddress, again.ContractAddress);
        Assert.Equal(first.GenesisHash, again.GenesisHash);
        Assert.Equal(3, it.Row.Stored!.SignedTransactions!.Count);      // the contract and a role for each of two lanes
        Assert.Equal(0, await it.Ledger.LastNumberAsync(first, 0, Cancellation));
    }

    [Fact]
    public async Task Commit_IsSeenInReceiptAndViews()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        var (_, receipt) = await it.CommitAsync(identity, 1, 1, Root(1));
        Assert.True(receipt.Succeeded);
        Assert.InRange(receipt.BlockTime, before, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(1, await it.Ledger.LastNumberAsync(identity, 1, Cancellation));
        Assert.Equal(Root(1), await it.Ledger.RootAsync(identity, 1, 1, Cancellation));
        Assert.Equal(new byte[32], await it.Ledger.RootAsync(identity, 1, 2, Cancellation));
        Assert.Equal(0, await it.Ledger.LastNumberAsync(identity, 0, Cancellation));
    }

    [Fact]
    public async Task RootsOfManyNumbers_ComeInTheirOrder()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        await it.CommitAsync(identity, 1, 1, Root(1));
        await it.CommitAsync(identity, 1, 2, Root(2));
        List<long> numbers = [2, .. Enumerable.Range(3, 600), 1];
        Assert.Equal([Root(2), .. numbers[1..^1].Select(_ => new byte[32]), Root(1)], await it.Ledger.RootsAsync(identity, 1, numbers, Cancellation));
        Assert.Empty(await it.Ledger.RootsAsync(identity, 1, [], Cancellation));
    }

    [Fact]
    public async Task Commit_OfTheSameBatchUnderANewNonce_SucceedsAndChangesNothing()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        await it.CommitAsync(identity, 0, 1, Root(1));
        Assert.True((await it.CommitAsync(identity, 0, 1, Root(1))).Receipt.Succeeded);
        Assert.Equal(1, await it.Ledger.LastNumberAsync(identity, 0, Cancellation));
    }

    [Fact]
    public async Task Commit_OfAnotherRootUnderAKnownNumber_Fails()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        await it.CommitAsync(identity, 0, 1, Root(1));
        Assert.False((await it.CommitAsync(identity, 0, 1, Root(2))).Receipt.Succeeded);
        Assert.Equal(Root(1), await it.Ledger.RootAsync(identity, 0, 1, Cancellation));
    }

    [Fact]
    public async Task Sign_IsPure()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        var one = it.Ledger.SignCommit(identity, 0, 7, Root(7), Root(8), 3);
        var two = it.Ledger.SignCommit(identity, 0, 7, Root(7), Root(8), 3);
        Assert.Equal(one.Transaction, two.Transaction);
        Assert.Equal(Keccak256.Hash(one.Transaction), one.Hash);
    }

    [Fact]
    public async Task Send_OfMinedBytes_TellsThatTheNonceIsUsed_AndTheReceiptStays()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        var (signed, receipt) = await it.CommitAsync(identity, 0, 1, Root(1));
        Assert.Contains(await it.Ledger.SendAsync(signed.Transaction, Cancellation), new[] { SendHint.NonceTooLow, SendHint.AlreadyKnown });
        Assert.Equal(receipt.BlockHash, (await it.ReceiptAsync(signed.Hash)).BlockHash);
    }

    [Fact]
    public async Task Send_AheadOfANonce_WaitsInThePoolUntilTheGapIsFilled()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        var first = it.Ledger.SignCommit(identity, 0, 1, Root(1), [], 0);
        var second = it.Ledger.SignCommit(identity, 0, 2, Root(2), [], 1);
        Assert.Equal(SendHint.Accepted, await it.Ledger.SendAsync(second.Transaction, Cancellation));
        Assert.Null(await it.Ledger.ReceiptAsync(second.Hash, Cancellation));
        Assert.Equal(SendHint.AlreadyKnown, await it.Ledger.SendAsync(second.Transaction, Cancellation));
        Assert.Equal(SendHint.Accepted, await it.Ledger.SendAsync(first.Transaction, Cancellation));
        Assert.True((await it.ReceiptAsync(second.Hash)).Succeeded);
        Assert.Equal(2UL, await it.Ledger.NonceAsync(0, Cancellation));
    }

    [Fact]
    public async Task ADeadNode_IsPassedOver()
    {
        await using var it = new LedgerUnderTest([new Uri("http://127.0.0.1:9"), .. node.RpcUrls]);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        Assert.True((await it.CommitAsync(identity, 0, 1, Root(1))).Receipt.Succeeded);
    }

    [Fact]
    public async Task NoNode_IsUnavailable_AndSendingIsTriedLater()
    {
        await using var it = new LedgerUnderTest([new Uri("http://127.0.0.1:9")]);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => it.Ledger.IdentifyAsync(Cancellation));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => it.Ledger.NonceAsync(0, Cancellation));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => it.Ledger.ReceiptAsync(Root(1), Cancellation));
        Assert.Equal(SendHint.TryLater, await it.Ledger.SendAsync([1], Cancellation));
    }
}

using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>What befalls the lane's transactions on their way into a block: lost, overtaken, out of order. No node decides; receipts, nonces and the contract do.</summary>
public sealed class LaneNonceTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    [Fact]
    [Trait("Fault", "F10")]
    public async Task ASendWhoseReplyIsLost_IsFoundByItsHash_AndUsesOneNonce()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        var before = await it.MinedAsync();
        it.Node.Next("eth_sendRawTransaction", Misbehaviour.DropReply);
        await it.ChangeAsync();
        await it.HoldsAsync();
        Assert.Equal(before + 1, await it.MinedAsync());
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task AReceiptThatIsNotShown_ThoughMined_KeepsTheBatchOpen_UntilItIs()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Node.Always("eth_getTransactionReceipt", Misbehaviour.NullResult);
        await it.ChangeAsync();
        var asked = it.Node.Calls("eth_getTransactionReceipt");
        // Long enough to have been overdue several times: the contract's view says that it is mined.
        await it.UntilAsync(() => it.Node.Calls("eth_getTransactionReceipt") > asked + 80);
        Assert.Equal((1, LaneState.Running), (it.Pump.OpenCount, it.Pump.State));
        Assert.Null(it.Pump.Last!.Receipt);
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task AReceiptThatIsLostForGood_IsMadeUpForByARepeat_WhichChangesNothing()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Options.ReceiptLostAfter = TimeSpan.FromMilliseconds(300);
        it.Node.Always("eth_getTransactionReceipt", Misbehaviour.NullResult);
        await it.ChangeAsync(revoke: true);
        await it.UntilAsync(() => it.Pump.Last!.Attempt == 2);
        it.Options.ReceiptLostAfter = TimeSpan.FromMinutes(10);
        var lost = await it.ScalarAsync<byte[]>("select transaction_hash from ledger_batch where number = 2");
        it.NewPump(new ForgetfulLedger(it.Ledger, lost));
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal("no receipt", await it.ScalarAsync<string>("select string_agg(reason, ',') from ledger_attempt where block_number is not null"));
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task ATransactionThatThePoolDropped_IsSentAgain_InTheSameBytes()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await HaltedAsync(it, async () =>
        {
            await it.ChangeAsync();
            await it.UntilAsync(() => it.Pump.OpenCount == 1);
            await it.RpcAsync("anvil_dropTransaction", Hrms.Domain.Proofs.Hex.Of(it.Pump.Last!.TransactionHash));
            Assert.Equal(JsonValueKind.Null, (await it.RpcAsync("eth_getTransactionByHash", Hrms.Domain.Proofs.Hex.Of(it.Pump.Last!.TransactionHash))).ValueKind);
            var sends = it.Node.Calls("eth_sendRawTransaction");
            await it.UntilAsync(() => it.Node.Calls("eth_sendRawTransaction") > sends);
        });
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F13")]
    public async Task ANonceThatAnotherTransactionUsed_IsNoticed_AndTheBatchIsSignedAgainOnce()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.UseNonceAsync(await it.MinedAsync());
        await it.ChangeAsync(2, revoke: true);
        await it.HoldsAsync();
        Assert.Equal("nonce used by another transaction", await it.ScalarAsync<string>("select string_agg(reason, ',') from ledger_attempt"));
        // The next batch knows the new nonce.
        await it.ChangeAsync();
        await it.HoldsAsync();
        Assert.Equal(1L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F14")]
    public async Task ThreeNoncesUsedBelow_AndOneBatchOfFourRevertedAbove_HealsItself()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        var nonce = await it.MinedAsync();
        await HaltedAsync(it, async () =>
        {
            for (var i = 0UL; i < 3; i++)
                await it.UseNonceAsync(nonce + i);
            for (var batch = 2; batch <= 5; batch++)
            {
                await it.ChangeAsync();
                await it.UntilAsync(() => it.Pump.Last?.Number == batch);
            }
        });
        await it.HoldsAsync();
        // The fourth was mined before its turn and reverted: all four are there twice, the first time in vain.
        Assert.Equal(4L, await it.ScalarAsync<long>("select count(*) from ledger_attempt where block_number is not null"));
    }

    [Fact]
    [Trait("Fault", "F02")]
    [Trait("Fault", "F13")]
    public async Task AWriterThatDied_WithABatchThatLostItsNonce_AndALaterOneReverted_LeavesALaneThatGoesOnAtOnce()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        // Nothing is ever overdue: what goes on here goes on at once.
        it.Options.ResendAfter = TimeSpan.FromMinutes(10);
        var nonce = await it.MinedAsync();
        await it.UseNonceAsync(nonce);
        for (var batch = 2; batch <= 3; batch++)
        {
            await it.ChangeAsync();
            await it.UntilAsync(() => it.Pump.Last?.Number == batch);
        }
        while (await it.MinedAsync() < nonce + 2)
            await it.Pump.StepAsync(LaneBench.Cancellation);
        Assert.Equal(2, it.Pump.OpenCount);
        it.NewPump();
        await it.HoldsAsync();
        Assert.Equal(2L, await it.ScalarAsync<long>("select count(*) from ledger_attempt where block_number is not null"));
    }

    [Fact]
    [Trait("Fault", "F14")]
    public async Task NoncesThatNothingUses_BelowTheNextBatch_AreFilled()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        // The batch is signed for a nonce four above what the chain comes to expect.
        var nonce = await it.MinedAsync();
        await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{nonce + 4:x}");
        Assert.Equal(nonce + 4, await it.Ledger.MinedNonceAsync(0, LaneBench.Cancellation));
        it.Node.Always("eth_sendRawTransaction", Misbehaviour.PoolFull);
        await it.ChangeAsync();
        await it.UntilAsync(() => it.Pump.OpenCount == 1);
        await it.UntilAsync(() => it.Pump.Last!.Nonce == nonce + 4);
        await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{nonce:x}");
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(nonce + 5, await it.MinedAsync());
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task AnotherTransactionWithTheSameNonceInThePool_IsWaitedFor_AndOneCommitIsMined()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await HaltedAsync(it, async () =>
        {
            await it.UseNonceAsync(await it.MinedAsync());
            await it.ChangeAsync();
            var sends = it.Node.Calls("eth_sendRawTransaction");
            await it.UntilAsync(() => it.Node.Calls("eth_sendRawTransaction") > sends + 1);
            Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
        });
        await it.HoldsAsync();
        Assert.Equal(1L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task BothAttemptsMined_IsOneCommit()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await HaltedAsync(it, async () =>
        {
            await it.ChangeAsync();
            await it.UntilAsync(() => it.Pump.OpenCount == 1);
            // A node that tells a nonce from the future makes the writer sign again, though the first attempt is in the pool.
            it.Node.Next("eth_getTransactionCount", Misbehaviour.Result("\"0xff\""));
            await it.UntilAsync(() => it.Pump.Last!.Attempt == 2);
            await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{it.Pump.Last!.Nonce - 1:x}");
        }, mine: false);
        await it.RpcAsync("anvil_mine", "0x1");
        await it.HoldsAsync();
    }

    [Fact]
    [Trait("Fault", "F20")]
    public async Task AChainThatMakesNoBlocks_HasABoundedNumberOfBatches_AndTheBacklogDrainsAfterwards()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await HaltedAsync(it, async () =>
        {
            await it.ChangeAsync(40);
            var sends = it.Node.Calls("eth_sendRawTransaction");
            await it.UntilAsync(() => it.Node.Calls("eth_sendRawTransaction") > sends + (3 * it.Options.InFlightMax));
            Assert.Equal(it.Options.InFlightMax, it.Pump.OpenCount);
        });
        var audit = await it.HoldsAsync();
        Assert.Equal(41, audit.Rows);
    }

    [Fact]
    [Trait("Fault", "F20")]
    public async Task ANodeThatShowsNoNewBlocks_IsWaitedFor_AndNothingIsSignedTwice()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.Node.FreezeAsync();
        await it.ChangeAsync(3);
        var sends = it.Node.Calls("eth_sendRawTransaction");
        await it.UntilAsync(() => it.Node.Calls("eth_sendRawTransaction") > sends + 4);
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    private Task<LaneBench> StartAsync() => LaneBench.StartAsync(postgres, node);

    /// <summary>While nothing is mined.</summary>
    private static async Task HaltedAsync(LaneBench it, Func<Task> meanwhile, bool mine = true)
    {
        await it.RpcAsync("evm_setAutomine", false);
        try
        {
            await meanwhile();
        }
        finally
        {
            await it.RpcAsync("evm_setAutomine", true);
            if (mine)
                await it.RpcAsync("anvil_mine", "0x1");
        }
    }
}

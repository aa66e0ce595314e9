using Hrms.Domain.Proofs;
using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>What befalls the lane's transactions on their way into a block: lost, overtaken, out of order. No node decides; receipts, nonces and the contract do.</summary>
public sealed class LaneNonceTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private const string Send = "eth_sendRawTransaction";

    [Fact]
    [Trait("Fault", "F12")]
    public async Task ATransactionThatThePoolDropped_IsSentAgain_InTheSameBytes()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.HaltedAsync(async () =>
        {
            await it.ChangeAsync();
            await it.UntilAsync(() => it.Pump.OpenCount == 1);
            await it.RpcAsync("anvil_dropTransaction", Hex.Of(it.Pump.Last!.TransactionHash));
            Assert.Equal(JsonValueKind.Null, (await it.RpcAsync("eth_getTransactionByHash", Hex.Of(it.Pump.Last!.TransactionHash))).ValueKind);
            var sends = it.Node.Calls(Send);
            await it.UntilAsync(() => it.Node.Calls(Send) > sends);
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
        await it.HaltedAsync(async () =>
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
        it.Node.Always(Send, Misbehaviour.PoolFull);
        await it.ChangeAsync();
        await it.UntilAsync(() => it.Pump.OpenCount == 1);
        await it.UntilAsync(() => it.Pump.Last!.Nonce == nonce + 4);
        await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{nonce:x}");
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(nonce + 5, await it.MinedAsync());
    }

    /// <summary>A node may drop what comes after what it has no room for, or make no block while more comes.</summary>
    [Fact]
    [Trait("Fault", "F14")]
    public async Task HoweverManyNoncesNothingUses_TheNodeIsSentAPieceAtATime()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        var (first, before, gap) = (await it.MinedAsync(), it.Node.Calls(Send), new NonceGap(0, it.Store, it.Ledger));
        await gap.FillAsync(it.Pump.Identity!, first, first + 200, LaneBench.Cancellation);
        Assert.Equal(64, it.Node.Calls(Send) - before);

        await gap.FillAllAsync(it.Pump.Identity!, first, first + 200, it.Options, TimeProvider.System, LaneBench.Cancellation);
        Assert.Equal(first + 200, await it.MinedAsync());
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task AnotherTransactionWithTheSameNonceInThePool_IsWaitedFor_AndOneCommitIsMined()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.HaltedAsync(async () =>
        {
            await it.UseNonceAsync(await it.MinedAsync());
            await it.ChangeAsync();
            var sends = it.Node.Calls(Send);
            await it.UntilAsync(() => it.Node.Calls(Send) > sends + 1);
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
        await it.HaltedAsync(async () =>
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
        await it.HaltedAsync(async () =>
        {
            await it.ChangeAsync(40);
            var sends = it.Node.Calls(Send);
            await it.UntilAsync(() => it.Node.Calls(Send) > sends + (3 * it.Options.InFlightMax));
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
        var sends = it.Node.Calls(Send);
        await it.UntilAsync(() => it.Node.Calls(Send) > sends + 4);
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task AMiddleTransactionThatThePoolDropped_IsSentAgain_AndTheLaterOnesAreMinedAfterIt()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.HaltedAsync(async () =>
        {
            for (var batch = 2; batch <= 5; batch++)
            {
                await it.ChangeAsync();
                await it.UntilAsync(() => it.Pump.Last?.Number == batch);
            }
            await it.RpcAsync("anvil_dropTransaction", Hex.Of(await it.ScalarAsync<byte[]>("select transaction_hash from ledger_batch where number = 3")));
        });
        var audit = await it.HoldsAsync();
        Assert.Equal((5, 5), (audit.Rows, audit.Batches));
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    /// <summary>An account that has sent nothing and one that could not be asked for are not the same.</summary>
    [Fact]
    [Trait("Fault", "F09")]
    public async Task ANonceThatCannotBeAskedFor_StoresNothing_AndIsNeverTakenForZero()
    {
        await using var it = await LaneBench.StartAsync(postgres, node, options => options.CallTimeout = TimeSpan.FromSeconds(1));
        await it.UntilAsync(() => it.Pump.State == LaneState.Running);
        await it.UseNonceAsync(0);
        await it.UseNonceAsync(1);
        var sends = it.Node.Calls(Send);
        await it.ChangeAsync();
        Misbehaviour[] ways =
        [
            Misbehaviour.Error(-32603, "Internal error"), Misbehaviour.NullResult, Misbehaviour.Html, Misbehaviour.Truncate, Misbehaviour.Cut, Misbehaviour.WrongId,
            Misbehaviour.Status(500), Misbehaviour.Hang,
        ];
        foreach (var way in ways)
        {
            it.Node.Behave();
            it.Node.Always("eth_getTransactionCount", way);
            var asked = it.Node.Calls("eth_getTransactionCount");
            await it.UntilAsync(() => it.Node.Calls("eth_getTransactionCount") > asked);
            Assert.Equal(LaneState.Waiting, it.Pump.State);
            Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_batch"));
        }
        Assert.Equal(sends, it.Node.Calls(Send));
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(2m, await it.ScalarAsync<decimal>("select nonce from ledger_batch"));
    }

    [Fact]
    [Trait("Fault", "F13")]
    public async Task NoncesUnderLoad_WhileWhatIsRememberedIsForgottenAgainAndAgain_HaveNoGapAndNoRepeat()
    {
        await using var it = await StartAsync();
        it.Options.CompareEvery = TimeSpan.FromMilliseconds(1);
        await it.ChangeAsync();
        await it.QuietAsync();
        var appending = Task.Run(() => it.ChangeAsync(60), LaneBench.Cancellation);
        while (!appending.IsCompleted)
            await it.Pump.StepAsync(LaneBench.Cancellation);
        await appending;
        // The audit holds the nonces to have no gap, since nothing was signed again.
        var audit = await it.HoldsAsync();
        Assert.Equal(61, audit.Rows);
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    private Task<LaneBench> StartAsync() => LaneBench.StartAsync(postgres, node);
}

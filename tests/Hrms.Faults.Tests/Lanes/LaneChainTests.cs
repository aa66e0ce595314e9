using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Ledger;
using Hrms.Ledger;
using Hrms.Ledger.Wire;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>The chain itself is not what the rows say: behind, ahead, another, empty, or with a contract that refuses. Nothing is guessed.</summary>
public sealed class LaneChainTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    [Trait("Fault", "F18")]
    [Trait("Fault", "F06")]
    public async Task TwoWritersOfOneLane_AreFencedByTheLease_AndTheOldOneStoresNothingMore()
    {
        await using var it = await StartAsync();
        var old = it.Pump;
        await it.ChangeAsync();
        await it.QuietAsync();
        var taken = new TaskCompletionSource();
        // The old one is held between making a batch and storing it, as a stopped process is; meanwhile a new one takes the lane and goes on.
        await it.ChangeAsync();
        var reached = new TaskCompletionSource();
        Fault.Handle(async point =>
        {
            if (point == Fault.BeforeStore && reached.TrySetResult())
                await taken.Task;
        });
        try
        {
            var held = old.StepAsync(LaneBench.Cancellation);
            await reached.Task;
            it.NewPump();
            await it.QuietAsync();
            taken.SetResult();
            var after = await held;
            Assert.Equal(LaneStep.Lost, after);
        }
        finally
        {
            Fault.Handle(null);
        }
        await it.ChangeAsync();
        await it.HoldsAsync();
        Assert.NotEqual(LaneStep.Again, await old.StepAsync(LaneBench.Cancellation));
    }

    [Theory]
    [Trait("Fault", "F19")]
    [InlineData(-32003, "Transaction gas limit exceeds block gas limit")]
    [InlineData(-32004, "Upfront cost exceeds account balance")]
    [InlineData(-32007, "Sender account not authorized to send transactions")]
    [InlineData(-32009, "Gas price below configured minimum gas price")]
    public async Task ABatchThatNoNodeTakes_IsNamedToTheOperator_AndSentWhenTheyDo(int code, string message)
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Node.Always("eth_sendRawTransaction", Misbehaviour.Error(code, message));
        await it.ChangeAsync();
        await it.UntilAsync(() => it.Pump.OpenCount == 1);
        Assert.Contains("No node takes batch 2", it.Pump.Alarm, StringComparison.Ordinal);
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Null(it.Pump.Alarm);
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F19")]
    public async Task ALaneThatTheMembersPaused_StopsWithTheReason_AndItsBatchesFollowWhenTheyResumeIt()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.VoteAsync(new AbiCall("pauseLane(uint32)").Number(0));
        await it.ChangeAsync(2, revoke: true);
        // The transaction of the batch that was under way is mined and reverted: its nonce is gone.
        await it.StoppedAsync();
        Assert.Contains("The contract refuses batch 2 of lane 0", it.Pump.Alarm, StringComparison.Ordinal);
        it.NewPump();
        await it.StoppedAsync();
        Assert.Contains("The members have paused lane 0", it.Pump.Alarm, StringComparison.Ordinal);
        await it.VoteAsync(new AbiCall("resumeLane(uint32)").Number(0));
        await it.ChangeAsync();
        await it.HoldsAsync();
        Assert.Equal("reverted", await it.ScalarAsync<string>("select string_agg(reason, ',') from ledger_attempt where block_number is not null"));
    }

    [Fact]
    [Trait("Fault", "F24")]
    public async Task AChainThatForgotItsNewestBlocks_StopsALaneThatMayNotHeal_AndHealsOneThatMay()
    {
        await using var it = await StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await it.ChangeAsync(revoke: i % 2 == 0);
            await it.QuietAsync();
        }
        it.Options.HealByItself = false;
        await it.RpcAsync("anvil_reorg", 3, Array.Empty<object>());
        it.NewPump();
        await it.ChangeAsync();
        await it.StoppedAsync();
        Assert.Contains("was confirmed", it.Pump.Alarm, StringComparison.Ordinal);
        it.Pump.LookAgain(heal: true);
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    [Fact]
    [Trait("Fault", "F24")]
    [Trait("Fault", "F13")]
    public async Task AChainThatForgotBatches_AndUsedTheirNonces_GetsThemUnderNewOnes()
    {
        await using var it = await StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await it.ChangeAsync(revoke: i % 2 == 0);
            await it.QuietAsync();
        }
        var nonce = await it.MinedAsync();
        await it.RpcAsync("anvil_reorg", 2, Array.Empty<object>());
        await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{nonce + 1:x}");
        it.NewPump();
        await it.ChangeAsync();
        var audit = await it.HoldsAsync();
        Assert.Equal((5, 5), (audit.Rows, audit.Batches));
    }

    [Fact]
    [Trait("Fault", "F23")]
    public async Task ANodeOfAnotherChain_IsRefused_AndNothingIsSentToIt()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Node.Always("eth_chainId", Misbehaviour.Result("\"0x1\""));
        var sends = it.Node.Calls("eth_sendRawTransaction");
        it.NewPump();
        await it.ChangeAsync();
        await it.StoppedAsync();
        Assert.Equal(sends, it.Node.Calls("eth_sendRawTransaction"));
        it.Node.Behave();
        await it.HoldsAsync();
    }

    [Theory]
    [Trait("Fault", "F22")]
    [InlineData("0x", "There is no contract")]
    [InlineData("0x6001600055", "it should have")]
    public async Task AnAddressWithoutOurCode_StopsTheRunningLane_AndIsRefusedAtTheStart(string code, string words)
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        var contract = Hex.Of((await it.Ledger.IdentifyAsync(LaneBench.Cancellation)).ContractAddress);
        var ours = (await it.RpcAsync("eth_getCode", contract, "latest")).GetString()!;
        await it.RpcAsync("anvil_setCode", contract, code);
        await it.ChangeAsync();
        // An account without code is told from a chain that lost the contract by the deployer's nonce, which is used.
        it.NewPump();
        await it.UntilAsync(() => it.Pump.State is LaneState.Stopped);
        Assert.Contains(code == "0x" ? "" : words, it.Pump.Alarm, StringComparison.Ordinal);
        await it.RpcAsync("anvil_setCode", contract, ours);
        await it.HoldsAsync();
    }

    [Fact]
    [Trait("Fault", "F30")]
    public async Task ADatabaseOfYesterday_WithTheChainAhead_StopsTheLane_AndClosesItsRecords_UntilTheyAgree()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        // What is missing in the rows: a batch that only the chain has.
        var identity = await it.Ledger.IdentifyAsync(LaneBench.Cancellation);
        var lost = it.Ledger.SignCommit(identity, 0, 2, new byte[32].Select(_ => (byte)7).ToArray(), [], await it.MinedAsync());
        await it.MineAsync(lost.Transaction);
        var sends = it.Node.Calls("eth_sendRawTransaction");
        it.NewPump();
        await it.ChangeAsync();
        await it.StoppedAsync();
        Assert.Contains("old backup", it.Pump.Alarm, StringComparison.Ordinal);
        Assert.Equal(sends, it.Node.Calls("eth_sendRawTransaction"));
        Assert.Equal(1L, await it.ScalarAsync<long>("select count(*) from ledger_batch"));
        Assert.Equal([0], await it.Store.ClosedAsync(LaneBench.Cancellation));

        // As if the missing rows were back: nothing that they lack is on the chain.
        await it.RpcAsync("anvil_reorg", 1, Array.Empty<object>());
        await it.HoldsAsync();
        Assert.Empty(await it.Store.ClosedAsync(LaneBench.Cancellation));
    }

    /// <summary>In production: an operator says whether the empty chain gets the old bytes (resume) or begins a new epoch (re-anchor).</summary>
    [Fact]
    [Trait("Fault", "F21")]
    public async Task AChainThatBeganAnew_StopsTheLane_UntilAnOperatorAnchorsItAgain_AndTheHistoryStays()
    {
        await using var it = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await it.ChangeAsync(2, revoke: i % 2 == 0);
            await it.QuietAsync();
        }
        var identity = await it.Ledger.IdentifyAsync(LaneBench.Cancellation);
        it.BecomesMemberOf(identity.ContractAddress);
        Assert.Contains(
            "only an empty one", (await Assert.ThrowsAsync<LedgerDisagreesException>(() => it.Ledger.ReanchorAsync(LaneBench.Cancellation))).Message, StringComparison.Ordinal);

        var anew = new EvmNodeFixture();
        await anew.InitializeAsync();
        try
        {
            it.LeadTo(anew.RpcUrl);
            await it.ChangeAsync();
            it.NewPump();
            await it.StoppedAsync();
            foreach (var transaction in (await it.Store.DeploymentAsync(LaneBench.Cancellation))!.SignedTransactions!)
                await it.MineAsync(transaction);
            it.Pump.LookAgain(heal: false);
            await it.UntilAsync(() => it.Pump.Alarm?.Contains("was confirmed", StringComparison.Ordinal) == true);

            Assert.Equal(2, (await it.Ledger.ReanchorAsync(LaneBench.Cancellation)).Epoch);
            it.Pump.LookAgain(heal: false);
            var audit = await it.HoldsAsync();
            Assert.Equal((11, 6), (audit.Rows, audit.Batches));
            Assert.Equal(5L, await it.ScalarAsync<long>("select count(*) from ledger_attempt where reason = 'new chain' and block_number is not null"));
            Assert.Equal(5L, await it.ScalarAsync<long>("select count(*) from ledger_batch where chain_epoch = 1 and block_number is not null"));
            await it.ChangeAsync();
            await it.HoldsAsync();
        }
        finally
        {
            await anew.DisposeAsync();
        }
    }

    private Task<LaneBench> StartAsync(Action<LedgerOptions>? configure = null) => LaneBench.StartAsync(postgres, node, configure);
}

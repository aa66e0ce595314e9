using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>How the writer learns that a transaction was mined: from its receipt, by its stored hash, however often it has to ask.</summary>
public sealed class LaneReceiptTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
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
    [Trait("Fault", "F11")]
    public async Task AReceipt_IsFoundByTime_ThoughNoNewBlockComes()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Node.Next("eth_getTransactionReceipt", Misbehaviour.NullResult, times: 5);
        // Nobody who waits for new heads hears anything.
        foreach (var heads in new[] { "eth_blockNumber", "eth_newBlockFilter", "eth_getFilterChanges", "eth_subscribe" })
            it.Node.Always(heads, Misbehaviour.Error(-32601, "Method not found"));
        await it.ChangeAsync();
        await it.UntilAsync(() => it.Pump.OpenCount == 1);
        await it.UntilAsync(() => it.Pump.Last?.Receipt is not null);
        // Its own block was the last: no later one led to it.
        Assert.Equal($"0x{it.Pump.Last!.Receipt!.BlockNumber:x}", (await it.RpcAsync("eth_blockNumber")).GetString());
        it.Node.Behave();
        await it.HoldsAsync();
    }

    [Fact]
    [Trait("Fault", "F07")]
    public async Task FiftyBlocksThatTheWriterDidNotSee_HoldItUpNoFurther()
    {
        await using var it = await StartAsync();
        await it.ChangeAsync();
        await it.QuietAsync();
        it.Node.Next("eth_sendRawTransaction", Misbehaviour.DropReply);
        await it.ChangeAsync();
        await it.UntilAsync(() => it.Pump.OpenCount == 1);
        it.Node.Always(null, Misbehaviour.Cut);
        await it.UntilAsync(() => it.Pump.State == LaneState.Waiting);
        await it.RpcAsync("anvil_mine", "0x32");
        await it.ChangeAsync(3, revoke: true);
        it.Node.Behave();
        await it.HoldsAsync();
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }

    private Task<LaneBench> StartAsync() => LaneBench.StartAsync(postgres, node);
}

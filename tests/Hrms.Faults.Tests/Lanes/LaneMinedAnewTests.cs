namespace Hrms.Faults.Tests.Lanes;

/// <summary>A chain that lost its newest blocks, and whose new ones hold only some of what is sent to it again.</summary>
public sealed class LaneMinedAnewTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    [Trait("Fault", "F21")]
    public async Task AChainThatIsMinedAnewSlowly_IsSentEachBatchOnce()
    {
        const int Batches = 10;
        await using var it = await LaneBench.StartAsync(postgres, node);
        for (var i = 0; i < Batches; i++)
        {
            await it.ChangeAsync();
            await it.QuietAsync();
        }
        await it.RpcAsync("anvil_reorg", Batches, Array.Empty<object>());
        var sent = it.Node.Calls("eth_sendRawTransaction");
        (it.Options.ReceiptPoll, it.Options.ResendAfter) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250));
        await HealsInSmallBlocksAsync(it, blockGasLimit: "0x30d40");      // 200,000: one batch a block
        Assert.Equal(sent + Batches, it.Node.Calls("eth_sendRawTransaction"));
    }

    /// <summary>A block has room for one batch of revocations, and beside it for a later one of grants, which the node tries, finds out of turn and drops.</summary>
    [Fact]
    [Trait("Fault", "F21")]
    public async Task AChainThatIsMinedAnew_IsSentAgainWhatTheNodeDropped()
    {
        await using var it = await LaneBench.StartAsync(postgres, node);
        var batches = 0;
        for (; batches < 9; batches++)
        {
            await it.ChangeAsync(count: 4, revoke: batches % 3 < 2);
            await it.QuietAsync();
        }
        await it.RpcAsync("anvil_reorg", batches, Array.Empty<object>());
        // Nobody waits for the time after which all of it would be sent anew.
        (it.Options.ReceiptPoll, it.Options.ResendAfter) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(30));
        await HealsInSmallBlocksAsync(it, blockGasLimit: "0x4e200");      // 320,000
    }

    /// <summary>Blocks that the writer waits for, one after the other, each with room for so much.</summary>
    private static async Task HealsInSmallBlocksAsync(LaneBench it, string blockGasLimit)
    {
        await it.RpcAsync("evm_setBlockGasLimit", blockGasLimit);
        try
        {
            it.NewPump();
            await it.HaltedAsync(async () =>
            {
                var healed = it.HoldsAsync();
                for (var asked = it.Node.Calls("eth_call"); !healed.IsCompleted; await Task.Delay(1, LaneBench.Cancellation))
                {
                    if (it.Node.Calls("eth_call") < asked + 4)
                        continue;
                    await it.RpcAsync("anvil_mine", "0x1");
                    asked = it.Node.Calls("eth_call");
                }
                await healed;
            });
        }
        finally
        {
            await it.RpcAsync("evm_setBlockGasLimit", "0x1c9c380");
        }
    }
}

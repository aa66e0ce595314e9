using Hrms.Faults.Tests.Lanes;

namespace Hrms.Faults.Tests.Members;

/// <summary>A chain that lost its newest batches for good gets those, under new transactions, and no others.</summary>
public sealed class EpochTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    [Trait("Fault", "F24")]
    public async Task ANewEpochOnTheSameChain_SignsWhatIsMissing_AndNothingElse()
    {
        await using var it = await LaneBench.StartAsync(postgres, node);
        for (var i = 0; i < 6; i++)
        {
            await it.ChangeAsync(revoke: i % 2 == 0);
            await it.QuietAsync();
        }
        var nonce = await it.MinedAsync();
        await it.RpcAsync("anvil_reorg", 2, Array.Empty<object>());
        await it.RpcAsync("anvil_setNonce", it.Key.Address.ToString(), $"0x{nonce + 1:x}");
        it.NewPump();
        await it.ChangeAsync();
        Assert.Equal(7, (await it.HoldsAsync()).Batches);
        Assert.Equal("5,6", await it.ScalarAsync<string>("select string_agg(distinct number::text, ',') from ledger_attempt"));
        Assert.Equal(4L, await it.ScalarAsync<long>("select count(*) from ledger_batch_now where chain_epoch = 1 and block_number is not null"));

        // What has its receipt stays as it is, also after another start in the new epoch.
        it.NewPump();
        await it.ChangeAsync();
        Assert.Equal(8, (await it.HoldsAsync()).Batches);
        Assert.Equal("5,6", await it.ScalarAsync<string>("select string_agg(distinct number::text, ',') from ledger_attempt"));
    }
}

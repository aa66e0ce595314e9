namespace Hrms.Faults.Tests.Lanes;

/// <summary>The writer against a node that misbehaves: what it says is a hint, what is on the chain is the truth.</summary>
public sealed class LaneFaultTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    [Theory]
    [Trait("Fault", "F09")]
    [InlineData("eth_sendRawTransaction")]
    [InlineData("eth_getTransactionReceipt")]
    [InlineData("eth_getTransactionCount")]
    [InlineData("eth_getBlockByHash")]
    public async Task WhateverTheNodeSays_TheChainDecides(string method)
    {
        await using var it = await LaneBench.StartAsync(postgres, node, options => options.CallTimeout = TimeSpan.FromSeconds(1));
        var misbehaved = 0;
        foreach (var way in Misbehaviour.Passing.Append(Misbehaviour.Hang))
        {
            output.WriteLine($"{method}: {way}");
            it.Node.Next(method, way, times: 2);
            it.NewPump();
            await it.ChangeAsync(2, revoke: true);
            await it.QuietAsync();
            misbehaved += it.Node.Misbehaved;
            it.Node.Behave();
        }
        Assert.Equal(2 * (Misbehaviour.Passing.Count + 1), (await it.HoldsAsync()).Rows);
        Assert.True(misbehaved > 0);
        Assert.Equal(0L, await it.ScalarAsync<long>("select count(*) from ledger_attempt"));
    }
}

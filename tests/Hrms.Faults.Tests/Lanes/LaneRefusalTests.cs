using Hrms.Domain.Proofs;
using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>
/// Whatever a node says of a transaction, in whatever state its batch is, is a hint. No batch is final without a receipt, none is signed again, and in the end
/// each is on the chain once.
/// </summary>
[Trait("Fault", "F09")]
public sealed class LaneRefusalTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static readonly IReadOnlyList<SendRefusal> Refusals = [.. SendRefusals.Known, .. SendRefusals.Unknown];

    [Fact]
    public async Task RefusedBeforeAnyNodeHasIt_StaysOpen_AndIsSentUntilOneTakesIt()
    {
        await using var it = await StartAsync();
        foreach (var refusal in Refusals)
        {
            it.Node.Always("eth_sendRawTransaction", refusal.Said);
            await it.ChangeAsync();
            await RefusedAsync(it, 2);
            Assert.Equal(JsonValueKind.Null, (await it.RpcAsync("eth_getTransactionByHash", Hex.Of(it.Pump.Last!.TransactionHash))).ValueKind);
            await EndsAsync(it, refusal);
        }
        await HoldsAsync(it);
    }

    [Fact]
    public async Task RefusedWhileItWaitsInThePool_StaysOpen_UntilItsBlock()
    {
        await using var it = await StartAsync();
        foreach (var refusal in Refusals)
        {
            await it.HaltedAsync(async () =>
            {
                await it.ChangeAsync();
                await it.UntilAsync(() => it.Pump.OpenCount == 1);
                it.Node.Always("eth_sendRawTransaction", refusal.Said);
                await RefusedAsync(it, 1);
            });
            await EndsAsync(it, refusal);
        }
        await HoldsAsync(it);
    }

    [Fact]
    public async Task RefusedThoughItWasMined_IsFinalByItsReceiptAlone()
    {
        await using var it = await StartAsync();
        foreach (var refusal in Refusals)
        {
            it.Node.Always("eth_getTransactionReceipt", Misbehaviour.NullResult);
            await it.ChangeAsync();
            await it.UntilAsync(() => it.Pump.OpenCount == 1);
            it.Node.Always("eth_sendRawTransaction", refusal.Said);
            it.NewPump();
            await RefusedAsync(it, 1);
            Assert.Equal(it.Pump.Last!.Number, await it.Ledger.LastNumberAsync(it.Pump.Identity!, 0, LaneBench.Cancellation));
            await EndsAsync(it, refusal);
        }
        await HoldsAsync(it);
    }

    [Fact]
    public async Task WordsThatNobodyKnows_AlarmTheOperator_AndTheSameBytesAreSentAgain()
    {
        await using var it = await StartAsync();
        foreach (var refusal in SendRefusals.Unknown)
        {
            it.Node.Always("eth_sendRawTransaction", refusal.Said);
            await it.ChangeAsync();
            await RefusedAsync(it, 1);
            Assert.Contains("in words that are not known here", it.Pump.Alarm, StringComparison.Ordinal);
            Assert.Equal(LaneState.Running, it.Pump.State);
            await EndsAsync(it, refusal);
            Assert.Null(it.Pump.Alarm);
        }
        await HoldsAsync(it);
    }

    private async Task<LaneBench> StartAsync()
    {
        var it = await LaneBench.StartAsync(postgres, node);
        (it.Options.ResendAfter, it.Options.ReceiptPoll) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(1));
        await it.ChangeAsync();
        await it.QuietAsync();
        return it;
    }

    /// <summary>The newest batch was refused so often, and is neither final nor given up.</summary>
    private static async Task RefusedAsync(LaneBench it, int times)
    {
        var sends = it.Node.Calls("eth_sendRawTransaction");
        await it.UntilAsync(() => it.Node.Calls("eth_sendRawTransaction") >= sends + times && it.Pump.OpenCount == 1);
        Assert.Equal(1L, await it.ScalarAsync<long>("select count(*) from ledger_batch_now where block_number is null"));
    }

    private static async Task EndsAsync(LaneBench it, SendRefusal refusal)
    {
        it.Node.Behave();
        await it.QuietAsync();
        Assert.True(await it.ScalarAsync<long>("select count(*) from ledger_attempt") == 0, $"Signed again after {refusal}.");
    }

    private static async Task HoldsAsync(LaneBench it)
    {
        var audit = await it.HoldsAsync();
        Assert.Equal(audit.Rows, audit.Batches);
    }
}

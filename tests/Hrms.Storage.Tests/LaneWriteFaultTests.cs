using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Storage.Lanes;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

/// <summary>A writer whose way to PostgreSQL is cut while it writes asks again with the same bytes: what it asked for is there once.</summary>
public sealed class LaneWriteFaultTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const int Batches = 5;

    [Theory]
    [InlineData(CuttingProxy.Moment.WhenTheReplyArrives)]
    [InlineData(CuttingProxy.Moment.WhenTheRequestWasForwarded)]
    [Trait("Fault", "F27")]
    public async Task AWriteWhoseAnswerIsLost_IsRepeated_AndThereOnce(CuttingProxy.Moment moment)
    {
        await using var proxy = Proxy();
        await using var cut = DataSource(Through(proxy));
        var lanes = new PostgresLaneStore(cut);
        await lanes.InsertDeploymentAsync(new(1, [1], [2], [3], null), Cancel);
        var lease = await lanes.TakeLeaseAsync(0, "silo", Cancel);
        var operation = new LaneOperation(Guid.NewGuid(), 0, DateTimeOffset.UnixEpoch, "operator", "resume", "to see");
        for (var number = 1; number <= Batches; number++)
        {
            var batch = Batch(number);
            await TwiceAsync(() => lanes.InsertAsync(batch, lease, Cancel));
            var again = batch with { Nonce = (ulong)(100 + number), TransactionHash = RandomNumberGenerator.GetBytes(32), SignedTransaction = RandomNumberGenerator.GetBytes(20) };
            await TwiceAsync(async () => Assert.Equal(2, (await lanes.ReissueAsync(again, "a reason", lease, Cancel)).Attempt));
            await TwiceAsync(() => lanes.ConfirmAsync(0, number, 2, new BatchReceipt(number, RandomNumberGenerator.GetBytes(32), DateTimeOffset.UnixEpoch), lease, Cancel));
        }
        await TwiceAsync(() => lanes.OperateAsync(operation, Cancel));

        Assert.Equal((3 * Batches) + 1, proxy.Cuts);
        Assert.Equal(Batches, (await lanes.BatchesAsync(0, 1, 100, Cancel)).Count(batch => batch is { Attempt: 2, Receipt: not null }));
        Assert.Empty(await lanes.OpenAsync(0, 100, Cancel));
        Assert.Equal(2L * Batches, await ScalarAsync<long>("select count(*) from ledger_transaction"));
        Assert.Single(await lanes.OperationsAsync(0, 100, Cancel));

        async Task TwiceAsync(Func<Task> write)
        {
            proxy.CutNext(moment);
            await Assert.ThrowsAnyAsync<NpgsqlException>(write);
            await write();
        }
    }

    private static LedgerBatch Batch(long number) => new(
        0, number, RandomNumberGenerator.GetBytes(32), new((ulong)number - 1, number - 1), new((ulong)number, number), 1, [], [], (ulong)number,
        RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(20), DateTimeOffset.UnixEpoch);
}

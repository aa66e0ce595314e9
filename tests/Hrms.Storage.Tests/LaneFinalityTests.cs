using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Storage.Lanes;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

/// <summary>A batch that is final on a chain stays so: no receipt is changed, taken away or joined by a second, whatever is written in whatever order.</summary>
public sealed class LaneFinalityTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const int Steps = 150;
    private readonly Dictionary<(long Number, int ChainEpoch), string> _final = [];
    private long _lease;
    private int _chainEpoch = 1;
    private ulong _nonce;

    private PostgresLaneStore Lanes => new(Database);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task NoFinalStateEverChanges_WhateverIsWritten(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await Lanes.InsertDeploymentAsync(new(1, [1], [2], [3], null), Cancel);
        _lease = await Lanes.TakeLeaseAsync(0, "silo", Cancel);
        for (var step = 0; step < Steps; step++)
        {
            await ActAsync(random);
            await HoldsAsync();
        }
        Assert.True(_final.Count > 10, $"{_final.Count} were final.");
        Assert.True(_chainEpoch > 1);
    }

    private async Task ActAsync(Random random)
    {
        var last = await Lanes.LastAsync(0, Cancel);
        var number = last is null ? 0 : random.NextInt64(1, last.Number + 1);
        switch (number == 0 ? 0 : random.Next(20))
        {
            case < 4:
                await Lanes.InsertAsync(Batch((last?.Number ?? 0) + 1, last?.Through ?? JournalCursor.Start), _lease, Cancel);
                return;
            case < 10:
                var attempts = await Lanes.AttemptsAsync(0, number, _chainEpoch, Cancel);
                if (attempts.Count > 0)
                    await Lanes.ConfirmAsync(0, number, attempts[random.Next(attempts.Count)].Attempt, Receipt(random), _lease, Cancel);
                return;
            case < 15:
                await Lanes.ReissueAsync(await NewestAsync(number), "a reason", _lease, Cancel);
                return;
            case 15:
                _lease = await Lanes.TakeLeaseAsync(0, "another", Cancel);
                await Assert.ThrowsAsync<LeaseLostException>(async () => await Lanes.ReissueAsync(await NewestAsync(number), "too late", _lease - 1, Cancel));
                return;
            case 16:
                await Assert.ThrowsAsync<LeaseLostException>(() => Lanes.ConfirmAsync(0, number, 1, Receipt(random), _lease - 1, Cancel));
                return;
            case 17 when _final.Count > 0:
                var table = random.Next(2) == 0 ? "ledger_batch" : "ledger_attempt";
                if (await ScalarAsync<long>($"select count(*) from {table} where block_number is not null") > 0)
                {
                    var change = random.Next(2) == 0 ? $"update {table} set block_number = null, block_hash = null, block_time = null" : $"update {table} set block_number = 1";
                    await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync($"{change} where block_number is not null"));
                }
                return;
            case 18 when _chainEpoch < 4:
                _chainEpoch = (await Lanes.InsertDeploymentAsync(new(1, [1], [2], [3], null, _chainEpoch + 1), Cancel)).Epoch;
                foreach (var batch in await Lanes.BatchesAsync(0, 1, int.MaxValue, Cancel))
                    await Lanes.ReissueAsync(await NewestAsync(batch.Number), "new chain", _lease, Cancel);
                return;
        }
    }

    /// <summary>All receipts that there were are there, with one to a batch and chain; what is final is not open, and is shown as it became.</summary>
    private async Task HoldsAsync()
    {
        await using var command = Database.CreateCommand(
            "select number, chain_epoch, string_agg(format('%s %s %s', attempt, block_number, block_hash), '; ') from ledger_transaction where block_number is not null group by 1, 2");
        Dictionary<(long, int), string> now = [];
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
            while (await reader.ReadAsync(Cancel))
                now.Add((reader.GetInt64(0), reader.GetInt32(1)), reader.GetString(2));
        Assert.DoesNotContain(now.Values, receipts => receipts.Contains(';', StringComparison.Ordinal));
        foreach (var (batch, receipt) in _final)
            Assert.Equal(receipt, now.GetValueOrDefault(batch));
        foreach (var (batch, receipt) in now)
            _final.TryAdd(batch, receipt);
        var open = await Lanes.OpenAsync(0, int.MaxValue, Cancel);
        Assert.Equal(
            (await Lanes.BatchesAsync(0, 1, int.MaxValue, Cancel)).Where(batch => !_final.ContainsKey((batch.Number, _chainEpoch))).Select(batch => batch.Number),
            open.Select(batch => batch.Number));
    }

    private async Task<LedgerBatch> NewestAsync(long number)
    {
        var batch = (await Lanes.BatchesAsync(0, number, 1, Cancel)).Single();
        return batch with
        {
            ChainEpoch = _chainEpoch, Nonce = _nonce++, TransactionHash = RandomNumberGenerator.GetBytes(32), SignedTransaction = RandomNumberGenerator.GetBytes(20),
        };
    }

    private LedgerBatch Batch(long number, JournalCursor after) => new(
        0, number, RandomNumberGenerator.GetBytes(32), after, new((ulong)number, number), 1, [], [], _nonce++, RandomNumberGenerator.GetBytes(32),
        RandomNumberGenerator.GetBytes(20), DateTimeOffset.UnixEpoch, ChainEpoch: _chainEpoch);

    private static BatchReceipt Receipt(Random random) => new(random.Next(1, 1_000), RandomNumberGenerator.GetBytes(32), DateTimeOffset.UnixEpoch);
}

using System.Diagnostics;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

/// <summary>
/// Figures, not assertions. Run with
/// <c>dotnet run -c Release --project tests/Hrms.Storage.Tests -- --explicit only --filter-class Hrms.Storage.Tests.JournalBenchmark --output Detailed</c>.
/// </summary>
public sealed class JournalBenchmark(PostgresFixture postgres) : StorageTest(postgres)
{
    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(1, 128)]
    [InlineData(2, 128)]
    [InlineData(1, 512)]
    [InlineData(2, 512)]
    [InlineData(3, 512)]
    public async Task Appends(int writers, int callers)
    {
        await using var journal = Silo(Database, options => options.Writers = writers);
        // The callers' part (random bytes, hashes) is made before the clock starts.
        var perCaller = callers == 1 ? 2_000 : 200_000 / callers;
        var work = Enumerable.Range(0, callers).Select(_ =>
        {
            var streams = Enumerable.Range(0, 20).Select(_ => new TestStream()).ToArray();
            return Enumerable.Range(0, perCaller).Select(i =>
            {
                var next = streams[i % streams.Length].Next();
                streams[i % streams.Length].Took(next);
                return next;
            }).ToArray();
        }).ToArray();
        await new TestStream().AppendAsync(journal);
        await ExecuteAsync("checkpoint");
        var (wal, flushes) = (await ScalarAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"), await FlushesAsync());
        var latencies = new double[callers][];
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(work.Select((appends, caller) => Task.Run(async () =>
        {
            latencies[caller] = new double[appends.Length];
            for (var i = 0; i < appends.Length; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                await journal.AppendAsync(appends[i], CancellationToken.None);
                latencies[caller][i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            }
        })));

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var total = perCaller * callers;
        var bytes = await ScalarAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')") - wal;
        var all = latencies.SelectMany(each => each).Order().ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"writers {writers} callers {callers}: {total / seconds:F0} appends/s, p50 {all[all.Length / 2]:F2} ms, p99 {all[all.Length * 99 / 100]:F2} ms, "
            + $"WAL {bytes / total:F0} bytes per append, {total / Math.Max(1, await FlushesAsync() - flushes):F1} appends per transaction");
    }

    private Task<long> FlushesAsync() => ScalarAsync<long>("select count(distinct txid) from journal");
}

using System.Diagnostics;
using HdrHistogram;
using Hrms.Load.Measuring;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Load.Baselines;

/// <summary>Binary COPY of the same samples into a table of their own, a batch a transaction: what PostgreSQL takes at best.</summary>
internal sealed class CopiedSamples(BaselineTable table, NpgsqlConnectionStringBuilder database, int clients, int each) : IBaseline
{
    public string Description => $"binary COPY of {each} rows a transaction, {clients} connections";

    public static async Task<IBaseline> CreateAsync(NpgsqlConnectionStringBuilder database, int clients, int each) => new CopiedSamples(
        await BaselineTable.CreateAsync(
            database, "load_samples", "device uuid not null, kind smallint not null, at timestamptz not null, value double precision not null, primary key (device, kind, at)"),
        database, clients, each);

    public async Task<Measurement> RunAsync(TimeSpan during, CancellationToken stop)
    {
        var source = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        var began = Stopwatch.GetTimestamp();
        var histograms = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => LoopAsync(source.ConnectionString, began, during, stop), stop)));
        var all = CopyFigures.Sum(histograms);
        return new Measurement(Description, all.TotalCount, 0, Stopwatch.GetElapsedTime(began).TotalSeconds, Latency.Of(all), new Dictionary<string, double>(), Machine.LoadAverage(), []);
    }

    public ValueTask DisposeAsync() => table.DisposeAsync();

    private async Task<LongHistogram> LoopAsync(string connectionString, long began, TimeSpan during, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stop);
        var (micros, device, at, random) = (new LongHistogram(3_600_000_000, 3), Guid.NewGuid(), new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), new Random(1));
        while (Stopwatch.GetElapsedTime(began) < during)
        {
            var sent = Stopwatch.GetTimestamp();
            await using (var copy = await connection.BeginBinaryImportAsync("copy load_samples (device, kind, at, value) from stdin (format binary)", stop))
            {
                for (var i = 0; i < each; i++, at = at.AddSeconds(1))
                {
                    await copy.StartRowAsync(stop);
                    await copy.WriteAsync(device, NpgsqlDbType.Uuid, stop);
                    await copy.WriteAsync((short)1, NpgsqlDbType.Smallint, stop);
                    await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, stop);
                    await copy.WriteAsync(55.0 + random.Next(60), NpgsqlDbType.Double, stop);
                }
                await copy.CompleteAsync(stop);
            }
            micros.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds));
        }
        return micros;
    }
}

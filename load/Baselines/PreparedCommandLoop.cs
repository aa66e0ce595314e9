using System.Diagnostics;
using HdrHistogram;
using Hrms.Load.Measuring;
using Npgsql;

namespace Hrms.Load.Baselines;

/// <summary>Many connections that each send one prepared statement again and again, the next when the last is answered.</summary>
internal static class PreparedCommandLoop
{
    /// <param name="sql">With one parameter, $1.</param>
    /// <param name="next">The parameter of a client's next statement.</param>
    public static async Task<Measurement> RunAsync(
        string what, NpgsqlConnectionStringBuilder database, int clients, string sql, Func<int, Random, object> next, TimeSpan during, CancellationToken stop)
    {
        var source = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        var commands = new List<NpgsqlCommand>();
        try
        {
            for (var client = 0; client < clients; client++)
                commands.Add(await PrepareAsync(source.ConnectionString, sql, next(client, new Random(client)), stop));
            var began = Stopwatch.GetTimestamp();
            var histograms = await Task.WhenAll(commands.Select((command, client) => Task.Run(() => LoopAsync(command, client, next, began, during, stop), stop)));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var all = histograms[0];
            foreach (var more in histograms[1..])
                all.Add(more);
            return new Measurement(what, all.TotalCount, 0, seconds, Latency.Of(all), new Dictionary<string, double>(), Machine.LoadAverage(), []);
        }
        finally
        {
            foreach (var command in commands)
            {
                await command.Connection!.DisposeAsync();
                await command.DisposeAsync();
            }
        }
    }

    private static async Task<NpgsqlCommand> PrepareAsync(string connectionString, string sql, object first, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stop);
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = first } } };
        await command.PrepareAsync(stop);
        return command;
    }

    private static async Task<LongHistogram> LoopAsync(
        NpgsqlCommand command, int client, Func<int, Random, object> next, long began, TimeSpan during, CancellationToken stop)
    {
        var (micros, random) = (new LongHistogram(3_600_000_000, 3), new Random(client));
        while (Stopwatch.GetElapsedTime(began) < during)
        {
            command.Parameters[0].Value = next(client, random);
            var sent = Stopwatch.GetTimestamp();
            await command.ExecuteScalarAsync(stop);
            micros.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds));
        }
        return micros;
    }
}

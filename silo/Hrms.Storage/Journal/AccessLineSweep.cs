using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Journal;

/// <summary>
/// Moves access lines that are no longer new from the journal to the partition of their quarter (ADR 0019). One for each silo; the database lets one of them work at a time. Nobody waits for it, and it takes
/// a quarter of one connection's time at most: lines that have gathered for years move within days, and meanwhile are read where they are.
/// </summary>
internal sealed class AccessLineSweep(NpgsqlDataSource database, JournalOptions options, TimeProvider clock) : BackgroundService
{
    private const int RowsAtOnce = 1_000, RestPerWork = 3;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Moves lines recorded before a time, in one transaction.</summary>
    /// <param name="before">A day ago at the latest.</param>
    /// <param name="take">How many rows of the journal, changes included, are gone through.</param>
    /// <returns>How many were; fewer than asked for: there are no more such rows now.</returns>
    public static async Task<int> SettleAsync(NpgsqlDataSource database, DateTimeOffset before, int take, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select settle_access_lines($1, $2)");
        command.Parameters.Add(new() { Value = before.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = take });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                try
                {
                    await SettleAsync(stoppingToken);
                }
                catch (NpgsqlException)
                {
                    // another time: they are read where they are
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // told to stop
        }
    }

    private async Task SettleAsync(CancellationToken stoppingToken)
    {
        int moved;
        do
        {
            var began = Stopwatch.GetTimestamp();
            moved = await SettleAsync(database, clock.GetUtcNow() - options.AccessLinesSettleAfter, RowsAtOnce, stoppingToken);
            await Task.Delay(RestPerWork * Stopwatch.GetElapsedTime(began), stoppingToken);
        }
        while (moved == RowsAtOnce);
    }
}

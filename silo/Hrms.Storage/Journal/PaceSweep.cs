using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Hrms.Storage.Journal;

/// <summary>Takes away what only kept pace: rows that stand for nothing, made so that a question about nobody takes as long as one about somebody.</summary>
internal sealed class PaceSweep(NpgsqlDataSource database) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await using var command = database.CreateCommand("delete from journal_pace");
                    await command.ExecuteNonQueryAsync(stoppingToken);
                }
                catch (NpgsqlException)
                {
                    // another time: they stand for nothing
                }
            }
        }
        catch (OperationCanceledException)
        {
            // told to stop
        }
    }
}

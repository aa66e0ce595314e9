using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hrms.Storage.Time;

/// <summary>Keeps the cluster's clock with the database's while the silo runs.</summary>
internal sealed partial class ClockReader(DatabaseClock clock, ILogger<ClockReader> log) : BackgroundService
{
    /// <summary>A counter is wrong by some ten milliseconds in ten minutes.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Worth a line: tokens are judged by the machine's clock, and others read its logs.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await clock.ReadAsync(stoppingToken);
                }
                catch (NpgsqlException)
                {
                    continue;       // nothing can be decided without the database either; the counter goes on
                }
                if (clock.Offset.Duration() > Noticed)
                    IsWrong(log, clock.Offset);
            }
        }
        catch (OperationCanceledException)
        {
            // told to stop
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine's clock says {Elapsed} more than PostgreSQL's. Decisions go by PostgreSQL's; tokens and logs do not. Set the clock.")]
    private static partial void IsWrong(ILogger log, TimeSpan elapsed);
}

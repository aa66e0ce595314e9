using Hrms.Api.Identity.Installations;

namespace Hrms.Api.Identity.Accounts;

/// <summary>What has to be done about accounts by and by: the histories are told of failed sign-ins and of what the server did by itself, and who was erased has none any more. On every node; two at once do no harm.</summary>
internal sealed partial class AccountSweep(IServiceScopeFactory scopes, AccountDeletion deletion, ILogger<AccountSweep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Once. Also called by tests, which don't wait for a minute.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountHistory>().TellFailuresAsync(cancellationToken);
        await deletion.SweepAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<InstallationHistory>().TellAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                SweepFailed(log, fault.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What had to be done about accounts could not be ({Fault}). Tried again in a minute.")]
    private static partial void SweepFailed(ILogger log, string fault);
}

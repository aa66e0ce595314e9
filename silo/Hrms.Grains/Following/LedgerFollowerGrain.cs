using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Following;

/// <summary>
/// Follows the shared ledger while it is active, step by step; a reminder brings it back. This file holds its life; the steps are in <see cref="Follower"/>, the answers in
/// LedgerFollowerGrain.Asking.cs. Questions interleave with the steps and have one made for themselves: a semaphore keeps steps apart.
/// Should there be two activations for a while, the rows' own fence keeps them from harm.
/// </summary>
public sealed partial class LedgerFollowerGrain(
    IFollowedLedger rows, ILedgerEvents ledger, IKnownMembers members, LaneOptions lanes, TimeProvider clock, FollowerOptions options, ILogger<LedgerFollowerGrain> logger)
    : Grain, ILedgerFollowerGrain, IRemindable
{
    private const string SweepReminder = "sweep";

    private readonly Follower _follower = new(rows, ledger, options, clock, logger);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await this.RegisterOrUpdateReminder(SweepReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        _following = FollowAsync(_stop.Token);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    public Task WakeAsync() => Task.CompletedTask;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await StepAsync(cancellationToken))
                continue;
            var rest = _follower.State == FollowerState.Stopped ? options.StoppedFor : options.Every;
            await Task.Delay(rest, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await _follower.StepAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}

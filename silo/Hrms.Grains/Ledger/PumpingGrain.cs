using System.Diagnostics;

namespace Hrms.Grains.Ledger;

/// <summary>
/// The life of a grain that brings things to the ledger: it is woken, pumps step by step until there is nothing to do, and rests. A lost wake is covered by a reminder.
/// Wakes and questions interleave with a pump that is under way; all they touch is the flag that asks for another round.
/// </summary>
public abstract class PumpingGrain : Grain, IRemindable
{
    private const string SweepReminder = "sweep";
    private readonly CancellationTokenSource _stop = new();
    private Task _pumping = Task.CompletedTask;
    private bool _again;

    /// <summary>Whether there is something to do without a wake.</summary>
    private protected abstract bool IsBusy { get; }

    /// <summary>One step; throws nothing.</summary>
    private protected abstract Task<LaneStep> StepAsync(CancellationToken cancellationToken);

    /// <summary>Called once, at activation, by a grain that has something to bring at all. A reminder can't tick more often than once a minute.</summary>
    protected async Task BeginAsync()
    {
        await this.RegisterOrUpdateReminder(SweepReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Pump();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    public virtual Task WakeAsync()
    {
        Pump();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    /// <summary>Starts the pump, or has the running one look once more.</summary>
    protected void Pump()
    {
        _again = true;
        if (!_pumping.IsCompleted || _stop.IsCancellationRequested)
            return;
        // Part of nobody's trace, whoever woke it: it works on for others.
        var woke = Activity.Current;
        Activity.Current = null;
        _pumping = PumpAsync(_stop.Token);
        Activity.Current = woke;
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while ((_again || IsBusy) && !cancellationToken.IsCancellationRequested)
        {
            _again = false;
            switch (await StepAsync(cancellationToken))
            {
                case LaneStep.Again:
                    _again = true;
                    break;
                case LaneStep.Lost:
                    DeactivateOnIdle();
                    return;
                case LaneStep.Ended:
                    return;
            }
        }
    }
}

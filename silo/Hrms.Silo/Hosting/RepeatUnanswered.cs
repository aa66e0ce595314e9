using System.Diagnostics;
using Hrms.Contracts;

namespace Hrms.Silo.Hosting;

/// <summary>
/// Makes a call again whose silo left, died, did not answer in time, or says that another has the grain by now: a moment later it lives elsewhere. A command may be repeated because its id makes it happen
/// once; a question may because each look is its own. A call that has waited for long is not: its caller has.
/// </summary>
internal sealed class RepeatUnanswered(TimeSpan answerWithin) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)];

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var pause in Pauses)
        {
            try
            {
                await context.Invoke();
                if (context.Result is not IOutcome { Refusal.Code: RefusalCode.Unavailable } || IsLate(began))
                    return;
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException && !IsLate(began))
            {
                // asked again below
            }
            await Task.Delay(pause);
        }
        await context.Invoke();
    }

    private bool IsLate(long began) => Stopwatch.GetElapsedTime(began) >= answerWithin * 1.5;
}

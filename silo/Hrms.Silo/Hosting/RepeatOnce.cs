using System.Diagnostics;

namespace Hrms.Silo.Hosting;

/// <summary>
/// Makes a call once more whose silo left, died or did not answer in time: by then its grain lives elsewhere. A command may be repeated because its id makes it happen
/// once; a question may because each look is its own. A call that has waited for long is not: its caller has.
/// </summary>
internal sealed class RepeatOnce(TimeSpan answerWithin) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await context.Invoke();
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException && Stopwatch.GetElapsedTime(began) < answerWithin * 1.5)
        {
            await context.Invoke();
        }
    }
}

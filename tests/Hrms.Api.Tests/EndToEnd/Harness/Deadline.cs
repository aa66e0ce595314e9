using System.Diagnostics;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Waiting for what happens by itself, and failing when it does not happen in time.</summary>
public static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks again and again until there is an answer.</summary>
    /// <param name="what">Completes the sentence "Within 30 s there was not ...".</param>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? within = null) where T : class
    {
        var limit = within ?? TimeSpan.FromSeconds(30);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < limit;)
        {
            if (await ask() is { } answer)
                return answer;
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"Within {limit.TotalSeconds:0.#} s there was not {what}.");
    }
}

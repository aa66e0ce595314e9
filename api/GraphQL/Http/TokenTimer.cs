namespace Hrms.Api.GraphQL.Http;

/// <summary>Ends what a token allowed when its time is over.</summary>
internal static class TokenTimer
{
    /// <summary>Longest wait a timer takes; a token that lives longer is a matter of reconnecting.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(40);

    /// <summary>Calls <paramref name="ended"/> at the given time, at once when it is over already, never when there is none.</summary>
    public static ITimer Start(TimeProvider time, DateTimeOffset? end, Action ended)
    {
        var wait = end is { } at ? Clamp(at - time.GetUtcNow()) : Timeout.InfiniteTimeSpan;
        return time.CreateTimer(_ => ended(), null, wait, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > WaitMax ? WaitMax : wait;
}

using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Following;

internal static partial class FollowerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared ledger could not be read ({Fault}) {Detail}; trying again.")]
    public static partial void FollowingFailed(this ILogger logger, string fault, string detail);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The shared ledger contradicts what was read of it: {Reason} No consent of another member is taken to hold until this is over.")]
    public static partial void FollowingStopped(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node has other blocks than those that were read, up to block {Number}: reading it from its first block again.")]
    public static partial void ReadingAgain(this ILogger logger, long number);
}

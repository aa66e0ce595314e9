using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Journaling;

internal static partial class StreamGrainLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of stream {Stream} at version {Version} can't be read; replaying from the beginning.")]
    public static partial void SnapshotUnreadable(this ILogger logger, Guid stream, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of stream {Stream} at version {Version} was not written: {Fault}.")]
    public static partial void SnapshotNotWritten(this ILogger logger, Guid stream, long version, string fault);
}

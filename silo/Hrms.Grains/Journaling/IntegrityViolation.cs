using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Journaling;

/// <summary>What was found not to be what was written. Operators are told the kind, since it says what to restore.</summary>
internal enum IntegrityViolation
{
    /// <summary>A row of the journal does not open at its place.</summary>
    Row = 1,
    /// <summary>The newest rows of a stream are gone.</summary>
    MissingRows = 2,
    /// <summary>The content of a record or of samples does not open.</summary>
    Content = 3,
    /// <summary>The wrapped key of an owner does not open.</summary>
    Key = 4,
    /// <summary>A snapshot does not open; the journal has everything that it had.</summary>
    Snapshot = 5,
    /// <summary>A check found rows that are not as they were written.</summary>
    History = 6,
    /// <summary>The journal's rows no longer give the root of a batch.</summary>
    Batch = 7,
    /// <summary>Something else that is sealed does not open.</summary>
    Other = 8,
}

/// <summary>
/// The alarm: a line of the log that names the place, and a count that pages somebody. Raised where a violation is found, whatever the caller is told: a refusal is no fault to whoever watches faults.
/// </summary>
internal static partial class IntegrityAlarm
{
    /// <param name="version">The event that names what was changed, or the newest that is known to be right; 0: none.</param>
    public static void Raise(this ILogger logger, IntegrityViolation kind, StreamId stream, long version)
    {
        GrainsTelemetry.Violated(kind);
        logger.Violated(kind, stream.Value, version);
    }

    public static void RaiseForBatch(this ILogger logger, int lane, long number)
    {
        GrainsTelemetry.Violated(IntegrityViolation.Batch);
        logger.BatchViolated(lane, number);
    }

    /// <summary>What no grain expected, at the border of one.</summary>
    public static void RaiseAtBorder(this ILogger logger, string? grain)
    {
        GrainsTelemetry.Violated(IntegrityViolation.Other);
        logger.ViolatedAtBorder(grain);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "What is stored is not what was written ({Fault}): stream {Stream}, event {Version}. It is not served. Restore it from a backup and run the history check.")]
    private static partial void Violated(this ILogger logger, IntegrityViolation fault, Guid stream, long version);

    [LoggerMessage(Level = LogLevel.Critical, Message = "What is stored is not what was written: the journal's rows do not give the root of batch {Number} of lane {Lane}.")]
    private static partial void BatchViolated(this ILogger logger, int lane, long number);

    [LoggerMessage(Level = LogLevel.Critical, Message = "What is stored is not what was written: something sealed does not open in grain {Grain}. It is not served.")]
    private static partial void ViolatedAtBorder(this ILogger logger, string? grain);
}

using Hrms.Domain.Ports;

namespace Hrms.Grains.Journaling;

/// <summary>Something of a stream was changed behind our back: it is not served. Made where it is found, which raises the alarm (<see cref="IntegrityAlarm"/>).</summary>
[GenerateSerializer, Alias("TamperedException")]
public sealed class TamperedException : Exception
{
    public TamperedException(StreamId stream, long version, Exception inner)
        : base($"Row {version} of stream {stream} is not what was written. Restore it from a backup and run the history check.", inner)
    {
    }

    /// <summary>The owner's key, or what no single event names.</summary>
    public TamperedException(StreamId stream, string what, Exception inner)
        : base($"{what} of stream {stream} is not what was written. Restore it from a backup and run the history check.", inner)
    {
    }

    /// <summary>The newest rows are gone.</summary>
    /// <param name="version">The newest row that is there.</param>
    /// <param name="known">The newest row that a snapshot knows.</param>
    public TamperedException(StreamId stream, long version, long known)
        : base($"Rows {version + 1} to {known} of stream {stream} are missing: a snapshot has them, the journal has not. Restore them from a backup and run the history check.")
    {
    }
}

namespace Hrms.Contracts;

/// <summary>What became of one item of a batch.</summary>
[GenerateSerializer]
public enum SampleStatus : byte
{
    Stored = 0,
    /// <summary>The same kind, time and value is there already: nothing to do.</summary>
    Duplicate = 1,
    /// <summary>Another value is there for the kind and time: the first one stays.</summary>
    Conflict = 2,

    // Rejected, from here on: the item was left out.
    UnknownKind = 10,
    UnreadableTime = 11,
    /// <summary>Before <see cref="SampleLimits.TimeMin"/>.</summary>
    TimeTooOld = 12,
    /// <summary>More than <see cref="SampleLimits.ClockSkewMax"/> ahead of our clock.</summary>
    TimeInFuture = 13,
    /// <summary>Missing, no number, NaN or infinite.</summary>
    NotANumber = 14,
    /// <summary>Not a unit of the item's kind.</summary>
    ForeignUnit = 15,
    /// <summary>Negative, or more than any body measures.</summary>
    Implausible = 16,
}

/// <summary>What became of a batch: one status an item, in the order sent.</summary>
[GenerateSerializer, Immutable, Alias("SampleIngestResult")]
public sealed record SampleIngestResult([property: Id(0)] SampleStatus[] Statuses)
{
    public int Stored => Count(SampleStatus.Stored);

    public int Duplicates => Count(SampleStatus.Duplicate);

    public int Conflicts => Count(SampleStatus.Conflict);

    public int Rejected => Statuses.Count(IsRejection);

    public static bool IsRejection(SampleStatus status) => status >= SampleStatus.UnknownKind;

    private int Count(SampleStatus status) => Statuses.AsSpan().Count(status);
}

namespace Hrms.Contracts;

/// <summary>How fine an answer is: every sample, or one point for each minute, hour or day (UTC) that has samples.</summary>
[GenerateSerializer]
public enum SampleResolution : byte
{
    Raw = 1,
    Minute = 2,
    Hour = 3,
    Day = 4,
}

/// <summary>A question for one device's samples of one kind, in time order, page by page.</summary>
/// <param name="From">The first moment that counts.</param>
/// <param name="To">The first moment that does not count any more.</param>
/// <param name="First">How many points at most: 1 to <see cref="SampleLimits.PagePointsMax"/>.</param>
/// <param name="After">The time of the last point of the page before; null for the first page.</param>
[GenerateSerializer, Immutable, Alias("SampleQuery")]
public sealed record SampleQuery(
    [property: Id(0)] SampleKind Kind,
    [property: Id(1)] DateTimeOffset From,
    [property: Id(2)] DateTimeOffset To,
    [property: Id(3)] SampleResolution Resolution,
    [property: Id(4)] int First,
    [property: Id(5)] DateTimeOffset? After = null);

/// <summary>One sample, or the samples of one minute, hour or day.</summary>
/// <param name="Time">The sample's time, or the start of the minute, hour or day (UTC).</param>
/// <param name="Mean">In the kind's unit (<see cref="SampleKinds"/>), as <paramref name="Min"/> and <paramref name="Max"/>. Steps: mean ×
/// count is the sum.</param>
[GenerateSerializer, Immutable, Alias("SamplePoint")]
public readonly record struct SamplePoint(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] double Min,
    [property: Id(2)] double Mean,
    [property: Id(3)] double Max,
    [property: Id(4)] int Count);

/// <param name="HasNext">Whether a next page has points; its <see cref="SampleQuery.After"/> is the last point's time.</param>
[GenerateSerializer, Immutable, Alias("SamplePage")]
public sealed record SamplePage([property: Id(0)] SamplePoint[] Points, [property: Id(1)] bool HasNext);

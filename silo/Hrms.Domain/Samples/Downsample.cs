using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>Samples as points: each on its own, or the least, mean and greatest of each minute, hour or day (UTC) that has
/// samples.</summary>
public static class Downsample
{
    /// <summary>How long a point lasts, in milliseconds; 1 for single samples.</summary>
    public static long Width(SampleResolution resolution) => resolution switch
    {
        SampleResolution.Raw => 1,
        SampleResolution.Minute => 60_000,
        SampleResolution.Hour => 3_600_000,
        SampleResolution.Day => ChunkInfo.DayMilliseconds,
        _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "No such resolution."),
    };

    /// <summary>Adds the points of a run, oldest first, until the list has <paramref name="limit"/>.</summary>
    public static void Add(SampleRun run, SampleResolution resolution, int limit, List<SamplePoint> points)
    {
        var times = run.Times.Span;
        var values = run.Values.Span;
        var width = Width(resolution);
        for (var start = 0; start < times.Length && points.Count < limit;)
        {
            var bucket = times[start] - times[start] % width;
            var (min, max, sum) = (values[start], values[start], values[start]);
            var end = start + 1;
            for (; end < times.Length && times[end] - bucket < width; end++)
            {
                var value = values[end];
                min = Math.Min(min, value);
                max = Math.Max(max, value);
                sum += value;
            }
            points.Add(new SamplePoint(DateTimeOffset.FromUnixTimeMilliseconds(bucket), min, sum / (end - start), max, end - start));
            start = end;
        }
    }
}

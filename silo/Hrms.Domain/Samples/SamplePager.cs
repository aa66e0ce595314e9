using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>
/// Answers a query a day at a time, so that a page opens no more chunks than it needs. No point spans two days (or months, for the kinds
/// kept by month).
/// <code>
/// var pager = new SamplePager(query);
/// foreach (var chunks in pager.Days(book))
///     if (pager.Add(open(chunks))) break;
/// return pager.Page;
/// </code>
/// </summary>
public sealed class SamplePager
{
    private readonly SampleQuery _query;
    private readonly long _from, _to;
    private readonly List<SamplePoint> _points = [];

    /// <param name="query">One that <see cref="Check"/> has nothing against.</param>
    public SamplePager(SampleQuery query)
    {
        _query = query;
        _from = Ceiling(query.From);
        _to = Ceiling(query.To);
        if (query.After is { } after)
            _from = Math.Max(_from, after.ToUnixTimeMilliseconds() + Downsample.Width(query.Resolution));
    }

    public SamplePage Page => new([.. _points.Take(_query.First)], _points.Count > _query.First);

    /// <summary>What is wrong with a query, or null.</summary>
    public static Refusal? Check(SampleQuery query)
    {
        if (query.Kind is < SampleKind.HeartRate or > SampleKind.BodyTemperature)
            return new Refusal(RefusalCode.Invalid, "No such kind of sample.", "kind");
        if (query.Resolution is < SampleResolution.Raw or > SampleResolution.Day)
            return new Refusal(RefusalCode.Invalid, "No such resolution.", "resolution");
        if (query.First is < 1 or > SampleLimits.PagePointsMax)
            return new Refusal(RefusalCode.Invalid, $"A page has 1 to {SampleLimits.PagePointsMax} points.", "first");
        return query.From < query.To ? null : new Refusal(RefusalCode.Invalid, "The end must be after the start.", "to");
    }

    /// <summary>The chunks to open, a day at a time, oldest first; <see cref="Add"/> says when there is no need for more.</summary>
    public IEnumerable<IReadOnlyList<ChunkInfo>> Days(ChunkBook book) =>
        _from >= _to
            ? []
            : book.DaysOf(_query.Kind, ChunkInfo.DayOf(_query.Kind, _from), ChunkInfo.DayOf(_query.Kind, _to - 1))
                .Select(day => book.Of(_query.Kind, day).Where(chunk => chunk.From < _to && chunk.To >= _from).ToList())
                .Where(chunks => chunks.Count > 0);

    /// <summary>Takes the samples of one day's chunks; true when the page is full.</summary>
    public bool Add(IReadOnlyList<SampleRun> day)
    {
        var run = SampleRun.Merge([.. day.Select(chunk => chunk.Within(_from, _to))]);
        Downsample.Add(run, _query.Resolution, _query.First + 1, _points);
        return _points.Count > _query.First;
    }

    /// <summary>Samples have whole milliseconds: a bound between two is the later one.</summary>
    private static long Ceiling(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}

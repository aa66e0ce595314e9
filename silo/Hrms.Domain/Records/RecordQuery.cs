using System.Globalization;
using Hrms.Contracts;

namespace Hrms.Domain.Records;

/// <summary>The filters and the paging of a search. Runs only over what the asker may see, so nothing hidden shows in a page, a count or a cursor.</summary>
public static class RecordQuery
{
    public static bool Matches(RecordSearch search, RecordMetadata record) =>
        (search.Classes.Count == 0 || search.Classes.Contains(record.Class))
        && (search.ResourceType is null || search.ResourceType == record.ResourceType)
        && (search.Code is null || record.Codes.Any(code => MatchesCode(search.Code, code)))
        && (search.Date is null || (record.Date is { } date && search.Date.Contains(date)))
        && (search.Label is null || record.Labels.Contains(search.Label))
        && (search.Author is null || record.Authors.Contains(search.Author.Value))
        && (search.Text is null || record.Codes.Any(code => code.Display?.Contains(search.Text, StringComparison.OrdinalIgnoreCase) == true));

    public static (IReadOnlyList<T> Page, bool HasNextPage) Page<T>(IReadOnlyList<T> visible, Func<T, RecordMetadata> metadata, int first, string? after)
    {
        var start = 0;
        if (after is not null && Cursor.TryParse(after, out var cursor))
        {
            while (start < visible.Count && RecordOrder.Compare((metadata(visible[start]).Date, metadata(visible[start]).Id), cursor) <= 0)
                start++;
        }
        return ([.. visible.Skip(start).Take(first)], start + first < visible.Count);
    }

    private static bool MatchesCode(string wanted, Code code)
    {
        var bar = wanted.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? code.Value == wanted : code.Value == wanted[(bar + 1)..] && (code.System ?? "") == wanted[..bar];
    }
}

/// <summary>Where a page ended: the date and id of its last record, which the asker has seen; nothing else is in it.</summary>
public static class Cursor
{
    public static string Of(RecordMetadata record) => Of((record.Date, record.Id));

    public static string Of((DateTimeOffset? Date, RecordId Id) place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Date?.UtcTicks ?? -1}:{place.Id.Value:N}");

    public static bool TryParse(string text, out (DateTimeOffset? Date, RecordId Id) cursor)
    {
        cursor = default;
        if (text.Split(':') is not [var date, var record] || !long.TryParse(date, CultureInfo.InvariantCulture, out var ticks)
            || !Guid.TryParseExact(record, "N", out var id) || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        cursor = (ticks < 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero), new RecordId(id));
        return true;
    }
}

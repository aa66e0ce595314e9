using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Records;

namespace Hrms.Domain.Exports;

/// <summary>A record that may be taken away, and what says so.</summary>
public sealed record Exported(RecordVersion Record, Decision Decision);

/// <summary>The records of one page.</summary>
/// <param name="HasMore">Whether more follow.</param>
/// <param name="Denied">Why the first that is withheld is, of those that were looked at.</param>
public sealed record ExportedRecords(IReadOnlyList<Exported> Page, bool HasMore, Decision? Denied);

/// <summary>What a page of an export holds. Whether a record may be in it is decided as for one that is asked for by itself. Called by the patient's grain.</summary>
public static class ExportRules
{
    public static Refusal? Check(ExportRecord export, out ExportCursor from)
    {
        var read = ExportCursor.TryParse(export.After);
        from = read ?? ExportCursor.Start;
        if (export.First is < 1 or > Limits.ExportPageSizeMax)
            return new Refusal(RefusalCode.Invalid, $"A page of an export has 1 to {Limits.ExportPageSizeMax} entries.", "first");
        return read is null ? new Refusal(RefusalCode.Invalid, "This is not where a page of an export ended. Take it from the link of the page before.", "after") : null;
    }

    /// <summary>The records that come next.</summary>
    /// <param name="size">How many bytes a content has; null: it does not matter.</param>
    public static ExportedRecords Records(
        RecordIndex index, ExportRecord export, ExportCursor from, Func<RecordMetadata, Decision> decide, Func<RecordVersion, long>? size)
    {
        List<Exported> page = [];
        if (from.Part != ExportPart.Records)
            return new ExportedRecords(page, false, null);
        var (bytes, denied) = (0L, (Decision?)null);
        foreach (var record in index.NewestFirstAfter(from.Record))
        {
            if (!IsWanted(export, record))
                continue;
            var decision = decide(record);
            if (!decision.Permitted)
            {
                denied ??= decision;
                continue;
            }
            var version = index.Find(record.Id)!;
            bytes += size?.Invoke(version) ?? 0;
            // At least one, however large: an export must get on.
            if (page.Count == export.First || (page.Count > 0 && bytes > Limits.ExportPageBytesMax))
                return new ExportedRecords(page, true, denied);
            page.Add(new Exported(version, decision));
        }
        return new ExportedRecords(page, false, denied);
    }

    /// <summary>The consents that come next, and where the page after begins; null: with what comes after the consents.</summary>
    public static (IReadOnlyList<ConsentView> Page, ExportCursor? Next) Consents(ConsentBook book, ExportRecord export, ExportCursor from, int room)
    {
        if (from.Part > ExportPart.Consents || !Wants(export, "Consent"))
            return ([], null);
        var rest = book.Consents.Values
            .Where(consent => (from.Consent is not { } seen || consent.Id.Value.CompareTo(seen.Value) > 0) && (export.Since is null || consent.History[^1].At >= export.Since))
            .OrderBy(consent => consent.Id.Value).Take(room + 1).ToList();
        ConsentView[] page = [.. rest.Take(room).Select(consent => consent.View())];
        return (page, rest.Count <= room ? null : page.Length > 0 ? ExportCursor.After(page[^1].Id) : ExportCursor.Consents with { Consent = from.Consent });
    }

    /// <summary>
    /// The history that comes next: access lines and, as far as the asker may see the record, each version of a record as it was entered; newest first, as many as there is room for. And where the
    /// page after begins; null: this was all.
    /// </summary>
    /// <param name="lines">Those that come next, one more than there is room for when there are as many.</param>
    public static (IReadOnlyList<AccessLine> Lines, IReadOnlyList<RecordMetadata> Versions, ExportCursor? Next) History(
        IReadOnlyList<AccessLine> lines, RecordIndex index, ExportRecord export, ExportCursor from, int room, Func<RecordMetadata, Decision> decide)
    {
        var versions = index.All.Select(version => version.Metadata)
            .Where(version => version.StreamVersion < from.Line && (export.Since is null || version.RecordedAt >= export.Since) && decide(index.Find(version.Id)!.Metadata).Permitted)
            .OrderByDescending(version => version.StreamVersion).Take(room + 1).ToList();
        List<long> order = [.. lines.Select(line => line.StreamVersion).Concat(versions.Select(version => version.StreamVersion)).OrderDescending().Take(room + 1)];
        var end = order.Count > room ? order[room - 1] : 0;
        return ([.. lines.Where(line => line.StreamVersion >= end)], [.. versions.Where(version => version.StreamVersion >= end)], end > 0 ? ExportCursor.Before(end) : null);
    }

    public static bool WantsLines(ExportRecord export) => Wants(export, "AuditEvent");

    // A range of care dates is about care: consents and access lines are none.
    private static bool Wants(ExportRecord export, string type) => export.Care is null && (export.Types.Count == 0 || export.Types.Contains(type));

    private static bool IsWanted(ExportRecord export, RecordMetadata record) =>
        (export.Types.Count == 0 || export.Types.Contains(record.ResourceType))
        && (export.Since is null || record.RecordedAt >= export.Since)
        && (export.Care is null || (record.Date is { } date && export.Care.Contains(date)));
}

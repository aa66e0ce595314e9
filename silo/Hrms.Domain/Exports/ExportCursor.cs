using System.Globalization;
using Hrms.Contracts;
using Hrms.Domain.Records;

namespace Hrms.Domain.Exports;

/// <summary>The parts of an export, in their order.</summary>
public enum ExportPart
{
    Records,
    Consents,
    Lines,
}

/// <summary>Where a page of an export begins. What is in it the asker has seen: the place of the last record, the last consent's id, or the last line's version.</summary>
/// <param name="Record">In the part of the records: after this place; null: from the first on.</param>
/// <param name="Consent">In the part of the consents: after this one.</param>
/// <param name="Line">In the part of the lines: before this version.</param>
public sealed record ExportCursor(ExportPart Part, (DateTimeOffset? Date, RecordId Id)? Record = null, ConsentId? Consent = null, long Line = long.MaxValue)
{
    public static readonly ExportCursor Start = new(ExportPart.Records), Consents = new(ExportPart.Consents), Lines = new(ExportPart.Lines);

    public static ExportCursor After(RecordMetadata record) => Start with { Record = (record.Date, record.Id) };

    public static ExportCursor After(ConsentId consent) => Consents with { Consent = consent };

    public static ExportCursor Before(long line) => Lines with { Line = line };

    public override string ToString() => this switch
    {
        { Part: ExportPart.Records, Record: { } place } => $"r:{Cursor.Of(place)}",
        { Part: ExportPart.Records } => "r",
        { Part: ExportPart.Consents, Consent: { } consent } => $"c:{consent.Value:N}",
        { Part: ExportPart.Consents } => "c",
        { Line: long.MaxValue } => "a",
        _ => string.Create(CultureInfo.InvariantCulture, $"a:{Line}"),
    };

    public static ExportCursor? TryParse(string? text) => text?.Split(':', 2) switch
    {
        null or ["r"] => Start,
        ["r", var place] when Cursor.TryParse(place, out var record) => Start with { Record = record },
        ["c"] => Consents,
        ["c", var id] when Guid.TryParseExact(id, "N", out var consent) => After(new ConsentId(consent)),
        ["a"] => Lines,
        ["a", var version] when long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line > 0 => Before(line),
        _ => null,
    };
}

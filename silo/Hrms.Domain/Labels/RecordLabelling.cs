using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Domain.Labels;

/// <summary>
/// Labels what comes in: a coding anywhere in a resource that <see cref="SensitiveCodes"/> knows marks the record, beside the labels that it brings. Called by
/// the patient's grain before it judges or stores a draft, whichever edge it came from.
/// </summary>
public static class RecordLabelling
{
    public static IReadOnlyList<RecordDraft> Labelled(IReadOnlyList<RecordDraft> drafts) => [.. drafts.Select(Labelled)];

    public static RecordDraft Labelled(RecordDraft draft)
    {
        var found = SensitivitiesOf(draft.Content.Span);
        foreach (var code in draft.Codes)
        {
            if (code.System is { } system)
                found.UnionWith(SensitiveCodes.LabelsOf(system, code.Value));
        }
        found.ExceptWith(draft.Labels);
        return draft with { Labels = [.. draft.Labels, .. found] };
    }

    /// <summary>Looks at every object of the JSON that has a <c>system</c> and a <c>code</c> of its own.</summary>
    private static SortedSet<string> SensitivitiesOf(ReadOnlySpan<byte> utf8Json)
    {
        SortedSet<string> labels = new(StringComparer.Ordinal);
        Stack<(string? System, string? Code)> open = new();
        if (utf8Json.IsEmpty)
            return labels;
        var reader = new Utf8JsonReader(utf8Json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(default);
                    break;
                case JsonTokenType.EndObject:
                    if (open.Pop() is ({ } system, { } code))
                        labels.UnionWith(SensitiveCodes.LabelsOf(system, code));
                    break;
                case JsonTokenType.PropertyName when reader.ValueTextEquals("system"u8):
                    if (Text(ref reader, open) is { } found)
                        open.Push(open.Pop() with { System = found });
                    break;
                case JsonTokenType.PropertyName when reader.ValueTextEquals("code"u8):
                    if (Text(ref reader, open) is { } value)
                        open.Push(open.Pop() with { Code = value });
                    break;
            }
        }
        return labels;
    }

    /// <summary>The text after a property's name; another value, such as the CodeableConcept in <c>code</c>, is gone into instead.</summary>
    private static string? Text(ref Utf8JsonReader reader, Stack<(string? System, string? Code)> open)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            open.Push(default);
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>What differs between two terms, place by place, as a patient's history of a consent shows it.</summary>
public static class TermsDifference
{
    // Written beside what they follow from, and nothing that anybody chose.
    private static readonly string[] Derived =
        [JsonNamingPolicy.CamelCase.ConvertName(nameof(DataFilter.Narrows)), JsonNamingPolicy.CamelCase.ConvertName(nameof(AccessFrequency.Span))];

    public static IReadOnlyList<TermsChange> Between(ConsentTerms before, ConsentTerms after)
    {
        List<TermsChange> changes = [];
        Compare("terms", JsonNode.Parse(EventJson.Write(before)), JsonNode.Parse(EventJson.Write(after)), changes);
        return changes;
    }

    /// <summary>Every version with what it changed.</summary>
    public static IReadOnlyList<ConsentVersionView> Along(IReadOnlyList<ConsentVersion> history) =>
        [.. history.Select((version, i) => new ConsentVersionView(version, i == 0 ? [] : Between(history[i - 1].Terms, version.Terms)))];

    private static void Compare(string place, JsonNode? before, JsonNode? after, List<TermsChange> changes)
    {
        if (JsonNode.DeepEquals(before, after))
            return;
        if (before is JsonObject or null && after is JsonObject or null)
        {
            var names = (before as JsonObject ?? []).Concat(after as JsonObject ?? []).Select(property => property.Key).Distinct().Except(Derived);
            foreach (var name in names)
                Compare($"{place}.{name}", before?[name], after?[name], changes);
        }
        else if (before is JsonArray old && after is JsonArray now && old.Concat(now).Any(item => item is JsonObject))
        {
            foreach (var i in Enumerable.Range(0, Math.Max(old.Count, now.Count)))
                Compare($"{place}[{i}]", i < old.Count ? old[i] : null, i < now.Count ? now[i] : null, changes);
        }
        else
        {
            changes.Add(new TermsChange(place, Text(before), Text(after)));
        }
    }

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonArray array => string.Join(", ", array.Select(item => item?.ToString())),
        _ => node.ToString(),
    };
}

using System.Text.Json.Nodes;

namespace Hrms.Api.Fhir.Consents;

/// <summary>
/// The words for people in the provision that a consent was given by: displays of codes and of references, texts of concepts. Terms keep what decides, so that they are taken from the
/// paper when the consent is written back; what was amended since and is named no more takes its words along.
/// </summary>
internal sealed class PaperWords
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    public static PaperWords In(JsonNode? provision)
    {
        var words = new PaperWords();
        words.Walk(provision, (key, name, part) =>
        {
            if ((string?)part[name] is { } word)
                words._words.TryAdd(key, word);
        });
        return words;
    }

    public JsonObject AddTo(JsonObject provision)
    {
        Walk(provision, (key, name, part) =>
        {
            if (_words.TryGetValue(key, out var word))
                part[name] = word;
        });
        return provision;
    }

    /// <summary>Every part that may have a word, by what it stands for and under which name it would have it.</summary>
    private void Walk(JsonNode? node, Action<string, string, JsonObject> each)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Walk(item, each);
        }
        if (node is not JsonObject part)
            return;
        if (part["code"] is JsonValue code)
            each($"code {part["system"]} {code}", "display", part);
        if ((part["coding"] as JsonArray)?.FirstOrDefault() is JsonObject coding)
            each($"concept {coding["system"]} {coding["code"]}", "text", part);
        if (part["reference"] is JsonValue reference)
            each($"reference {reference}", "display", part);
        if (part["identifier"] is JsonObject identifier)
            each($"identifier {identifier["system"]} {identifier["value"]}", "display", part);
        foreach (var (_, below) in part.ToList())
            Walk(below, each);
    }
}

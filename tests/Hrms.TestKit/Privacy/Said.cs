using System.Text.Json;

namespace Hrms.TestKit;

/// <summary>
/// All that tests of this process said of people, and what the product told them in confidence: the one place that it is looked for from, in everything that the product says elsewhere. It fills by itself
/// with what goes over HTTP (<see cref="Traffic"/>) and with the sample patients; a test that speaks another way says here what it says (<see cref="Of"/>).
/// </summary>
public static class Said
{
    /// <summary>So many texts, and no more, are kept: about 50 MB.</summary>
    private const int TextsMax = 200_000;

    private const int SecretLettersMin = 4;

    /// <summary>What product and tests say without meaning a person.</summary>
    private static readonly HashSet<string> Ordinary = new(StringComparer.OrdinalIgnoreCase) { "The patient", "Patient", "Practitioner", "Reading", "Clinic", "Watch", "Synthea", "Unknown" };

    private static readonly WordSearch Words = OfSamples();

    /// <summary>How many texts are looked for.</summary>
    public static int Count => Words.Count;

    /// <summary>Whether more was said than can be kept: then the search is none.</summary>
    public static bool IsFull => Words.Count > TextsMax;

    /// <summary>A person's name, or a part of it.</summary>
    public static void Name(string name)
    {
        if (!Ordinary.Contains(name))
            Add(name, "personal data");
    }

    /// <summary>Anything else that was said of a person: kept when it is unmistakable. A number of six digits is; a word by itself is not, it may stand anywhere, nor is an id, which is a pseudonym (ADR 3).</summary>
    public static void Text(string text)
    {
        if (!Ordinary.Contains(text) && IsUnmistakable(text))
            Add(text, "personal data");
    }

    /// <param name="kind">What is told when it is found: a secret is not repeated.</param>
    public static void Secret(string text, string kind)
    {
        // A password that is too weak to be taken may be any word, and a code that somebody made up all zeros.
        if (IsUnmistakable(text) && text.Distinct().Count() >= SecretLettersMin)
            Add(text, kind);
    }

    /// <summary>All that is said of persons by an object, read by its properties' names as JSON is.</summary>
    public static void Of(object message)
    {
        try
        {
            SpokenJson.Read(JsonSerializer.SerializeToUtf8Bytes(message, message.GetType()));
        }
        catch (NotSupportedException)
        {
            // It has a part that is no data, such as a stream.
        }
    }

    /// <summary>What of all this stands in a text, and secrets that one knows by their looks.</summary>
    public static IEnumerable<string> In(string text, bool anywhere = false) => SecretShapes.In(text).Concat(Words.In(text, anywhere));

    /// <summary>What stands in a text and was not in what the asker sent: that they know.</summary>
    public static IEnumerable<string> In(string text, string asked) => Words.In(text) is var found ? found.Except(Words.In(asked)) : [];

    private static void Add(string text, string kind)
    {
        if (IsFull)
            return;
        // As it is, and as addresses and JSON write it.
        foreach (var form in new[] { text, Uri.EscapeDataString(text), JsonEncodedText.Encode(text).Value }.Distinct())
            Words.Add(form, kind == "personal data" ? $"'{text}'" : kind);
    }

    private static bool IsUnmistakable(string text) =>
        text.Length >= 8 && !Guid.TryParseExact(text, "D", out _) && !text.StartsWith("urn:", StringComparison.Ordinal) && !text.StartsWith("http", StringComparison.Ordinal) && ((text.Any(char.IsLetter) && text.Any(letter => char.IsDigit(letter) || letter == ' ')) || text.Count(char.IsDigit) >= 6);

    private static WordSearch OfSamples()
    {
        var words = new WordSearch();
        // Five digits of a postal code stand in any fraction of a second.
        foreach (var text in Canaries.OfTheSamples.Texts.Where(text => text.Length >= 8 || text.Any(char.IsLetter)))
            words.Add(text, $"'{text}'");
        return words;
    }
}

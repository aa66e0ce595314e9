using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hrms.TestKit;

/// <summary>
/// Texts that must never be found outside the patients' own answers: what the Bundles say of the persons and their diagnoses. Looked for as UTF-8 and as
/// UTF-16, in any letter case of ASCII; short ones as words of their own and in UTF-8 alone, since two or three letters stand anywhere by chance.
/// </summary>
public sealed class Canaries
{
    // Shorter texts stand in random bytes by chance, and between letters or digits in any word.
    private const int LengthMin = 5, LengthOfAnywhere = 7;
    /// <summary>A town in Massachusetts, and what every log does.</summary>
    private static readonly string[] Words = ["Reading"];
    private static readonly string[] Persons = ["Patient", "Practitioner"];
    private static readonly Lazy<Canaries> Samples = new(OfSamples);
    private readonly Dictionary<string, string> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SearchValues<string> _search;

    private Canaries(IEnumerable<string> texts)
    {
        foreach (var text in texts.Where(text => text.Length >= LengthMin).Except(Words))
            foreach (var encoding in text.Length < LengthOfAnywhere ? [Encoding.UTF8] : new[] { Encoding.UTF8, Encoding.Unicode })
                _texts[Encoding.Latin1.GetString(encoding.GetBytes(text))] = text;
        _search = SearchValues.Create([.. _texts.Keys], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What the sample patients' Bundles say; nothing where the samples are missing.</summary>
    public static Canaries OfTheSamples => Samples.Value;

    public int Count => _texts.Values.Distinct().Count();

    public IEnumerable<string> Texts => _texts.Values.Distinct();

    /// <param name="more">Texts besides those of the Bundles.</param>
    public static Canaries Of(IEnumerable<JsonElement> bundles, params string[] more) =>
        new(bundles.SelectMany(bundle => bundle.GetProperty("entry").EnumerateArray()).SelectMany(entry => TextsOf(entry.GetProperty("resource"))).Concat(more).ToHashSet());

    /// <summary>The canaries that stand in the bytes.</summary>
    public IEnumerable<string> In(byte[] bytes) => InLatin1(Encoding.Latin1.GetString(bytes));

    /// <summary>The canaries that stand in bytes read as Latin-1, a character each.</summary>
    public IEnumerable<string> InLatin1(string text)
    {
        for (var from = 0; text.AsSpan(from).IndexOfAny(_search) is >= 0 and var at; from += at + 1)
        {
            var (form, found) = _texts.First(form => text.AsSpan(from + at).StartsWith(form.Key, StringComparison.OrdinalIgnoreCase));
            if (found.Length >= LengthOfAnywhere || IsWord(text, from + at, form.Length))
                yield return found;
        }
    }

    private static Canaries OfSamples() => Of(SampleData.Look("synthea-dev") is { } folder
        ? Directory.EnumerateFiles(folder, "*.json").Select(file => JsonElement.Parse(File.ReadAllBytes(file)))
        : []);

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && (at + length == text.Length || !char.IsAsciiLetterOrDigit(text[at + length]));

    public IEnumerable<string> In(string text) => In(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> TextsOf(JsonElement resource)
    {
        var type = resource.GetProperty("resourceType").GetString()!;
        if (type == "Condition")
            return resource.GetProperty("code").GetProperty("coding").EnumerateArray().Select(coding => coding.GetProperty("display").GetString()!);
        return Persons.Contains(type) ? Identity(resource) : [];
    }

    private static IEnumerable<string> Identity(JsonElement person)
    {
        foreach (var name in All(person, "name"))
        {
            var (given, family) = (name.GetProperty("given")[0].GetString()!, name.GetProperty("family").GetString()!);
            foreach (var form in new[] { given, family, $"{given} {family}", $"{family}, {given}" })
                yield return form;
        }
        foreach (var value in All(person, "identifier").Concat(All(person, "telecom")))
            yield return value.GetProperty("value").GetString()!;
        foreach (var address in All(person, "address"))
        {
            foreach (var line in All(address, "line"))
                yield return line.GetString()!;
            foreach (var name in new[] { "city", "postalCode" })
                if (address.TryGetProperty(name, out var value))
                    yield return value.GetString()!;
        }
        if (!person.TryGetProperty("birthDate", out var birth))
            yield break;
        var date = DateOnly.ParseExact(birth.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var format in new[] { "yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy", "d MMMM yyyy" })
            yield return date.ToString(format, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<JsonElement> All(JsonElement of, string name) => of.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];
}

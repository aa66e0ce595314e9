using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Hrms.TestKit;

/// <summary>
/// Looks for many texts at once while more are added: each by its first letters, where a word begins. In any letter case; short texts only as words of their own, since a few letters stand in longer words by chance.
/// Memory is that of the texts' first <see cref="LettersKept"/> letters.
/// </summary>
public sealed class WordSearch
{
    /// <summary>The shortest text that can be looked for.</summary>
    public const int LengthMin = 5;

    /// <summary>Of a longer text its beginning is enough.</summary>
    public const int LettersKept = 48;

    /// <summary>Shorter ones stand at the beginning of ids by chance.</summary>
    private const int LengthOfNumber = 8;

    /// <summary>Shorter ones must end where a word does.</summary>
    private const int LengthOfPartOfWord = 12;

    /// <summary>Which beginnings there are, a bit each: nearly every word is passed over by one look.</summary>
    private readonly int[] _beginnings = new int[1 << 16];
    private readonly ConcurrentDictionary<ulong, ImmutableArray<Text>> _texts = new();
    private int _count;

    private readonly record struct Text(string Form, string Name);

    public int Count => _count;

    /// <param name="name">What is told when it is found, in place of the text.</param>
    public void Add(string text, string name)
    {
        text = text.AsSpan().TrimStart(Marks).TrimEnd(Marks).ToString();
        if (text.Length < LengthMin)
            return;
        var entry = new Text(text[..Math.Min(text.Length, LettersKept)], name);
        var key = KeyOf(text);
        if (_texts.TryGetValue(key, out var known) && Holds(known, entry))
            return;
        _texts.AddOrUpdate(key, [entry], (_, before) => Holds(before, entry) ? before : before.Add(entry));
        Interlocked.Increment(ref _count);
        Interlocked.Or(ref _beginnings[Slot(key)], Bit(key));
    }

    public bool Holds(string text) => In(text).Any();

    /// <summary>The names of the texts that stand in this one.</summary>
    /// <param name="anywhere">Within words, too: for bytes that have no words. Only longer texts are looked for.</param>
    public IEnumerable<string> In(string text, bool anywhere = false)
    {
        for (var i = 0; i + LengthMin <= text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i]) || (!anywhere && !Begins(text, i)))
                continue;
            var key = KeyOf(text.AsSpan(i));
            if ((_beginnings[Slot(key)] & Bit(key)) == 0 || !_texts.TryGetValue(key, out var candidates))
                continue;
            foreach (var candidate in candidates)
                if (text.AsSpan(i).StartsWith(candidate.Form, StringComparison.OrdinalIgnoreCase) && (candidate.Form.Length >= LengthOfPartOfWord || (!anywhere && Ends(text, i + candidate.Form.Length, candidate.Form.Length))))
                    yield return candidate.Name;
        }
    }

    private const string Marks = " \t\r\n.,;:!?'\"()[]{}<>+#-_/\\=&%$*|~^`";

    private static bool Holds(ImmutableArray<Text> texts, Text text) => texts.Any(known => known.Form.Equals(text.Form, StringComparison.OrdinalIgnoreCase));

    private static int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 48);

    private static int Bit(ulong key) => 1 << (int)((key * 0x9E3779B97F4A7C15) >> 43 & 31);

    private static ulong KeyOf(ReadOnlySpan<char> text)
    {
        var key = 0UL;
        foreach (var letter in text[..LengthMin])
            key = key << 12 ^ char.ToLowerInvariant(letter);
        return key;
    }

    /// <summary>A word ends before what is in none, and a longer number before a letter: <c>1931-07-23T00:00:00</c>.</summary>
    private static bool Ends(string text, int at, int length) =>
        at == text.Length || !char.IsLetterOrDigit(text[at]) || (length >= LengthOfNumber && char.IsDigit(text[at - 1]) && !char.IsDigit(text[at]));

    /// <summary>A word begins behind what is in none, and behind an escape: <c>%20</c>, <c>\n</c>, <c>\u0027</c>.</summary>
    private static bool Begins(string text, int at) => at == 0 || !char.IsLetterOrDigit(text[at - 1])
        || (at >= 3 && text[at - 3] == '%') || (at >= 2 && text[at - 2] == '\\') || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u');
}

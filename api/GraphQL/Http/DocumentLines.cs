using System.Text;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// A document with line breaks put in between its tokens. GraphQL-Parser 9 shows the place of a syntax error with as many blanks as there are columns before it, put together one by one: at column
/// 16,000 that is a quarter of a gigabyte. So a document with long lines is parsed once in this form, and as it is only when it has no such error.
/// </summary>
internal sealed class DocumentLines
{
    /// <summary>Longest line that is left as it is, and longest text or name: an error behind it costs 16 MB.</summary>
    public const int LengthMax = 4_000;

    private const int BreakAfter = 500;

    private readonly List<int> _breaks;

    private DocumentLines(string text, List<int> breaks) => (Text, _breaks) = (text, breaks);

    public string Text { get; }

    /// <summary>A carriage return ends a line by itself, too (GraphQL, section 2.1.2): where GraphQL-Parser shows the place of an error behind one, it fails instead.</summary>
    public static string WithoutLoneReturns(string text)
    {
        if (!text.Contains('\r'))
            return text;
        var letters = text.ToCharArray();
        for (var at = 0; at < letters.Length; at++)
            if (letters[at] == '\r' && (at + 1 == letters.Length || letters[at + 1] != '\n'))
                letters[at] = '\n';
        return new string(letters);
    }

    public static bool AreShort(ReadOnlySpan<char> text)
    {
        foreach (var line in text.EnumerateLines())
            if (line.Length > LengthMax)
                return false;
        return true;
    }

    /// <summary>Null when there is a text, a comment or a name that is too long.</summary>
    public static DocumentLines? Broken(string text)
    {
        var (broken, breaks) = (new StringBuilder(text.Length + text.Length / BreakAfter), new List<int>());
        for (int at = 0, lineStart = 0; at < text.Length;)
        {
            if (broken.Length - lineStart > BreakAfter && (text[at] is '@' || text[at - 1] is ' ' or ',' or '\t' or '{' or '}' or '(' or ')' or '[' or ']' or ':'))
            {
                breaks.Add(broken.Length);
                broken.Append('\n');
                lineStart = broken.Length;
            }
            var next = After(text, at);
            broken.Append(text, at, next - at);
            if (text.AsSpan(at, next - at).LastIndexOfAny('\n', '\r') is >= 0 and var end)
                lineStart = broken.Length - (next - at) + end + 1;
            at = next;
        }
        var lines = new DocumentLines(broken.ToString(), breaks);
        return AreShort(lines.Text) ? lines : null;
    }

    /// <summary>Where a line and a column of this are in the document.</summary>
    public int Offset(int line, int column)
    {
        var start = 0;
        for (; line > 1; line--)
            start += Text.AsSpan(start).IndexOfAny('\n', '\r') is var end && Text.AsSpan(start + end).StartsWith("\r\n") ? end + 2 : end + 1;
        var offset = start + column - 1;
        return offset - _breaks.Count(at => at < offset);
    }

    /// <summary>Behind what begins here: a text in quotes, a comment, or one character.</summary>
    private static int After(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        '"' when text[at..].StartsWith("\"\"\"") => AfterBlock(text, at + 3),
        '"' => AfterString(text, at + 1),
        '#' => text[at..].IndexOfAny('\n', '\r') is >= 0 and var length ? at + length : text.Length,
        _ => at + 1,
    };

    private static int AfterString(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is not ('"' or '\n' or '\r'))
            at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at < text.Length && text[at] == '"' ? at + 1 : at, text.Length);
    }

    private static int AfterBlock(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && !text[at..].StartsWith("\"\"\""))
            at += text[at..].StartsWith("\\\"\"\"") ? 4 : 1;
        return Math.Min(at + 3, text.Length);
    }
}

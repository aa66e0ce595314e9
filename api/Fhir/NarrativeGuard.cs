using System.Text.Json;
using Hl7.Fhir.Model;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// Checks narratives: XHTML of the permitted elements only, so no scripts (http://hl7.org/fhir/R4/narrative.html), nested no deeper
/// than the limit. The SDK's schema check recurses, and a stack that overflows ends the whole process: some 100 kB of nested tags
/// would do (FAULTS F37). So the SDK checks only that it is XML when it reads the resource, and this class does the rest.
/// </summary>
internal static class NarrativeGuard
{
    /// <param name="resource">One that was checked, so every <c>div</c> in it is well-formed XML.</param>
    public static Refusal? Check(JsonElement resource, FhirLimits limits, string place) =>
        FindWrong(resource, limits) is { } refusal ? refusal with { Place = place + refusal.Place } : null;

    /// <summary>The place grows on the way back, so that sound resources cost no text.</summary>
    private static Refusal? FindWrong(JsonElement element, FhirLimits limits)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                var wrong = property.Value.ValueKind != JsonValueKind.String ? FindWrong(property.Value, limits)
                    : property.NameEquals("div"u8) ? CheckXhtml(property.Value.GetString()!, limits) : null;
                if (wrong is not null) return wrong with { Place = $".{property.Name}{wrong.Place}" };
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (FindWrong(item, limits) is { } wrong) return wrong with { Place = $"[{index}]{wrong.Place}" };
                index++;
            }
        }
        return null;
    }

    private static Refusal? CheckXhtml(string xhtml, FhirLimits limits)
    {
        if (IsTooDeep(xhtml, limits.NarrativeDepth))
            return new(RefusalCode.LimitExceeded, $"The narrative nests more than {limits.NarrativeDepth} tags. Flatten it.");
        return XHtml.IsValidNarrativeXhtml(xhtml, out _, out var errors) ? null
            : new(RefusalCode.Invalid, $"The narrative is not the XHTML that FHIR permits: {string.Join(' ', errors)}");
    }

    /// <summary>Exact for well-formed XML.</summary>
    public static bool IsTooDeep(ReadOnlySpan<char> xhtml, int limit)
    {
        var depth = 0;
        while (xhtml.IndexOf('<') is >= 0 and var start)
        {
            xhtml = xhtml[(start + 1)..];
            if (xhtml.StartsWith("!--")) xhtml = After(xhtml[3..], "-->");
            else if (xhtml.StartsWith("![CDATA[")) xhtml = After(xhtml, "]]>");
            else if (xhtml.StartsWith("?")) xhtml = After(xhtml, "?>");
            else if (xhtml.StartsWith("/")) depth--;
            else
            {
                var end = TagLength(xhtml);
                if (end == 0 || xhtml[end - 1] != '/') depth++;
                if (depth > limit) return true;
                xhtml = xhtml[end..];
            }
        }
        return false;
    }

    /// <summary>Up to the <c>&gt;</c> of a start tag, which may stand in an attribute's value too.</summary>
    private static int TagLength(ReadOnlySpan<char> tag)
    {
        var quote = '\0';
        for (var at = 0; at < tag.Length; at++)
        {
            if (quote != '\0') quote = tag[at] == quote ? '\0' : quote;
            else if (tag[at] is '"' or '\'') quote = tag[at];
            else if (tag[at] == '>') return at;
        }
        return tag.Length;
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string mark) =>
        text.IndexOf(mark) is >= 0 and var found ? text[(found + mark.Length)..] : [];
}

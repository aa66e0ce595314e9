using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Hrms.Load.Running;

/// <summary>Forms of pages: what is hidden in them, and how they are sent.</summary>
internal static partial class WebForm
{
    public const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>The fields of the page's form that leads to an address, as the page has them; null when it has no such form.</summary>
    public static Dictionary<string, string>? FieldsOf(string html, string action)
    {
        var form = Forms().Matches(html).Select(match => match.Value).FirstOrDefault(found => found.Contains($"action=\"{action}\"", StringComparison.Ordinal));
        return form is null ? null : Inputs().Matches(form).ToDictionary(input => Attribute(input.Value, "name"), input => Attribute(input.Value, "value"));
    }

    public static byte[] Encode(IEnumerable<(string Name, string Value)> fields) =>
        Encoding.ASCII.GetBytes(string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}")));

    private static string Attribute(string tag, string name)
    {
        var at = tag.IndexOf($" {name}=\"", StringComparison.Ordinal);
        if (at < 0)
            return "";
        at += name.Length + 3;
        return WebUtility.HtmlDecode(tag[at..tag.IndexOf('"', at)]);
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]* name=\"[^>]*>")]
    private static partial Regex Inputs();
}

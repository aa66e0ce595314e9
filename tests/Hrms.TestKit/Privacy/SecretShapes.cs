using System.Buffers;
using System.Text.RegularExpressions;

namespace Hrms.TestKit;

/// <summary>Secrets that one knows by how they look, whoever made them.</summary>
public static partial class SecretShapes
{
    private static readonly SearchValues<string> Beginnings = SearchValues.Create(["eyJ", "CfDJ8", "PRIVATE KEY-----", "\"d\":", "Bearer "], StringComparison.Ordinal);

    /// <summary>What kinds of secrets stand in a text.</summary>
    public static IEnumerable<string> In(string text)
    {
        if (text.AsSpan().IndexOfAny(Beginnings) < 0)
            yield break;
        foreach (Match found in Shapes().Matches(text))
            yield return found.Groups.Values.Skip(1).Single(group => group.Success).Name;
    }

    /// <summary>JWS and JWE, compact: each begins with the base64url of <c>{"</c>. What ASP.NET's data protection sealed, as cookies and forms hold it. PEM. RFC 7518, 6.2.2. RFC 6750, 2.1.</summary>
    [GeneratedRegex("""(?<token>eyJ[\w-]{10,}\.[\w-]{10,}\.)|(?<cookie>CfDJ8[\w-]{20,})|(?<key>-----BEGIN [A-Z ]*PRIVATE KEY-----)|(?<jwk>"d":\s*"[\w-]{20,})|(?<bearer>Bearer [\w.~+/-]{16,})""", RegexOptions.ExplicitCapture)]
    private static partial Regex Shapes();
}

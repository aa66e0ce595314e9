using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace Hrms.Api.Ingestion.Signatures;

/// <summary>The field by which a sender says what its content's digest is (RFC 9530, section 2): of the bytes as they come, a content coding included. We know SHA-256.</summary>
internal static partial class ContentDigest
{
    public const string Header = "Content-Digest";

    /// <summary>The SHA-256 that a field names; null: none, two, or the field is not one.</summary>
    public static byte[]? Sha256Of(StringValues header)
    {
        if (header is not [{ Length: <= 1_024 } text] || Members().Match(text) is not { Success: true } read)
            return null;
        var named = read.Groups["name"].Captures.Zip(read.Groups["bytes"].Captures).Where(member => member.First.Value == "sha-256").ToList();
        var digest = new byte[SHA256.HashSizeInBytes];
        return named is [(_, { Value: var bytes })] && Convert.TryFromBase64String(bytes, digest, out var length) && length == digest.Length ? digest : null;
    }

    /// <summary>A dictionary of byte sequences (RFC 9651, sections 3.2 and 3.3.5).</summary>
    [GeneratedRegex(@"\A(?<name>[a-z*][a-z0-9_.*-]*)=:(?<bytes>[A-Za-z0-9+/]*={0,2}):(?:[ \t]*,[ \t]*(?<name>[a-z*][a-z0-9_.*-]*)=:(?<bytes>[A-Za-z0-9+/]*={0,2}):)*\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Members();
}

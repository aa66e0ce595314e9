using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace Hrms.Api.Ingestion.Signatures;

/// <summary>
/// One HTTP message signature (RFC 9421) as its two header fields say it: of the algorithm <c>ecdsa-p256-sha256</c> (section 3.3.4), over components without parameters of
/// their own (section 2). That is all that devices need; a message with anything else, or with several signatures, has none that we know of.
/// </summary>
/// <param name="Components">What is covered, in the signer's order.</param>
/// <param name="Parameters">As they are signed: the component list and what follows it.</param>
/// <param name="Bytes">r ‖ s, 64 bytes.</param>
internal sealed partial record MessageSignature(
    IReadOnlyList<string> Components, string Parameters, DateTimeOffset Created, DateTimeOffset? Expires, string? KeyId, byte[] Bytes)
{
    public const string InputHeader = "Signature-Input", Header = "Signature", Algorithm = "ecdsa-p256-sha256";

    private const int SignatureBytes = 64, ComponentsMax = 32, LengthMax = 4_096;

    /// <summary>Null: there is no such signature, or it does not say when it was made.</summary>
    public static MessageSignature? Read(StringValues inputHeader, StringValues signatureHeader)
    {
        if (inputHeader is not [{ Length: <= LengthMax } input] || signatureHeader is not [{ Length: <= LengthMax } value])
            return null;
        var (said, signed) = (Input().Match(input), Value().Match(value));
        if (!said.Success || !signed.Success || said.Groups["label"].Value != signed.Groups["label"].Value)
            return null;
        List<string> components = [.. said.Groups["component"].Captures.Select(component => component.Value)];
        Dictionary<string, string> parameters = [];
        foreach (var (name, text) in said.Groups["name"].Captures.Zip(said.Groups["value"].Captures))
        {
            if (!parameters.TryAdd(name.Value, text.Value.Trim('"')))
                return null;
        }
        var bytes = new byte[SignatureBytes];
        if (components.Count > ComponentsMax || components.Distinct().Count() != components.Count || parameters.GetValueOrDefault("alg", Algorithm) != Algorithm
            || !Convert.TryFromBase64String(signed.Groups["bytes"].Value, bytes, out var length) || length != SignatureBytes
            || Time(parameters, "created") is not { } created || (Time(parameters, "expires") is not { } expires && parameters.ContainsKey("expires")))
            return null;
        return new MessageSignature(
            components, said.Groups["parameters"].Value, created, Time(parameters, "expires"), parameters.GetValueOrDefault("keyid"), bytes);
    }

    /// <summary>The signature base (section 2.5): what was signed. Null: a component is not there, or is not one line of ASCII.</summary>
    public byte[]? BaseOf(Func<string, string?> component)
    {
        var text = new StringBuilder();
        foreach (var name in Components)
        {
            if (component(name) is not { } value || !Ascii.IsValid(value) || value.AsSpan().ContainsAny('\r', '\n'))
                return null;
            text.Append(CultureInfo.InvariantCulture, $"\"{name}\": {value}\n");
        }
        return Encoding.ASCII.GetBytes(text.Append(CultureInfo.InvariantCulture, $"\"@signature-params\": {Parameters}").ToString());
    }

    /// <summary>The value of a component of a request: a derived one (section 2.2), or a header field with its lines joined (section 2.1).</summary>
    public static string? ComponentOf(HttpRequest request, string name) => name switch
    {
        "@method" => request.Method,
        "@authority" => AuthorityOf(request),
        "@scheme" => request.Scheme,
        "@path" => PathOf(request),
        "@query" => request.QueryString.HasValue ? request.QueryString.Value : "?",
        "@request-target" => $"{PathOf(request)}{request.QueryString.Value}",
        "@target-uri" => $"{request.Scheme}://{AuthorityOf(request)}{PathOf(request)}{request.QueryString.Value}",
        ['@', ..] => null,
        _ => request.Headers.TryGetValue(name, out var lines) ? string.Join(", ", lines.Select(line => line?.Trim())) : null,
    };

    /// <param name="key">P-256.</param>
    public bool IsBy(ECDsa key, ReadOnlySpan<byte> signatureBase) =>
        key.VerifyData(signatureBase, Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static string PathOf(HttpRequest request) => request.PathBase.Add(request.Path).ToUriComponent();

    // The port that a scheme has anyway is not said (section 2.2.3).
    private static string AuthorityOf(HttpRequest request) =>
        (request.Host.Port is 443 && request.IsHttps) || (request.Host.Port is 80 && !request.IsHttps) ? request.Host.Host.ToLowerInvariant() : request.Host.Value?.ToLowerInvariant() ?? "";

    private static DateTimeOffset? Time(Dictionary<string, string> parameters, string name) =>
        parameters.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>
    /// A dictionary of one inner list of strings with parameters (RFC 9651, sections 3.1 and 3.2) as every signer writes it: with single blanks, and of the strings those that need no escape. Since only
    /// the strict form is read, what stands there is what was signed.
    /// </summary>
    [GeneratedRegex("""
        \A(?<label>[a-z*][a-z0-9_.*-]*)=(?<parameters>\((?:"(?<component>@?[a-z0-9!#$%&'*+.^_`|~-]+)"(?:\x20"(?<component>@?[a-z0-9!#$%&'*+.^_`|~-]+)")*)?\)(?:;(?<name>[a-z*][a-z0-9_.*-]*)=(?<value>[0-9]{1,15}|"[\x20-\x21\x23-\x5b\x5d-\x7e]*"))*)\z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 100)]
    private static partial Regex Input();

    [GeneratedRegex(@"\A(?<label>[a-z*][a-z0-9_.*-]*)=:(?<bytes>[A-Za-z0-9+/]*={0,2}):\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Value();
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hrms.TestKit;

/// <summary>How a request is signed. What is set here stands in the place of what is right.</summary>
/// <param name="KeyId">Null: none is said.</param>
public sealed record RequestSigning(string? KeyId, DateTimeOffset Created)
{
    public IReadOnlyList<string> Components { get; init; } = [.. OfKey, "idempotency-key"];

    /// <summary>What is covered where a device registers its key.</summary>
    public static IReadOnlyList<string> OfKey { get; } = ["@method", "@authority", "@path", "content-digest", "content-type"];

    /// <summary>Parameters of the signature besides created and keyid, each as it is written.</summary>
    public string Further { get; init; } = $";nonce=\"{Guid.NewGuid():N}\"";

    /// <summary>What the field says of the content; null: the truth.</summary>
    public byte[]? DigestOf { get; init; }
}

/// <summary>A wearable with a key of its own, which signs what it sends: HTTP Message Signatures (RFC 9421) with ecdsa-p256-sha256, written from the standard and by nothing of the product's.</summary>
public sealed class DeviceKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    /// <summary>The public key as RFC 7518, 6.2.1, writes it.</summary>
    public object Jwk => _key.ExportParameters(false).Q is var point
        ? new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } : null!;

    /// <summary>Puts digest and signature on a request, whose address must be whole.</summary>
    public void Signs(HttpRequestMessage request, byte[] content, RequestSigning how)
    {
        request.Content!.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(how.DigestOf ?? content))}:");
        var keyId = how.KeyId is null ? "" : $";keyid=\"{how.KeyId}\"";
        var parameters = string.Create(CultureInfo.InvariantCulture, $"({string.Join(' ', how.Components.Select(name => $"\"{name}\""))});created={how.Created.ToUnixTimeSeconds()}{keyId}{how.Further}");
        var lines = how.Components.Select(name => $"\"{name}\": {ValueOf(request, name)}").Append($"\"@signature-params\": {parameters}");
        var signature = _key.SignData(Encoding.ASCII.GetBytes(string.Join('\n', lines)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        request.Headers.TryAddWithoutValidation("Signature-Input", $"sig={parameters}");
        request.Headers.TryAddWithoutValidation("Signature", $"sig=:{Convert.ToBase64String(signature)}:");
    }

    public void Dispose() => _key.Dispose();

    private static string ValueOf(HttpRequestMessage request, string component) => component switch
    {
        "@method" => request.Method.Method,
        "@authority" => request.RequestUri!.Authority,
        "@path" => request.RequestUri!.AbsolutePath,
        _ => string.Join(", ", request.Content!.Headers.TryGetValues(component, out var ofContent) ? ofContent : request.Headers.TryGetValues(component, out var others) ? others : []),
    };
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hrms.Load.Running;

/// <summary>Signs a device's POSTs of JSON (RFC 9421, ecdsa-p256-sha256) with a key that is new.</summary>
internal sealed class RequestSigner(Uri server) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private long _count;

    /// <summary>The device's id, once it has registered its key.</summary>
    public string? KeyId { get; set; }

    /// <summary>The public key (RFC 7518, 6.2.1).</summary>
    public object Jwk => _key.ExportParameters(includePrivateParameters: false).Q is var point
        ? new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } : null!;

    /// <param name="name">The call's idempotency key; null: it needs none.</param>
    /// <returns>The header lines, each ended by CRLF.</returns>
    public string Sign(string path, ReadOnlySpan<byte> body, string? name = null)
    {
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";
        var parameters = string.Create(
            CultureInfo.InvariantCulture,
            $"(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\"{(name is null ? "" : " \"idempotency-key\"")});created={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()};keyid=\"{KeyId}\";nonce=\"{_count++}\"");
        var signed = $"\"@method\": POST\n\"@authority\": {server.Authority}\n\"@path\": {path}\n\"content-digest\": {digest}\n\"content-type\": application/json\n{(name is null ? "" : $"\"idempotency-key\": {name}\n")}\"@signature-params\": {parameters}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"Content-Digest: {digest}\r\nSignature-Input: sig={parameters}\r\nSignature: sig=:{Convert.ToBase64String(signature)}:\r\n{(name is null ? "" : $"Idempotency-Key: {name}\r\n")}";
    }

    public void Dispose() => _key.Dispose();
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hrms.Domain.Artefacts;

/// <summary>
/// Signed JSON that a stranger checks: JWS compact serialization (RFC 7515) with ES256 (RFC 7518, section 3.4) and keys as a JWK set (RFC 7517) whose key ids
/// are thumbprints (RFC 7638). Of each part only the one spelling that signing makes is accepted: any changed bit fails.
/// </summary>
public static class Jws
{
    public const string MediaType = "hrms-consent+jws";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What is signed: header and payload.</summary>
    public static string Unsigned(JsonNode payload, string keyId)
    {
        var header = CanonicalJson.Write(new JsonObject { ["alg"] = "ES256", ["kid"] = keyId, ["typ"] = MediaType });
        return $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(CanonicalJson.Write(payload))}";
    }

    /// <param name="signature">ES256 over the ASCII bytes of <paramref name="unsigned"/>: 64 bytes, r and s.</param>
    public static string Signed(string unsigned, byte[] signature) => $"{unsigned}.{Base64Url.EncodeToString(signature)}";

    /// <summary>The payload, or what is wrong in words for whoever checks.</summary>
    /// <param name="jwks">The members' public keys.</param>
    public static (JsonNode? Payload, string? Problem) Check(string jws, string jwks)
    {
        try
        {
            if (jws.Split('.') is not [var header, var payload, var signature])
                return (null, "It is not a JWS of three parts.");
            if (Decode(header) is not { } headerBytes || Decode(payload) is not { } payloadBytes || Decode(signature) is not { Length: 64 } signatureBytes)
                return (null, "A part of it is not base64url as signing writes it.");
            var head = JsonNode.Parse(headerBytes, documentOptions: Strict);
            if ((string?)head?["alg"] != "ES256" || (string?)head["typ"] != MediaType || (string?)head["kid"] is not { } keyId)
                return (null, "Its header is not that of a consent artefact.");
            if (FindKey(jwks, keyId) is not { } key)
                return (null, $"No key of the set has the id {keyId}.");
            using var verifier = ECDsa.Create(key);
            if (!verifier.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), signatureBytes, HashAlgorithmName.SHA256))
                return (null, "The signature is not that of this content.");
            var content = JsonNode.Parse(payloadBytes, documentOptions: Strict);
            return CanonicalJson.Write(content).AsSpan().SequenceEqual(payloadBytes) ? (content, null) : (null, "Its content is not canonical JSON.");
        }
        catch (Exception broken) when (broken is JsonException or FormatException or CryptographicException or InvalidOperationException or ArgumentException)
        {
            return (null, $"It can't be read: {broken.Message}");
        }
    }

    /// <summary>A public key as JWK, named by its thumbprint.</summary>
    public static JsonObject Jwk(ECParameters key)
    {
        var jwk = new JsonObject
        {
            ["crv"] = "P-256", ["kty"] = "EC", ["x"] = Base64Url.EncodeToString(key.Q.X), ["y"] = Base64Url.EncodeToString(key.Q.Y),
        };
        // RFC 7638, section 3: exactly these members, in this order, are hashed.
        jwk["kid"] = Base64Url.EncodeToString(SHA256.HashData(CanonicalJson.Write(jwk)));
        jwk["alg"] = "ES256";
        jwk["use"] = "sig";
        return jwk;
    }

    /// <summary>The key of the set whose thumbprint is the id: the id is what the key says, not what the set says.</summary>
    private static ECParameters? FindKey(string jwks, string keyId) =>
        JsonNode.Parse(jwks, documentOptions: Strict)?["keys"]?.AsArray().Select(Key).FirstOrDefault(key => key is { } known && (string?)Jwk(known)["kid"] == keyId);

    private static ECParameters? Key(JsonNode? jwk) =>
        (string?)jwk?["kty"] == "EC" && (string?)jwk["crv"] == "P-256" && Decode((string?)jwk["x"]) is { } x && Decode((string?)jwk["y"]) is { } y
            ? new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }
            : null;

    /// <summary>Base64url has several spellings of one value; only the one that encoding makes counts.</summary>
    private static byte[]? Decode(string? text) =>
        text is not null && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is var bytes && Base64Url.EncodeToString(bytes) == text ? bytes : null;
}

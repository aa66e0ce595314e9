using System.Security.Cryptography;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion.Signatures;

/// <summary>A request with a signature that is of now and covers what it has to; whose it is, is seen by a key.</summary>
/// <param name="Signature">As the header fields say it.</param>
/// <param name="Base">What was signed.</param>
internal sealed record SignedRequest(MessageSignature Signature, byte[] Base)
{
    /// <summary>
    /// What each signature covers: which request it is, to whom, what it carries and how that is read; so a content coding, too, where there is one. Whoever takes one from the wire can use it for
    /// nothing else.
    /// </summary>
    public static readonly IReadOnlyList<string> Always = ["@method", "@authority", "@path", "content-digest", "content-type"];

    public static readonly IReadOnlyList<string> OfUpload = [.. Always, "idempotency-key"];

    /// <summary>SHA-256 of what was signed. Two signatures over the same are one: ECDSA has several for each message.</summary>
    public byte[] Digest => SHA256.HashData(Base);

    /// <summary>Null: not signed, not over all of these, of another time, or without a digest that we know of what it carries.</summary>
    public static SignedRequest? Of(HttpRequest request, IReadOnlyList<string> covering, DateTimeOffset now) =>
        MessageSignature.Read(request.Headers[MessageSignature.InputHeader], request.Headers[MessageSignature.Header]) is { } signature
        && (now - signature.Created).Duration() <= Limits.SignatureSkew && !(now >= signature.Expires)
        && covering.All(signature.Components.Contains) && (request.Headers.ContentEncoding.Count == 0 || signature.Components.Contains("content-encoding"))
        && ContentDigest.Sha256Of(request.Headers[ContentDigest.Header]) is not null
        && signature.BaseOf(name => MessageSignature.ComponentOf(request, name)) is { } signed
            ? new SignedRequest(signature, signed) : null;

    /// <param name="publicKey">SubjectPublicKeyInfo.</param>
    public bool IsBy(byte[] publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return Signature.IsBy(key, Base);
    }
}

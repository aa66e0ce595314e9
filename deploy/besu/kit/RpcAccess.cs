using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hrms.BesuKit;

/// <summary>Who may call a node: a key pair whose public half the node has, and tokens signed with the other (RFC 7519, RS256; permissions as Besu reads them).</summary>
public static class RpcAccess
{
    private static readonly string[] Everything = ["*:*"];
    private static readonly string[] Ledger = ["eth:*", "net:*", "web3:*"];

    public static (string PrivatePem, string PublicPem) NewKeys()
    {
        using var key = RSA.Create(3072);
        return (key.ExportPkcs8PrivateKeyPem() + "\n", key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <param name="administers">Also votes on validators and changes lists; else only what the silo and a reader need.</param>
    /// <exception cref="ArgumentException">The text holds no key.</exception>
    public static string Token(string privatePem, DateTimeOffset now, TimeSpan validFor, bool administers)
    {
        using var key = RSA.Create();
        key.ImportFromPem(privatePem);
        var claims = new { permissions = administers ? Everything : Ledger, iat = now.ToUnixTimeSeconds(), exp = (now + validFor).ToUnixTimeSeconds() };
        var signed = $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}

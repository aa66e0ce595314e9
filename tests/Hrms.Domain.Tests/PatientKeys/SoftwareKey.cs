using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hrms.Contracts;

namespace Hrms.Domain.Tests.PatientKeys;

/// <summary>A P-256 key that answers as an authenticator on a relying party's own page does.</summary>
internal sealed class SoftwareKey : IDisposable
{
    public static readonly RelyingParty Party = new("records.example", "https://records.example");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] X => _key.ExportParameters(includePrivateParameters: false).Q.X!;

    public byte[] Y => _key.ExportParameters(includePrivateParameters: false).Q.Y!;

    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    public PasskeyAssertion Answers(byte[] challenge, byte flags = 0x05, string? domain = null, string? client = null)
    {
        byte[] authenticator = [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain ?? Party.Id)), flags, 0, 0, 0, 7];
        var data = Encoding.UTF8.GetBytes(client ?? Client(challenge));
        return new PasskeyAssertion(authenticator, data, _key.SignData([.. authenticator, .. SHA256.HashData(data)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    public static string Client(byte[] challenge, string rest = "https://records.example\",\"crossOrigin\":false}") =>
        $"{{\"type\":\"webauthn.get\",\"challenge\":\"{Base64Url.EncodeToString(challenge)}\",\"origin\":\"{rest}";

    public void Dispose() => _key.Dispose();
}

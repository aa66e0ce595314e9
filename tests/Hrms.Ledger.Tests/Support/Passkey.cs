using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A passkey as an authenticator holds it: signs challenges as WebAuthn level 2 says (section 6.3.3).</summary>
internal sealed class Passkey : IDisposable
{
    public const byte PresentAndVerified = 0x05;
    private static readonly System.Numerics.BigInteger Order = System.Numerics.BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] X => _key.ExportParameters(false).Q.X!;

    public byte[] Y => _key.ExportParameters(false).Q.Y!;

    public byte[] Salt { get; } = Keccak256.Hash("salt"u8);

    public byte[] Commitment => Keccak256.Hash([.. X, .. Y, .. Salt]);

    public static string ClientData(byte[] challenge, string type = "webauthn.get") =>
        $$"""{"type":"{{type}}","challenge":"{{Base64Url.EncodeToString(challenge)}}","origin":"https://records.example","crossOrigin":false}""";

    public static byte[] AuthenticatorData(byte flags) => [.. SHA256.HashData("records.example"u8), flags, 0, 0, 0, 7];

    /// <summary>The signature's two numbers over the authenticator's and the client's data; the second is the lower one, unless told otherwise.</summary>
    public (byte[] R, byte[] S) Sign(byte[] authenticatorData, string clientData, bool upper = false)
    {
        var signature = _key.SignData([.. authenticatorData, .. SHA256.HashData(Encoding.UTF8.GetBytes(clientData))], HashAlgorithmName.SHA256);
        var s = new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var other = Order - s;
        var chosen = s > other == upper ? s : other;
        var bytes = chosen.ToByteArray(isUnsigned: true, isBigEndian: true);
        return (signature[..32], [.. new byte[32 - bytes.Length], .. bytes]);
    }

    public void Dispose() => _key.Dispose();
}

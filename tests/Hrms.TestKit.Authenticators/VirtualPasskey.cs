using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hrms.TestKit;

/// <summary>An authenticator as Web Authentication, level 3, describes it: one key, attestation "none", its owner verified. What a test makes it do wrong are its properties.</summary>
public sealed class VirtualPasskey(string origin)
{
    private const byte UserPresent = 0x01, UserVerified = 0x04, HasCredential = 0x40;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string? _user;

    public string Origin { get; set; } = origin;

    public bool VerifiesItsUser { get; set; } = true;

    /// <summary>How often it has signed (section 6.1.1, signature counter). A copy of the key goes on counting from where it was copied.</summary>
    public uint Count { get; set; }

    /// <summary>The domain that it signs for, whatever the options say; null: theirs.</summary>
    public string? Domain { get; set; }

    /// <summary>What <c>getPublicKey()</c> of its credential gives: SubjectPublicKeyInfo, base64url.</summary>
    public string PublicKey => Encoded(_key.ExportSubjectPublicKeyInfo());

    public string CredentialId => Encoded(_id);

    private byte Flags => (byte)(UserPresent | (VerifiesItsUser ? UserVerified : 0));

    /// <summary>The answer of <c>navigator.credentials.create</c>, as JSON.</summary>
    public string Creates(JsonElement options)
    {
        _user = options.GetProperty("user").GetProperty("id").GetString();
        var client = ClientData("webauthn.create", options);
        var cbor = new CborWriter();
        cbor.WriteStartMap(3);
        cbor.WriteTextString("fmt");
        cbor.WriteTextString("none");
        cbor.WriteTextString("attStmt");
        cbor.WriteStartMap(0);
        cbor.WriteEndMap();
        cbor.WriteTextString("authData");
        cbor.WriteByteString([.. AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, (byte)(Flags | HasCredential)), .. CredentialData()]);
        cbor.WriteEndMap();
        return Answer(new { attestationObject = Encoded(cbor.Encode()), clientDataJSON = Encoded(client), transports = new[] { "internal" } });
    }

    /// <summary>The answer of <c>navigator.credentials.get</c>, as JSON.</summary>
    public string Gets(JsonElement options)
    {
        var client = ClientData("webauthn.get", options);
        var data = AuthenticatorData(Domain ?? options.GetProperty("rpId").GetString()!, Flags);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { authenticatorData = Encoded(data), clientDataJSON = Encoded(client), signature = Encoded(signature), userHandle = _user });
    }

    private byte[] ClientData(string type, JsonElement options) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false }));

    private byte[] AuthenticatorData(string domain, byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), flags, .. count];
    }

    private byte[] CredentialData()
    {
        var point = _key.ExportParameters(false).Q;
        var cose = new CborWriter();
        cose.WriteStartMap(5);
        foreach (var (label, value) in ((int, int)[])[(1, 2), (3, -7), (-1, 1)])
        {
            cose.WriteInt32(label);
            cose.WriteInt32(value);
        }
        cose.WriteInt32(-2);
        cose.WriteByteString(point.X!);
        cose.WriteInt32(-3);
        cose.WriteByteString(point.Y!);
        cose.WriteEndMap();
        return [.. new byte[16], 0, (byte)_id.Length, .. _id, .. cose.Encode()];
    }

    private string Answer(object response) => JsonSerializer.Serialize(new
    {
        id = Encoded(_id), rawId = Encoded(_id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response,
    });

    private static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

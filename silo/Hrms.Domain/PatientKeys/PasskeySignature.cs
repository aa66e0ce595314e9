using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Domain.PatientKeys;

/// <summary>
/// What a passkey signed, as the contract <c>PatientKeys</c> takes it (contracts/ledger/src/IPatientKeys.sol): the authenticator's and the client's data, and the signature as two
/// numbers, the second the lower one of its two values. Checked by the same steps as there, so that what is taken here stands on the ledger, too.
/// </summary>
public sealed record PasskeySignature(byte[] AuthenticatorData, byte[] ClientData, byte[] R, byte[] S)
{
    /// <summary>Of one coordinate, number or hash.</summary>
    public const int WordBytes = 32;

    private const int AuthenticatorDataMin = 37, ClientDataMax = 4_096, FlagsAt = 32;
    private const byte PresentAndVerified = 0x05;

    private static readonly BigInteger Order = new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>Null when the signature is not ASN.1 DER of two numbers of the curve (SEC 1, C.8).</summary>
    public static PasskeySignature? Of(PasskeyAssertion assertion)
    {
        try
        {
            var outer = new AsnReader(assertion.Signature, AsnEncodingRules.DER);
            var sequence = outer.ReadSequence();
            var (r, s) = (sequence.ReadInteger(), sequence.ReadInteger());
            sequence.ThrowIfNotEmpty();
            outer.ThrowIfNotEmpty();
            return r.Sign <= 0 || s.Sign <= 0 || r >= Order || s >= Order
                ? null
                : new PasskeySignature(assertion.AuthenticatorData, assertion.ClientData, Word(r), Word(BigInteger.Min(s, Order - s)));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>The member that is wrong, and in words; null: the key signed this challenge, and its user was there and verified.</summary>
    public (string Place, string Text)? Problem(byte[] challenge, byte[] x, byte[] y)
    {
        if (AuthenticatorData.Length < AuthenticatorDataMin || (AuthenticatorData[FlagsAt] & PresentAndVerified) != PresentAndVerified)
            return ("authenticatorData", "The authenticator does not say that its user was there and was verified by PIN or body.");
        // Web Authentication, level 3, section 5.8.1.1: browsers write these members first, in this order. The contract looks for nothing else.
        var start = Encoding.ASCII.GetBytes($$"""{"type":"webauthn.get","challenge":"{{Base64Url.EncodeToString(challenge)}}","origin":""" + '"');
        if (ClientData.Length > ClientDataMax || !ClientData.AsSpan().StartsWith(start))
            return ("clientData", "The client's data are not those of an answer to this challenge.");
        if (R.Length != WordBytes || S.Length != WordBytes || 2 * new BigInteger(S, isUnsigned: true, isBigEndian: true) > Order)
            return ("signature", "The signature is not two numbers, the second the lower one of its two values.");
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
            return key.VerifyData([.. AuthenticatorData, .. SHA256.HashData(ClientData)], [.. R, .. S], HashAlgorithmName.SHA256)
                ? null
                : ("signature", "The signature is not that of the key.");
        }
        catch (CryptographicException)
        {
            return ("key", "The key is not a point of the curve P-256.");
        }
    }

    /// <summary>Whether the answer was given to this relying party, on a page of its own (section 7.2, steps 12 to 16). Null: it was.</summary>
    public (string Place, string Text)? ProblemWith(RelyingParty party)
    {
        if (AuthenticatorData.Length < AuthenticatorDataMin || !AuthenticatorData.AsSpan(0, WordBytes).SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(party.Id))))
            return ("authenticatorData", $"The authenticator signed for another relying party than {party.Id}.");
        try
        {
            using var client = JsonDocument.Parse(ClientData);
            return client.RootElement.GetProperty("origin").GetString() != party.Origin || (client.RootElement.TryGetProperty("crossOrigin", out var cross) && cross.GetBoolean())
                ? ("clientDataJSON", $"The client's data are of a page of another origin than {party.Origin}.")
                : null;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ("clientDataJSON", "The client's data can't be read.");
        }
    }

    private static byte[] Word(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[WordBytes - bytes.Length], .. bytes];
    }
}

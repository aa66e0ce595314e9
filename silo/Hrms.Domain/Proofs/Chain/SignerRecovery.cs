using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// Who signed a hash with secp256k1: the address computed from the signature (SEC 1, section 4.1.6; yellow paper, appendix F). Public values only.
/// </summary>
public static class SignerRecovery
{
    public const int SignatureBytes = 65;
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");

    /// <param name="signature">r and s, 32 bytes each, and 0 or 1: whether the y coordinate of the point of r is odd.</param>
    /// <returns>20 bytes, or null when no key can have signed so.</returns>
    public static byte[]? AddressOf(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes || signature[64] > 1)
            return null;
        var (r, s) = (new BigInteger(1, signature[..32]), new BigInteger(1, signature[32..64]));
        if (r.SignValue == 0 || s.SignValue == 0 || r.CompareTo(Curve.N) >= 0 || s.CompareTo(Curve.N) >= 0)
            return null;
        ECPoint point;
        try
        {
            point = Curve.Curve.DecodePoint([(byte)(2 + signature[64]), .. signature[..32]]);
        }
        catch (ArgumentException)               // no point of the curve has this x
        {
            return null;
        }
        var inverse = r.ModInverse(Curve.N);
        var message = new BigInteger(1, hash);
        var key = ECAlgorithms.SumOfTwoMultiplies(
            Curve.G, message.Negate().Multiply(inverse).Mod(Curve.N), point, s.Multiply(inverse).Mod(Curve.N)).Normalize();
        return key.IsInfinity ? null : Keccak256.Hash([.. key.AffineXCoord.GetEncoded(), .. key.AffineYCoord.GetEncoded()])[12..];
    }
}

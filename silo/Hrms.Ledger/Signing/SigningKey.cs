using System.Security.Cryptography;
using Hrms.Ledger.Wire;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace Hrms.Ledger.Signing;

/// <summary>
/// A secp256k1 key of a lane or of the administrator. Signs deterministically (RFC 6979, HMAC-SHA-256) with the lower of the two values of s (EIP-2), so
/// that the same transaction always has the same bytes and hash.
/// </summary>
public sealed class SigningKey : ISigner
{
    public const int SizeBytes = 32;
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);
    private static readonly FixedPointCombMultiplier Multiplier = new();     // regular: its course does not depend on the scalar's digits
    private readonly BigInteger _secret;

    /// <exception cref="CryptographicException">Not 32 bytes between 1 and the curve's order.</exception>
    public SigningKey(ReadOnlySpan<byte> secret)
    {
        if (!IsValid(secret))
            throw new CryptographicException("A secp256k1 key is 32 bytes between 1 and the curve's order.");
        _secret = new BigInteger(1, secret);
        var point = Times(_secret);
        PublicKey = [.. point.AffineXCoord.GetEncoded(), .. point.AffineYCoord.GetEncoded()];
        Address = Address.OfPublicKey(PublicKey);
    }

    /// <summary>The two coordinates, 64 bytes: how other nodes know a node.</summary>
    public byte[] PublicKey { get; }

    public Address Address { get; }

    public static bool IsValid(ReadOnlySpan<byte> secret) =>
        secret.Length == SizeBytes && new BigInteger(1, secret) is { SignValue: > 0 } number && number.CompareTo(Curve.N) < 0;

    /// <summary>Signs a 32-byte hash. <see cref="Signature.OddY"/> tells which of two public keys signed, so that the sender can be computed.</summary>
    public Signature Sign(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32);
        var message = new BigInteger(1, hash);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Curve.N, _secret, hash.ToArray());
        while (true)
        {
            var nonce = nonces.NextK();
            var point = Times(nonce);
            var x = point.AffineXCoord.ToBigInteger();
            var r = x.Mod(Curve.N);
            var s = nonce.ModInverse(Curve.N).Multiply(message.Add(r.Multiply(_secret))).Mod(Curve.N);
            // The recovery id has no room for an x above the order; such a point has never been seen (probability 2^-127).
            if (r.SignValue == 0 || s.SignValue == 0 || !r.Equals(x))
                continue;
            var odd = point.AffineYCoord.TestBitZero();
            return s.CompareTo(HalfOrder) > 0
                ? new Signature(Bytes(r), Bytes(Curve.N.Subtract(s)), !odd)
                : new Signature(Bytes(r), Bytes(s), odd);
        }
    }

    /// <summary>The key as it stands in a key file. Called when one is written, never for a log.</summary>
    internal byte[] Export() => Bytes(_secret);

    public override string ToString() => $"key of {Address}";

    private static Org.BouncyCastle.Math.EC.ECPoint Times(BigInteger scalar) => Multiplier.Multiply(Curve.G, scalar).Normalize();

    private static byte[] Bytes(BigInteger value) => Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(SizeBytes, value);
}

/// <summary>An ECDSA signature whose signer can be computed from it. <paramref name="R"/> and <paramref name="S"/> are 32 bytes each.</summary>
public readonly record struct Signature(byte[] R, byte[] S, bool OddY);

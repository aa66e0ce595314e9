using Hrms.Domain.Proofs.Chain;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>Validators whose keys are small numbers, so that everybody knows their addresses, and the headers they seal.</summary>
internal static class TestValidators
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    public static byte[] Address(int key)
    {
        var point = Curve.G.Multiply(BigInteger.ValueOf(key)).Normalize();
        return Hashed([.. point.AffineXCoord.GetEncoded(), .. point.AffineYCoord.GetEncoded()])[12..];
    }

    public static byte[][] Addresses(params int[] keys) => [.. keys.Select(Address)];

    /// <summary>The header with extra data that lists validators and holds seals of signers.</summary>
    public static BlockHeader Seal(BlockHeader header, Consensus consensus, int[] listed, int[] signers, uint round = 0, ValidatorVote? vote = null)
    {
        var extra = new ValidatorExtraData(new byte[ValidatorExtraData.VanityBytes], Addresses(listed), vote, round, []);
        var signed = SealedHeader.Read(header.WithExtraData(extra.Encode(consensus, ExtraDataPart.Whole)), consensus).SealedHash();
        var seals = signers.Select(key => Sign(signed, key)).ToArray();
        return header.WithExtraData((extra with { Seals = seals }).Encode(consensus, ExtraDataPart.Whole));
    }

    /// <summary>A header of the London rules: sixteen fields.</summary>
    public static BlockHeader Header(long number)
    {
        byte[] Word(byte fill) => Rlp.Bytes(Enumerable.Repeat(fill, 32).ToArray());
        return BlockHeader.Read(Rlp.List(
            Word(1), Word(2), Rlp.Bytes(new byte[20]), Word(3), Word(4), Word(5), Rlp.Bytes(new byte[256]), Rlp.Number(1), Rlp.Number((ulong)number),
            Rlp.Number(0x1fffffffffffff), Rlp.Number(21000), Rlp.Number(1_750_000_000), Rlp.Bytes([]), Word(6), Rlp.Bytes(new byte[8]), Rlp.Number(0)));
    }

    public static byte[] Sign(byte[] hash, int key)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(BigInteger.ValueOf(key), Domain));
        var parts = signer.GenerateSignature(hash);
        byte[] signature = [.. Word(parts[0]), .. Word(parts[1]), 0];
        if (SignerRecovery.AddressOf(hash, signature) is not { } address || !address.AsSpan().SequenceEqual(Address(key)))
            signature[64] = 1;
        return signature;
    }

    private static byte[] Word(BigInteger number) => Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, number);

    private static byte[] Hashed(byte[] bytes) => Hrms.Domain.Proofs.Keccak256.Hash(bytes);
}

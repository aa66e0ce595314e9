using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>Extra data as Besu's own codec tests have it (QbftExtraDataCodecTest, IbftExtraDataRLPEncoderTest), and the differences of the two consensuses.</summary>
public sealed class ValidatorExtraDataTests
{
    private const string Beginning = "a00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20ea94000000000000000000000000000000000000000194"
        + "0000000000000000000000000000000000000002d794000000000000000000000000000000000000000181ff";
    private const string Seals = "f886b841000000000000000000000000000000000000000000000000000000000000000100000000000000000000000000000000000000000000000000"
        + "0000000000000a00b841000000000000000000000000000000000000000000000000000000000000000a0000000000000000000000000000000000000000000000000000000000000001"
        + "00";

    [Theory, Trait("Feature", "109")]
    [InlineData(Consensus.Qbft, "f8f0" + Beginning + "83fedcba" + Seals)]
    [InlineData(Consensus.Ibft2, "f8f1" + Beginning + "8400fedcba" + Seals)]
    public void BesusExample_IsReadAndWrittenTheSame(Consensus consensus, string encoded)
    {
        var extra = ValidatorExtraData.Read(consensus, Convert.FromHexString(encoded));

        Assert.Equal((0xfedcbau, 2, 2, true), (extra.Round, extra.Validators.Count, extra.Seals.Count, extra.Vote!.Add));
        Assert.Equal([.. Enumerable.Range(1, 32).Select(i => (byte)i)], extra.Vanity);
        Assert.Equal(encoded, Convert.ToHexStringLower(extra.Encode(consensus, ExtraDataPart.Whole)));
    }

    [Theory, Trait("Feature", "109")]
    [InlineData(Consensus.Qbft, ExtraDataPart.Whole, "c0" + "80" + "c0")]
    [InlineData(Consensus.Ibft2, ExtraDataPart.Whole, "80" + "8400000000" + "c0")]
    [InlineData(Consensus.Qbft, ExtraDataPart.ForSeal, "c0" + "80" + "c0")]
    [InlineData(Consensus.Ibft2, ExtraDataPart.ForSeal, "80" + "8400000000")]
    [InlineData(Consensus.Qbft, ExtraDataPart.ForHash, "c0" + "80" + "c0")]
    [InlineData(Consensus.Ibft2, ExtraDataPart.ForHash, "80")]
    public void WithoutVoteAndSeals_EachConsensusHasItsOwnEnd(Consensus consensus, ExtraDataPart part, string end)
    {
        var encoded = Convert.ToHexStringLower(ValidatorExtraData.Genesis(TestValidators.Addresses(1)).Encode(consensus, part));
        Assert.EndsWith(Hex.Of(TestValidators.Address(1))[2..] + end, encoded);
    }

    [Theory]
    [InlineData(Consensus.Qbft, "80")]
    [InlineData(Consensus.Ibft2, "00")]
    public void AVoteAgainstAValidator_IsWrittenInTheConsensusOwnWay(Consensus consensus, string against)
    {
        var extra = ValidatorExtraData.Genesis(TestValidators.Addresses(1, 2)) with { Vote = new ValidatorVote(TestValidators.Address(3), Add: false) };
        var encoded = extra.Encode(consensus, ExtraDataPart.Whole);

        Assert.Contains(Hex.Of(TestValidators.Address(3))[2..] + against, Convert.ToHexStringLower(encoded));
        Assert.False(ValidatorExtraData.Read(consensus, encoded).Vote!.Add);
    }

    [Theory]
    [InlineData(Consensus.Qbft)]
    [InlineData(Consensus.Ibft2)]
    public void TheOtherConsensusExtraData_AndAChangedLength_AreRefused(Consensus consensus)
    {
        var other = consensus == Consensus.Qbft ? Consensus.Ibft2 : Consensus.Qbft;
        var encoded = ValidatorExtraData.Genesis(TestValidators.Addresses(1, 2, 3, 4)).Encode(consensus, ExtraDataPart.Whole);
        Assert.Throws<FormatException>(() => ValidatorExtraData.Read(other, encoded));
        Assert.Throws<FormatException>(() => ValidatorExtraData.Read(consensus, encoded[..^1]));
        Assert.Throws<FormatException>(() => ValidatorExtraData.Read(consensus, [.. encoded, 0]));
    }

    /// <summary>Written without a fault, and still nothing that a validator list could be.</summary>
    [Theory]
    [InlineData(Consensus.Qbft)]
    [InlineData(Consensus.Ibft2)]
    public void SizesAndCountsThatCantBe_AreRefused(Consensus consensus)
    {
        var good = ValidatorExtraData.Genesis(TestValidators.Addresses(1, 2));
        ValidatorExtraData[] sizes =
        [
            good with { Vanity = new byte[31] }, good with { Validators = [.. good.Validators, new byte[19]] }, good with { Vote = new ValidatorVote(new byte[21], Add: true) },
        ];
        foreach (var wrong in sizes)
            Assert.Throws<FormatException>(() => ValidatorExtraData.Read(consensus, wrong.Encode(consensus, ExtraDataPart.Whole)));

        byte[][] parts = [.. RlpItem.Read(good.Encode(consensus, ExtraDataPart.Whole)).Items.Select(item => item.Encoded.ToArray())];
        byte[][][] lists =
        [
            [.. parts, Rlp.List()], [.. parts[..4]], [.. parts[..2], Rlp.Bytes([1]), .. parts[3..]], [.. parts[..2], Rlp.List(Rlp.Bytes(new byte[20])), .. parts[3..]],
            [.. parts[..2], Rlp.List(Rlp.Bytes(new byte[20]), Rlp.Bytes([0xff]), Rlp.Bytes([])), .. parts[3..]], [.. parts[..3], Rlp.Bytes(new byte[5]), .. parts[4..]],
        ];
        foreach (var wrong in lists)
            Assert.Throws<FormatException>(() => ValidatorExtraData.Read(consensus, Rlp.List(wrong)));
    }

    [Fact]
    public void Genesis_ListsValidatorsAscending_InWhateverOrderTheyAreGiven()
    {
        string[] ascending = ["0x2b5ad5c4795c026514f8317c7a215e218dccd6cf", "0x6813eb9362372eef6200f3b1dbc3f819671cba69", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"];
        foreach (var given in new[] { TestValidators.Addresses(1, 2, 3), TestValidators.Addresses(3, 1, 2) })
            Assert.Equal(ascending, ValidatorExtraData.Genesis(given).Validators.Select(validator => Hex.Of(validator)));
    }

    [Theory]
    [InlineData(Consensus.Qbft)]
    [InlineData(Consensus.Ibft2)]
    public void ALateRound_IsWrittenWithAllItsBytes(Consensus consensus)
    {
        var encoded = (ValidatorExtraData.Genesis(TestValidators.Addresses(1)) with { Round = 0x01020304 }).Encode(consensus, ExtraDataPart.Whole);
        Assert.Contains("8401020304", Convert.ToHexStringLower(encoded));
        Assert.Equal(0x01020304u, ValidatorExtraData.Read(consensus, encoded).Round);
    }
}

using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using static Hrms.Domain.Tests.Proofs.Chain.TestValidators;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>A header is worth as much as its seals: two thirds of its validators, each once, and validators that follow from those trusted.</summary>
public sealed class SealTests(ITestOutputHelper output)
{
    private static readonly int[] Four = [1, 2, 3, 4];

    [Fact]
    public void Signers_AreTheAddressesThatEverybodyKnows()
    {
        string[] known =
        [
            "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf", "0x6813eb9362372eef6200f3b1dbc3f819671cba69",
        ];
        var hash = Keccak256.Hash("block"u8);
        Assert.Equal(known, Enumerable.Range(1, 3).Select(key => Hex.Of(SignerRecovery.AddressOf(hash, Sign(hash, key)))));
    }

    /// <summary>Who checks a seal hears from any bytes that no key can have signed so.</summary>
    [Fact]
    public void BytesThatNoKeyCanHaveSigned_AreOfNobody()
    {
        var hash = Keccak256.Hash("block"u8);
        byte[] right = Sign(hash, 1), none = new byte[32], order = Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        byte[] generator = Convert.FromHexString("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        byte[][] others =
        [
            right[..64], [.. right, 0], [.. right[..64], 2], [.. none, .. right[32..]], [.. right[..32], .. none, 0], [.. order, .. right[32..]], [.. right[..32], .. order, 0],
            [.. none[1..], 5, .. right[32..]],      // no point of the curve has this x
            [.. generator, .. hash, 0],             // the key would be zero
        ];
        Assert.NotNull(SignerRecovery.AddressOf(hash, right));
        Assert.All(others, other => Assert.Null(SignerRecovery.AddressOf(hash, other)));
    }

    [Theory]
    [InlineData(1, 1), InlineData(2, 2), InlineData(3, 2), InlineData(4, 3), InlineData(5, 4), InlineData(6, 4), InlineData(7, 5), InlineData(10, 7)]
    public void Quorum_IsTwoThirdsRoundedUp(int validators, int quorum) => Assert.Equal(quorum, SealedHeader.Quorum(validators));

    [Theory, Trait("Feature", "44")]
    [InlineData(Consensus.Qbft, 0u), InlineData(Consensus.Qbft, 3u), InlineData(Consensus.Ibft2, 0u), InlineData(Consensus.Ibft2, 3u)]
    public void AHeaderSealedByTwoThirds_IsBelieved_AndItsHashIsFreeOfSealsAndRound(Consensus consensus, uint round)
    {
        var (three, all) = (TestValidators.Seal(Header(7), consensus, Four, [1, 3, 4], round), TestValidators.Seal(Header(7), consensus, Four, Four));

        Assert.Equal((null, null), (Problem(consensus, three), Problem(consensus, all)));
        Assert.Equal(SealedHeader.Read(all, consensus).Hash(), SealedHeader.Read(three, consensus).Hash());
        Assert.NotEqual(three.Hash(), SealedHeader.Read(three, consensus).Hash());
    }

    [Theory, Trait("Feature", "44")]
    [InlineData(new[] { 1, 2 }, "2 seals of its 4")]
    [InlineData(new int[0], "0 seals of its 4")]
    [InlineData(new[] { 1, 2, 2 }, "sealed block 7 twice")]
    [InlineData(new[] { 1, 2, 5 }, "who is no validator")]
    public void TooFewRepeatedOrForeignSeals_AreNamed(int[] signers, string says) =>
        Assert.Contains(says, Problem(Consensus.Qbft, TestValidators.Seal(Header(7), Consensus.Qbft, Four, signers)));

    [Fact, Trait("Feature", "44")]
    public void WhoSealed_IsSaid_AndNobodyIsListedTwiceToCountTwice()
    {
        Assert.Equal(
            TestValidators.Addresses(1, 3, 4).Select(address => Hex.Of(address)), SealedHeader.Read(Seal(Header(7), Consensus.Qbft, Four, [1, 3, 4]), Consensus.Qbft).Signers().Signers!.Select(address => Hex.Of(address)));
        var extra = ValidatorExtraData.Genesis(TestValidators.Addresses(Four)) with { Seals = [new byte[65]] };
        Assert.Contains("A seal is of nobody", Problem(Consensus.Qbft, Header(7).WithExtraData(extra.Encode(Consensus.Qbft, ExtraDataPart.Whole))));
        Assert.Contains("3 seals of its 4", Problem(Consensus.Qbft, Seal(Header(7), Consensus.Qbft, [1, 2, 3, 3], [1, 2, 3])));
        Assert.Contains("0 seals of its 0 validators; 1 are needed", Problem(Consensus.Qbft, Seal(Header(7), Consensus.Qbft, [], [])));
    }

    [Fact, Trait("Feature", "44")]
    public void TheFirstBlock_IsKnownByAllThatIsInIt()
    {
        var first = Seal(Header(0), Consensus.Qbft, Four, Four);
        Assert.Equal(first.Hash(), SealedHeader.Read(first, Consensus.Qbft).Hash());
    }

    [Fact, Trait("Feature", "44")]
    public void MoreThanAThirdOfThoseTrusted_MustHaveSealed_FromTheBlockOnThatTheyAreTrustedFrom()
    {
        var three = new ValidatorTrust(Consensus.Qbft, 7, TestValidators.Addresses(1, 2, 3));
        Assert.Contains("Only 1 of the 3 trusted", three.Accept(Seal(Header(7), Consensus.Qbft, [3, 4, 5], [3, 4, 5])).Problem);
        Assert.Contains("before block 7", three.Accept(Seal(Header(6), Consensus.Qbft, [1, 2, 3], [1, 2, 3])).Problem);
        Assert.Contains("extra data of block 7", three.Accept(Header(7)).Problem);
        Assert.Null(three.Accept(Seal(Header(7), Consensus.Qbft, [2, 3, 4], [2, 3, 4])).Problem);
    }

    [Fact, Trait("Feature", "44")]
    public void AHeaderOfOtherValidators_HoweverWellSealed_IsNotBelieved() =>
        Assert.Contains("Only 0 of the 4 trusted", Problem(Consensus.Qbft, TestValidators.Seal(Header(7), Consensus.Qbft, [5, 6, 7, 8], [5, 6, 7, 8])));

    [Fact, Trait("Feature", "44")]
    public void ValidatorsAreFollowedThroughTheirChanges_AndNotAcrossAGap()
    {
        BlockHeader Sealed(long number, params int[] all) => TestValidators.Seal(Header(number), Consensus.Qbft, all, all);
        var trust = Trust(Consensus.Qbft);
        int[][] sets = [[1, 2, 3, 4, 5], [2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6], [4, 5, 6], [4, 5, 6, 7], [5, 6, 7]];
        for (var i = 0; i < sets.Length; i++)
            Assert.Null(trust.Accept(Sealed(10 + i, sets[i])).Problem);
        Assert.Contains("Give the headers of the changes in between", Problem(Consensus.Qbft, Sealed(20, 5, 6, 7)));
        Assert.Contains("before block 16", trust.Accept(Sealed(15, sets[5])).Problem);
        Assert.Contains("Only 1 of the 4 trusted", Problem(Consensus.Qbft, Sealed(20, 4, 5, 6)));
    }

    [Theory, Trait("Feature", "44")]
    [InlineData(Consensus.Qbft), InlineData(Consensus.Ibft2)]
    public void NoHeaderWithOneChangedBit_IsBelievedAsTheSameBlock(Consensus consensus)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var whole = TestValidators.Seal(Header(7), consensus, Four, [1, 2, 3], round: 1);
        for (var i = 0; i < 300; i++)
        {
            var changed = whole.Encoded.ToArray();
            var position = chance.Next(changed.Length);
            changed[position] ^= (byte)(1 << chance.Next(8));
            try
            {
                Assert.True(Problem(consensus, BlockHeader.Read(changed)) is not null, $"A change of byte {position} went unseen.");
            }
            catch (FormatException)
            {
                // Not even a header.
            }
        }
    }

    private static ValidatorTrust Trust(Consensus consensus) => new(consensus, 5, TestValidators.Addresses(Four));

    private static string? Problem(Consensus consensus, BlockHeader header) => Trust(consensus).Accept(header).Problem;
}

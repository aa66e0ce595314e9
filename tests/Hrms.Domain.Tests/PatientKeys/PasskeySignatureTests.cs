using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.PatientKeys;

namespace Hrms.Domain.Tests.PatientKeys;

/// <summary>What of an authenticator's answer is taken.</summary>
public sealed class PasskeySignatureTests
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber);

    [Fact]
    public void AnAnswerToTheChallenge_IsTaken_WithTheLowerOfTwoValues()
    {
        using var key = new SoftwareKey();
        for (var i = 0; i < 20; i++)
        {
            var signature = PasskeySignature.Of(key.Answers(Challenge))!;

            Assert.Null(signature.Problem(Challenge, key.X, key.Y));
            Assert.Null(signature.ProblemWith(SoftwareKey.Party));
            Assert.True(2 * new BigInteger(signature.S, isUnsigned: true, isBigEndian: true) < Order);
        }
    }

    /// <summary>The client's data, and the place that is named.</summary>
    public static TheoryData<string> OtherAnswers() =>
    [
        SoftwareKey.Client([.. Challenge.Reverse()]), SoftwareKey.Client(Challenge).Replace("webauthn.get", "webauthn.create", StringComparison.Ordinal),
        " " + SoftwareKey.Client(Challenge), "", SoftwareKey.Client(Challenge, new string('a', 4_096)),
    ];

    [Theory, MemberData(nameof(OtherAnswers))]
    public void AnAnswerToSomethingElse_IsNamed(string client)
    {
        using var key = new SoftwareKey();
        Assert.Equal("clientData", PasskeySignature.Of(key.Answers(Challenge, client: client))!.Problem(Challenge, key.X, key.Y)?.Place);
    }

    [Theory]
    [InlineData(0x04)]
    [InlineData(0x01)]
    [InlineData(0x00)]
    public void WithoutAVerifiedUser_NothingIsSigned(byte flags)
    {
        using var key = new SoftwareKey();
        Assert.Equal("authenticatorData", PasskeySignature.Of(key.Answers(Challenge, flags))!.Problem(Challenge, key.X, key.Y)?.Place);
    }

    [Fact]
    public void WhatIsBent_IsNamed()
    {
        using var key = new SoftwareKey();
        using var other = new SoftwareKey();
        var good = PasskeySignature.Of(key.Answers(Challenge))!;
        var s = new BigInteger(good.S, isUnsigned: true, isBigEndian: true);

        Assert.Equal("signature", good.Problem(Challenge, other.X, other.Y)?.Place);
        Assert.Equal("key", good.Problem(Challenge, key.X, other.Y)?.Place);
        Assert.Equal("signature", (good with { S = (Order - s).ToByteArray(isUnsigned: true, isBigEndian: true) }).Problem(Challenge, key.X, key.Y)?.Place);
        Assert.Equal("signature", (good with { R = good.R[1..] }).Problem(Challenge, key.X, key.Y)?.Place);
        Assert.Equal("authenticatorData", (good with { AuthenticatorData = good.AuthenticatorData[..36] }).Problem(Challenge, key.X, key.Y)?.Place);
    }

    [Theory]
    [InlineData("https://elsewhere.example\",\"crossOrigin\":false}")]
    [InlineData("https://records.example\",\"crossOrigin\":true}")]
    [InlineData("https://records.example.elsewhere.example\"}")]
    [InlineData("https://records.example\",\"crossOrigin\":7}")]
    [InlineData("https://records.example")]
    public void OnAnotherPage_NothingIsSigned(string rest)
    {
        using var key = new SoftwareKey();
        Assert.Equal("clientDataJSON", PasskeySignature.Of(key.Answers(Challenge, client: SoftwareKey.Client(Challenge, rest)))!.ProblemWith(SoftwareKey.Party)?.Place);
    }

    [Fact]
    public void ForAnotherDomain_NothingIsSigned()
    {
        using var key = new SoftwareKey();
        Assert.Equal("authenticatorData", PasskeySignature.Of(key.Answers(Challenge, domain: "example"))!.ProblemWith(SoftwareKey.Party)?.Place);
    }

    [Fact]
    public void WhatIsNoSignature_IsNone()
    {
        Assert.NotNull(Of(Der(1, 1)));
        foreach (var wrong in new[] { [], [1, 2, 3], [.. Der(1, 1), 0], Der(0, 1), Der(1, 0), Der(-1, 1), Der(Order, 1), Der(1, Order), Der(1, 1, 1), RandomNumberGenerator.GetBytes(64) })
            Assert.Null(Of(wrong));

        static PasskeySignature? Of(byte[] signature) => PasskeySignature.Of(new PasskeyAssertion([], [], signature));
    }

    private static byte[] Der(params BigInteger[] numbers)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            foreach (var number in numbers)
                writer.WriteInteger(number);
        return writer.Encode();
    }
}

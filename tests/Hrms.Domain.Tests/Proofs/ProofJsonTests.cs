using System.Text;
using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Sealing;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>A bundle is a file that people pass on. It has one way to be written, so that two files that differ never prove the same.</summary>
[Trait("Feature", "44")]
public sealed class ProofJsonTests
{
    private static readonly string Text = Encoding.UTF8.GetString(ProofBundleJson.Write(new SampleJournal(new SeededEntropy(23)).Bundle(2)));

    [Fact]
    public void WhatIsWritten_IsReadAndWrittenTheSame()
    {
        var (bundle, problem) = ProofBundleJson.Read(Encoding.UTF8.GetBytes(Text));

        Assert.Null(problem);
        Assert.Equal(Text, Encoding.UTF8.GetString(ProofBundleJson.Write(bundle!)));
        Assert.Null(ProofVerifier.Open(bundle!).Problem);
    }

    /// <summary>As docs/proof-bundle.md says: hashes in hexadecimal, long values in base64, lines for people, what is null left out.</summary>
    [Fact]
    public void TheText_IsForPeopleToo()
    {
        Assert.StartsWith("{\n  \"format\": \"hrms-proof/1\",\n  \"kind\": \"record\",\n", Text, StringComparison.Ordinal);
        Assert.Contains("\"recordedAt\": \"2026-03-01T10:00:02.1250000Z\"", Text, StringComparison.Ordinal);
        Assert.Contains("\"place\": \"patient/record/1/application/fhir+json\"", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", Text, StringComparison.Ordinal);
        Assert.Matches("\"salt\": \"0x[0-9a-f]{64}\"", Text);
        foreach (var value in new[] { "ciphertext", "eventKey", "dataKey" })
        {
            Assert.Matches($"\"{value}\": \"[0-9A-Za-z+/]+=*\"", Text);
            Assert.DoesNotContain($"\"{value}\": \"0x", Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("format", "\"hrms-proof/1\"", "\"hrms-pro\\u006ff/1\"")]
    [InlineData("format", "\"hrms-proof/1\"", "1")]
    [InlineData("version", "2", "\"2\"")]
    [InlineData("version", "2", "2.0")]
    [InlineData("salt", "\"0x", "\"0X")]
    [InlineData("salt", "\"0x", "\"")]
    [InlineData("salt", "\"0x", "\"0xA")]
    [InlineData("salt", "\"0x", "\"0xa")]
    [InlineData("salt", "\"0x", "\"0x0A")]
    [InlineData("salt", "\"0x", "\"0xg0")]
    [InlineData("ciphertext", "\"", "\" ")]
    [InlineData("ciphertext", "\"", "\"0x")]
    [InlineData("recordedAt", "2026-03-01T10:00:02.1250000Z", "2026-03-01T10:00:02.125Z")]
    [InlineData("recordedAt", "2026-03-01T10:00:02.1250000Z", "2026-03-01T11:00:02.1250000+01:00")]
    [InlineData("recordedAt", "2026-03-01T10:00:02.1250000Z", "yesterday")]
    [InlineData("stream", "\"", "\"{")]
    [InlineData("stream", "-", "")]
    public void AnotherWayToWriteAMember_IsRefused_AndTheMemberIsNamed(string member, string written, string otherwise)
    {
        var place = Text.IndexOf($"\"{member}\": ", StringComparison.Ordinal) + member.Length + 4;
        var from = Text.IndexOf(written, place, StringComparison.Ordinal);

        var problem = Problem($"{Text[..from]}{otherwise}{Text[(from + written.Length)..]}");

        Assert.Equal((ProofFault.NotABundle, $"$.{member}"), (problem?.Fault, problem?.Place));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public void ATextThatIsNoBundle_IsNamedAsThat(string text) => Assert.Equal((ProofFault.NotABundle, "$"), Problem(text) is { } problem ? (problem.Fault, problem.Place) : default);

    [Fact]
    public void AFileOfNothing_IsSaidToHoldNothing() => Assert.Contains("not a proof bundle: The file holds nothing", Problem("null")?.Text);

    [Fact]
    public void MembersThatDoNotBelong_OrComeTwice_AreRefused()
    {
        Assert.NotNull(Problem(Text.Replace("\"format\"", "\"x\": 1, \"format\"", StringComparison.Ordinal)));
        Assert.NotNull(Problem(Text.Replace("\"version\": 2", "\"version\": 2, \"version\": 2", StringComparison.Ordinal)));
        Assert.NotNull(Problem(Text.Replace("\"kind\"", "\"Kind\"", StringComparison.Ordinal)));
    }

    private static ProofProblem? Problem(string text) => ProofBundleJson.Read(Encoding.UTF8.GetBytes(text)).Problem;
}

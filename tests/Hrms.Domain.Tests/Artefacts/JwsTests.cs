using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;

namespace Hrms.Domain.Tests.Artefacts;

/// <summary>Signed JSON holds with its own key and in no other form.</summary>
public sealed class JwsTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256), _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact, Trait("Feature", "22")]
    public void WhatAKeySigned_HoldsWithIt_AndIsNotKnownToOthers()
    {
        var jws = Sign("""{"b":1,"a":"ö"}""");

        Assert.Equal("ö", (string?)Jws.Check(jws, Keys(_other, _key)).Payload?["a"]);
        Assert.Contains("No key", Jws.Check(jws, Keys(_other)).Problem);
    }

    // RFC 7638, section 3: the hash of exactly these members, in this order, without white space.
    [Fact]
    public void AKeysId_IsItsThumbprint()
    {
        var jwk = Jws.Jwk(_key.ExportParameters(false));
        var hashed = $$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""";
        Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(hashed))), (string?)jwk["kid"]);
        Assert.Equal(("ES256", "sig"), ((string?)jwk["alg"], (string?)jwk["use"]));
    }

    [Fact]
    public void AKeyThatBearsAnothersId_IsNotTakenForIt()
    {
        var keys = JsonNode.Parse(Keys(_other))!;
        keys["keys"]![0]!["kid"] = (string?)Jws.Jwk(_key.ExportParameters(false))["kid"];

        Assert.Contains("No key", Jws.Check(Sign("{}"), keys.ToJsonString()).Problem);
    }

    [Fact]
    public void KeysOfOtherKinds_ArePassedOver()
    {
        var set = JsonNode.Parse(Keys(_key))!["keys"]!.AsArray();
        var (own, jws) = (set[0]!.AsObject(), Sign("{}"));
        set.Insert(0, JsonNode.Parse("""{"kty":"RSA","n":"AQAB","e":"AQAB"}"""));
        set.Insert(0, null);
        Assert.Null(Problem());

        (string Member, string? Value)[] others = [("kty", "OKP"), ("crv", "P-384"), ("x", "="), ("y", null)];
        foreach (var (member, value) in others)
        {
            var was = (string?)own[member];
            own[member] = value;
            Assert.Contains("No key", Problem());
            own[member] = was;
        }
        Assert.Contains("No key", Jws.Check(jws, "{}").Problem);

        string? Problem() => Jws.Check(jws, set.Parent!.ToJsonString()).Problem;
    }

    [Fact]
    public void WhatIsNoWholeSignedText_IsNamed()
    {
        var parts = Sign("{}").Split('.');
        (string Says, string Jws)[] broken =
        [
            ("three parts", ""), ("three parts", $"{parts[0]}.{parts[1]}"), ("three parts", $"{parts[0]}.{parts[1]}.{parts[2]}."),
            ("base64url", $"!.{parts[1]}.{parts[2]}"), ("base64url", $"{parts[0]}.=.{parts[2]}"), ("base64url", $"{parts[0]}.{parts[1]}.AAAA"),
            ("signature is not", $"{parts[0]}.{Base64("{\"a\":1}")}.{parts[2]}"),
        ];
        foreach (var (says, jws) in broken)
            Assert.Contains(says, Jws.Check(jws, Keys(_key)).Problem);
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"KID","typ":"hrms-consent+jws"}""", "header")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"JWT"}""", "header")]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"KID","typ":"hrms-consent+jws"}""", "read")]
    [InlineData("[]", "read")]
    public void AnotherHeader_IsNamed(string header, string problem)
    {
        var unsigned = $"{Base64(header.Replace("KID", (string?)Jws.Jwk(_key.ExportParameters(false))["kid"], StringComparison.Ordinal))}.{Base64("{}")}";
        Assert.Contains(problem, Jws.Check(Jws.Signed(unsigned, Signature(unsigned)), Keys(_key)).Problem);
    }

    [Fact]
    public void ContentThatIsSignedInAnotherForm_IsNamed()
    {
        var unsigned = $"{Sign("{}").Split('.')[0]}.{Base64("{ }")}";
        Assert.Contains("canonical", Jws.Check(Jws.Signed(unsigned, Signature(unsigned)), Keys(_key)).Problem);
    }

    private string Sign(string json)
    {
        var unsigned = Jws.Unsigned(JsonNode.Parse(json)!, (string)Jws.Jwk(_key.ExportParameters(false))["kid"]!);
        return Jws.Signed(unsigned, Signature(unsigned));
    }

    private byte[] Signature(string text) =>
        _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static string Base64(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Keys(params ECDsa[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => Jws.Jwk(key.ExportParameters(false)))]) }.ToJsonString();
}

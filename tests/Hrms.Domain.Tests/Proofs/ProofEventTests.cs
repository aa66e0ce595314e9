using System.Text;
using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>What a proof takes from an event that it does not otherwise know.</summary>
public sealed class ProofEventTests
{
    [Theory, Trait("Feature", "23")]
    [InlineData("consent-granted", "consent")]
    [InlineData("consent-amended", "consent")]      // a revoked one must be told, too
    [InlineData("consent-revoked", "revocation")]
    [InlineData("record-added", "record")]
    [InlineData("record-amended", "record")]
    [InlineData("access", "access")]
    [InlineData("glass-broken", "glass-broken")]
    public void Kind_IsWhatTheVerifierTreatsItAs(string name, string kind) => Assert.Equal(kind, Read($$"""{ "event": "{{name}}", "at": "2026-03-01T10:00:00Z" }""").Kind);

    [Fact, Trait("Feature", "23")]
    public void AnAmendedConsent_HasTheNullifierOfItsNewSecret_NotOfTheVersionBefore()
    {
        var secret = new byte[32];
        var before = Convert.ToBase64String(Keccak256.Hash("old"u8));
        var amended = Read($$"""{ "event": "consent-amended", "at": "2026-03-01T10:00:00Z", "nullifier": "{{before}}", "secret": "{{Convert.ToBase64String(secret)}}" }""");
        Assert.Equal(Keccak256.Hash(secret), amended.Nullifier);
    }

    [Theory, Trait("Feature", "23")]
    [InlineData("\"nullifier\": \"0xHEX\"")]
    [InlineData("\"nullifier\": \"HEX\"")]
    [InlineData("\"nullifier\": \"BASE64\"")]
    [InlineData("\"of\": [7, { \"a\": {} }, { \"b\": { \"nullifier\": \"0xHEX\" } }]")]
    public void ANullifier_IsFoundWhereverItStands_AndHoweverItIsWritten(string member)
    {
        var nullifier = Keccak256.Hash("secret"u8);
        var written = member.Replace("HEX", Convert.ToHexString(nullifier), StringComparison.Ordinal).Replace("BASE64", Convert.ToBase64String(nullifier), StringComparison.Ordinal);
        Assert.Equal(nullifier, Read($$"""{ "event": "consent-revoked", "at": "2026-03-01T10:00:00Z", {{written}} }""").Nullifier);
    }

    [Theory, Trait("Feature", "23")]
    [InlineData("\"nullifier\": \"0x01\"")]
    [InlineData("\"nullifier\": \"AAAA\"")]
    [InlineData("\"nullifier\": \"!\"")]
    [InlineData("\"nullifier\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAz\"")]
    [InlineData("\"nullifier\": 5")]
    [InlineData("\"other\": \"\"")]
    public void WhatIsNoHash_IsNoNullifier(string member) =>
        Assert.Null(Read($$"""{ "event": "consent-revoked", "at": "2026-03-01T10:00:00Z", {{member}} }""").Nullifier);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "event": "access" }""")]
    [InlineData("""{ "event": 1, "at": "2026-03-01T10:00:00Z" }""")]
    [InlineData("""{ "event": "access", "at": 1 }""")]
    [InlineData("""{ "event": "access", "at": "yesterday" }""")]
    public void OtherJson_IsNoEvent(string json) => Assert.Contains("'event' and 'at'", Assert.Throws<JsonException>(() => Read(json)).Message);

    /// <summary>Four digits could be hexadecimal, too: only a hash is written so.</summary>
    [Fact]
    public void AShortSecret_IsBase64() =>
        Assert.Equal(Keccak256.Hash([0, 0, 0]), Read("""{ "event": "consent-granted", "at": "2026-03-01T10:00:00Z", "secret": "AAAA" }""").Nullifier);

    private static ProofEvent Read(string json) => ProofEvent.Read(Encoding.UTF8.GetBytes(json));
}

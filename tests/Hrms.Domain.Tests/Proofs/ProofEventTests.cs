using System.Text;
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

    private static ProofEvent Read(string json) => ProofEvent.Read(Encoding.UTF8.GetBytes(json));
}

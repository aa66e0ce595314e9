using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Verifier;

namespace Hrms.Ledger.Tests.Proofs;

/// <summary>A member's key may have signed anything: the verifier program says so instead of failing.</summary>
public sealed class ArtefactFormTests
{
    [Theory, Trait("Feature", "22")]
    [InlineData("""{"format":5}""")]
    [InlineData("""{"format":["hrms-consent-1"]}""")]
    [InlineData("""{"format":null}""")]
    [InlineData("""{}""")]
    [InlineData("""[1]""")]
    public void SignedJsonThatIsNoConsent_IsNoArtefact(string json)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = Jws.Jwk(key.ExportParameters(false));
        var unsigned = Jws.Unsigned(JsonNode.Parse(json)!, (string)jwk["kid"]!);
        var paper = Jws.Signed(unsigned, key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256));
        var (artefact, problem) = ArtefactCheck.Read(Encoding.ASCII.GetBytes(paper), Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString()));
        Assert.Null(artefact);
        Assert.Contains("no consent artefact", problem!.Text, StringComparison.Ordinal);
    }
}

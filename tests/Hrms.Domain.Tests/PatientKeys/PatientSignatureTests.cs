using System.Text.Json.Nodes;
using Hrms.Domain.PatientKeys;

namespace Hrms.Domain.Tests.PatientKeys;

/// <summary>The patient's signature as a paper carries it: what is written is read, and what was changed is named by its member.</summary>
[Trait("Feature", "22")]
public sealed class PatientSignatureTests : IDisposable
{
    private static readonly string[] Members =
        ["chainId", "contract", "pseudonym", "artefact", "expires", "x", "y", "salt", "authenticatorData", "clientData", "r", "s"];

    private readonly SoftwareKey _key = new();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void APaper_CarriesIt_InTheMembersThatTheDocumentNames()
    {
        var paper = Signed();
        Assert.Equal(Members, paper[PatientSignature.Member]!.AsObject().Select(member => member.Key));
        var (signature, problem) = PatientSignature.In(JsonNode.Parse(paper.ToJsonString())!);
        Assert.Null(problem);
        Assert.Equal((31337UL, 1_893_456_000L), (signature!.ChainId, signature.Expires));
        Assert.Equal<byte[]>([Bytes(20, 1), Bytes(32, 2), Bytes(32, 3), _key.X, _key.Y], [signature.Contract, signature.Pseudonym, signature.Salt, signature.X, signature.Y]);
    }

    [Fact]
    public void APaperWithoutOne_HasNone_AndIsHashedWhole()
    {
        Assert.Equal((null, null), PatientSignature.In(Paper()));
        Assert.Equal((null, null), PatientSignature.In(new JsonArray(1)));
        Assert.Equal(PatientSignature.ArtefactOf(Paper()), PatientSignature.ArtefactOf(Signed()));
        Assert.NotEqual(PatientSignature.ArtefactOf(Paper()), PatientSignature.ArtefactOf(new JsonObject { ["consent"] = "b" }));
    }

    [Fact]
    public void AnotherPaper_IsNotWhatWasSigned()
    {
        var paper = Signed();
        paper["consent"] = "b";
        Assert.Equal("patientSignature.artefact", PatientSignature.In(paper).Problem?.Place);
    }

    [Fact]
    public void EachMember_IsThere_InItsOneSpelling()
    {
        foreach (var member in Members)
        {
            Assert.Equal((null, "patientSignature"), Read(signature => signature.Remove(member)));
            Assert.Equal((null, "patientSignature"), Read(signature => signature[member] = new JsonArray()));
            Assert.Equal((null, "patientSignature"), Read(signature => signature[member] = "no such spelling"));
        }
        Assert.Equal((null, "patientSignature"), Read(signature => signature["more"] = 1));
        Assert.Equal((null, "patientSignature"), Read(signature => signature["x"] = signature["x"]!.GetValue<string>().ToUpperInvariant()));
        Assert.Equal((null, "patientSignature"), Read(signature => signature["chainId"] = -1));
        Assert.Equal("patientSignature", PatientSignature.Read(null).Problem?.Place);
        Assert.Equal("patientSignature", PatientSignature.Read("text").Problem?.Place);
    }

    [Fact]
    public void EachMember_HasItsSize()
    {
        var (signature, _) = PatientSignature.Read(Signed()[PatientSignature.Member]);
        (PatientSignature Signature, string Place)[] wrong =
        [
            (signature! with { Contract = Bytes(19, 1) }, "contract"), (signature with { Pseudonym = Bytes(31, 1) }, "pseudonym"), (signature with { Artefact = Bytes(33, 1) }, "artefact"),
            (signature with { X = [] }, "x"), (signature with { Y = Bytes(31, 1) }, "y"), (signature with { Salt = Bytes(33, 1) }, "salt"), (signature with { Expires = -1 }, "expires"),
        ];
        foreach (var (one, place) in wrong)
        {
            Assert.Equal($"patientSignature.{place}", one.Problem(signature.Artefact)?.Place);
            Assert.Contains($"'{place}'", one.Problem(signature.Artefact)!.Text, StringComparison.Ordinal);
        }
        Assert.Null(signature.Problem(signature.Artefact));
    }

    private static JsonObject Paper() => new() { ["consent"] = "a" };

    private static byte[] Bytes(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private JsonObject Signed()
    {
        var artefact = PatientSignature.ArtefactOf(Paper());
        var challenge = PatientSignature.Challenge(31337, Bytes(20, 1), Bytes(32, 2), artefact, 1_893_456_000);
        var signature = new PatientSignature(
            31337, Bytes(20, 1), Bytes(32, 2), artefact, 1_893_456_000, _key.X, _key.Y, Bytes(32, 3), PasskeySignature.Of(_key.Answers(challenge))!);
        return new JsonObject { ["consent"] = "a", [PatientSignature.Member] = signature.ToJson() };
    }

    private (PatientSignature? Signature, string? Place) Read(Action<JsonObject> change)
    {
        var signature = Signed()[PatientSignature.Member]!.DeepClone().AsObject();
        change(signature);
        var (read, problem) = PatientSignature.Read(signature);
        if (problem is not null)
            Assert.Contains("consent-artefact.md", problem.Text, StringComparison.Ordinal);
        return (read, problem?.Place);
    }
}

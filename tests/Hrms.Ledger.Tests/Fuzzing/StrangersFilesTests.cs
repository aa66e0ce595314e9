using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Domain.Tests.Proofs;
using Hrms.Domain.Tests.Proofs.Chain;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.Verifier;
using static Hrms.TestKit.Fuzzing.ParserFuzz;

namespace Hrms.Ledger.Tests.Fuzzing;

/// <summary>Files that anybody may hand to the verifier program, damaged: it says what is wrong, and never fails.</summary>
[Trait("Feature", "22"), Trait("Feature", "48")]
public sealed class StrangersFilesTests(ITestOutputHelper output)
{
    private static readonly SampleJournal Journal = new(new SeededEntropy(31));

    [Fact]
    public void ProofBundles() => Run(output, [.. Enumerable.Range(1, 5).Select(version => ProofBundleJson.Write(Journal.Bundle(version)))], Opens);

    [Fact]
    public void Histories() => Run(output, [ProofJson.Write(Journal.History(1, 5)), ProofJson.Write(Journal.History(2, 3))], Opens);

    /// <summary>Damage in the bytes of a value, which the text alone would show: it is written anew around it.</summary>
    [Fact]
    public void SealedEventsAndContents() => Run(
        output, [Journal.Bundle(2).Ciphertext, Journal.Bundle(2).Content!.Ciphertext],
        bytes =>
        {
            var bundle = Journal.Bundle(2);
            _ = ProofVerifier.Open(bundle with { Ciphertext = bytes, Content = bundle.Content! with { Ciphertext = bytes } });
            return bytes.Length < 400;
        });

    [Fact]
    public void ConsentArtefacts()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = Jws.Jwk(key.ExportParameters(false));
        var keys = Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString());
        var unsigned = Jws.Unsigned(new JsonObject { ["format"] = ConsentArtefact.Format, ["n"] = new JsonArray(1, "a") }, (string)jwk["kid"]!);
        var paper = Encoding.ASCII.GetBytes(Jws.Signed(unsigned, key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256)));

        Run(output, [paper], bytes => ArtefactCheck.Read(bytes, keys).Problem is null);
        Run(output, [keys], bytes => ArtefactCheck.Read(paper, bytes).Problem is null);
        // What a member's key may have signed.
        Run(output, [Utf8(new JsonObject { ["format"] = ConsentArtefact.Format, [PatientSignature.Member] = Signed().ToJson() }.ToJsonString())], bytes => NodeOf(bytes) is { } node && Whole(() => PatientSignature.In(node)));
    }

    [Fact]
    public void WitnessesAndTrusts()
    {
        var header = TestValidators.Seal(TestValidators.Header(5), Consensus.Qbft, [1, 2], [1, 2]);
        var witness = ProofJson.Write(new BlockWitness(
            BlockWitness.CurrentFormat, new CommitWitness(header.Encoded, 0, [header.Encoded], [header.Encoded]), new StateWitness(header.Encoded, [header.Encoded], [header.Encoded], [header.Encoded])));
        var (proof, problem) = ProofVerifier.Open(Journal.Bundle(1));
        Assert.Null(problem);
        Run(output, [witness], bytes => ProofJson.Read<BlockWitness>(bytes) is { Value: { } read } && Whole(() => ProofJson.Write(read)) && Whole(() => OfflineCheck.Run(proof!, bytes, Utf8("{}"))));
        Run(output, [Utf8("{}"), witness], bytes => Whole(() => OfflineCheck.Run(proof!, witness, bytes)) && bytes.Length < 20_000);
    }

    [Fact]
    public void BlockHeaders()
    {
        var header = TestValidators.Seal(TestValidators.Header(5), Consensus.Qbft, [1, 2, 3], [1, 2]);
        Run(
            output, [header.Encoded, TestValidators.Header(7).Encoded],
            bytes =>
            {
                var read = BlockHeader.Read(bytes);
                foreach (var consensus in Enum.GetValues<Consensus>())
                {
                    try
                    {
                        _ = SealedHeader.Read(read, consensus).Hash();
                    }
                    catch (FormatException)
                    {
                        // Not of this consensus.
                    }
                }
                return read.Time > DateTimeOffset.MinValue;
            },
            typeof(FormatException));
        Run(output, [header.ExtraData], bytes => ValidatorExtraData.Read(Consensus.Qbft, bytes).Seals.Count >= 0, typeof(FormatException));
    }

    [Fact]
    public void TrieNodes()
    {
        var trie = MerklePatriciaTrie.OfList([.. Enumerable.Range(0, 40).Select(i => Encoding.ASCII.GetBytes($"a transaction of some length, number {i}"))]);
        Run(
            output, [.. trie.Prove(Rlp.Number(17))],
            bytes =>
            {
                // As if a root committed to the damaged node.
                _ = MerklePatricia.TryFind(Keccak256.Hash(bytes), [0x11], [bytes], out _);
                return bytes.Length < 600;
            });
        Run(output, [Rlp.List(Rlp.Bytes(new byte[40]), Rlp.Number(7), Rlp.List())], bytes => CommittedIn.Receipt(bytes) | CommittedIn.Transaction(bytes, Journal.Anchor) | bytes.Length < 100);
    }

    private static bool Opens(byte[] text) => Subject.Open(text).Subject is not null;

    private static bool Whole<T>(Func<T> read) => read() is not null;

    private static JsonNode? NodeOf(byte[] bytes)
    {
        try
        {
            var node = JsonNode.Parse(bytes, documentOptions: new System.Text.Json.JsonDocumentOptions { AllowDuplicateProperties = false });
            _ = CanonicalJson.Write(node);
            return node;
        }
        catch (Exception broken) when (broken is System.Text.Json.JsonException or InvalidOperationException)
        {
            // Such a paper is refused before anybody reads it.
            return null;
        }
    }

    private static PatientSignature Signed()
    {
        using var passkey = new Passkey();
        var data = Passkey.AuthenticatorData(Passkey.PresentAndVerified);
        var client = Passkey.ClientData(new byte[32]);
        var (r, s) = passkey.Sign(data, client);
        return new PatientSignature(31337, new byte[20], new byte[32], new byte[32], 1_900_000_000, passkey.X, passkey.Y, passkey.Salt, new PasskeySignature(data, Encoding.UTF8.GetBytes(client), r, s));
    }
}

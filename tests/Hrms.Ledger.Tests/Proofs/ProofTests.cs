using System.Text;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using Hrms.Verifier;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Proofs;

/// <summary>Bundles of a real ledger: the right ones hold, no changed one does, and the program says so with nothing of ours running.</summary>
public sealed class ProofTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    [Theory, Trait("Feature", "44")]
    [InlineData(1, "consent")]
    [InlineData(2, "record")]
    [InlineData(3, "access")]
    [InlineData(5, "device-registered")]
    public async Task Program_OnARightBundle_SaysValidWithKindBatchBlockAndTime(int version, string kind)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var bundle = sample.Bundle(version);

        var (code, text) = await RunAsync(ProofBundleJson.Write(bundle), "--contract", it.Contract.ToString());

        Assert.StartsWith("valid", text);
        Assert.Equal(0, code);
        Assert.Contains(kind, text);
        Assert.Contains($"batch     1 of lane 0", text);
        Assert.Contains($"block     {bundle.Ledger.BlockNumber} ", text);
        if (version == 2)
            Assert.Contains(Encoding.UTF8.GetString(ProofSample.Resource), text);
    }

    [Fact, Trait("Feature", "44")]
    public async Task AConsent_OnceItsNullifierIsPublished_IsNotValid_AndItsRevocationIs()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        Assert.Equal(ProofFault.RevocationNotPublished, (await CheckAsync(it, sample.Bundle(4)))?.Fault);
        await it.CommitAsync(await it.Ledger.IdentifyAsync(Cancellation), 0, 2, Root(2), ProofSample.Nullifier);
        Assert.Equal(ProofFault.ConsentRevoked, (await CheckAsync(it, sample.Bundle(1)))?.Fault);
        Assert.Null(await CheckAsync(it, sample.Bundle(4)));
    }

    [Theory, Trait("Feature", "44")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NoBundleWithOneChangedBit_IsValid(int version)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var text = ProofBundleJson.Write(sample.Bundle(version));
        Assert.Null(await CheckAsync(it, text));

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {text.Length} changes");
        var chance = new SeededEntropy(seed);
        Dictionary<ProofFault, int> found = [];
        for (var position = 0; position < text.Length; position++)
        {
            var changed = text.ToArray();
            var bit = chance.Below(8);
            changed[position] ^= (byte)(1 << bit);
            var problem = await CheckAsync(it, changed);
            Assert.True(problem is not null, $"Bit {bit} of byte {position} ('{(char)text[position]}' to '{(char)changed[position]}') went unseen.");
            found[problem.Fault] = found.GetValueOrDefault(problem.Fault) + 1;
        }
        output.WriteLine(string.Join(", ", found.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    [Fact, Trait("Feature", "44")]
    public async Task EachMember_OfAnotherRightBundle_IsNamedWhenItIsPutIn()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var (own, other) = (sample.Bundle(1), sample.Bundle(2));
        var ledger = own.Ledger;
        (ProofFault Fault, ProofBundle Changed)[] cases =
        [
            (ProofFault.UnknownFormat, own with { Format = "hrms-proof/2" }),
            (ProofFault.KindDiffers, own with { Kind = "access" }),
            (ProofFault.LeafDiffers, own with { Stream = Guid.Empty }),
            (ProofFault.LeafDiffers, own with { Version = 2 }),
            (ProofFault.LeafDiffers, own with { Salt = other.Salt }),
            (ProofFault.LeafDiffers, own with { PrevLeaf = other.PrevLeaf }),
            (ProofFault.LeafDiffers, own with { Ciphertext = other.Ciphertext }),
            (ProofFault.LeafDiffers, own with { Leaf = other.Leaf }),
            (ProofFault.PathDiffers, own with { Path = other.Path }),
            (ProofFault.PathDiffers, own with { Path = [] }),
            (ProofFault.EventDoesNotOpen, own with { EventKey = other.EventKey }),
            (ProofFault.TimeDiffers, own with { RecordedAt = other.RecordedAt }),
            (ProofFault.NullifierDiffers, own with { Nullifier = null }),
            (ProofFault.NullifierDiffers, own with { Nullifier = Root(1) }),
            (ProofFault.ContentDiffers, own with { Content = other.Content }),
            (ProofFault.ContentDoesNotOpen, other with { Content = other.Content! with { DataKey = Root(1) } }),
            (ProofFault.ContentDoesNotOpen, other with { Content = other.Content! with { Place = "elsewhere" } }),
            (ProofFault.ChainDiffers, own with { Ledger = ledger with { ChainId = 1 } }),
            (ProofFault.GenesisDiffers, own with { Ledger = ledger with { GenesisHash = Root(1) } }),
            (ProofFault.ContractDiffers, own with { Ledger = ledger with { Contract = new byte[20] } }),
            (ProofFault.RootNotOnLedger, own with { Ledger = ledger with { Number = 2 } }),
            (ProofFault.RootNotOnLedger, own with { Ledger = ledger with { Lane = 1 } }),
            (ProofFault.TransactionDiffers, own with { Ledger = ledger with { TxHash = Root(1) } }),
            (ProofFault.BlockDiffers, own with { Ledger = ledger with { BlockNumber = ledger.BlockNumber + 1 } }),
            (ProofFault.BlockDiffers, own with { Ledger = ledger with { BlockHash = Root(1) } }),
            (ProofFault.BlockDiffers, own with { Ledger = ledger with { BlockTime = ledger.BlockTime.AddSeconds(1) } }),
        ];
        foreach (var (fault, changed) in cases)
            Assert.Equal(fault, (await CheckAsync(it, ProofBundleJson.Write(changed)))?.Fault);
    }

    [Fact]
    public async Task Program_NamesTheFaultAndExitsWith1_OrSaysThatItCouldNotCheckWith2()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var text = ProofBundleJson.Write(sample.Bundle(1) with { Kind = "access" });
        Assert.Equal((1, true), await RunAsync(text) is var (code, said) ? (code, said.StartsWith("NOT VALID: KindDiffers at kind")) : default);
        Assert.Equal((1, true), await RunAsync(text, "--json") is var (code2, json) ? (code2, json.Contains("\"fault\": \"KindDiffers\"")) : default);
        Assert.Equal(1, (await RunAsync(ProofBundleJson.Write(sample.Bundle(1)), "--contract", "0x" + new string('1', 40))).Code);
        Assert.Equal(2, await VerifierProgram.RunAsync([], new StringWriter(), new StringWriter(), Cancellation));
        Assert.Equal(2, await VerifierProgram.RunAsync(["no-such-file", "--rpc", "http://127.0.0.1:9"], new StringWriter(), new StringWriter(), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public void ATextThatIsNoBundle_IsNamedAsThat(string text) =>
        Assert.Equal(ProofFault.NotABundle, ProofBundleJson.Read(Encoding.UTF8.GetBytes(text)).Problem?.Fault);

    [Fact]
    public async Task Program_ReadsNoMoreThanABundleHas()
    {
        using var folder = new TemporaryFolder();
        await using (var endless = File.Create(folder["bundle.json"]))
            endless.SetLength((128L << 20) + 1);
        var errors = new StringWriter();

        var code = await VerifierProgram.RunAsync([folder["bundle.json"], "--rpc", "http://127.0.0.1:9"], new StringWriter(), errors, Cancellation);

        Assert.Equal((2, true), (code, errors.ToString().Contains("has more than 134217728 bytes", StringComparison.Ordinal)));
    }

    private async Task<(int Code, string Text)> RunAsync(byte[] bundle, params string[] more)
    {
        using var folder = new TemporaryFolder();
        var path = folder["bundle.json"];
        await File.WriteAllBytesAsync(path, bundle, Cancellation);
        var (said, errors) = (new StringWriter(), new StringWriter());
        var code = await VerifierProgram.RunAsync([path, "--rpc", node.RpcUrl.ToString(), .. more], said, errors, Cancellation);
        return (code, said.ToString() + errors);
    }

    private static Task<ProofProblem?> CheckAsync(LedgerUnderTest it, ProofBundle bundle) => CheckAsync(it, ProofBundleJson.Write(bundle));

    private static async Task<ProofProblem?> CheckAsync(LedgerUnderTest it, byte[] text)
    {
        var (bundle, unreadable) = ProofBundleJson.Read(text);
        if (bundle is null)
            return unreadable;
        var (proof, problem) = ProofVerifier.Open(bundle);
        return proof is null ? problem : await new LedgerWitness(it.View).CheckAsync(proof, Cancellation);
    }
}

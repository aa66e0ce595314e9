using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Domain.Tests.Proofs.Chain;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using Hrms.Verifier;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Proofs;

/// <summary>
/// Bundles are checked with no network. The blocks, their state and their proofs are a real node's; that node writes no seals, so the headers are sealed here
/// by validators of known keys, which changes nothing else in them.
/// </summary>
public sealed class OfflineProofTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private static readonly int[] Four = [11, 12, 13, 14];

    [Theory, Trait("Feature", "23"), Trait("Feature", "44")]
    [InlineData(1, "consent", Consensus.Qbft), InlineData(2, "record", Consensus.Qbft), InlineData(3, "access", Consensus.Qbft)]
    [InlineData(1, "consent", Consensus.Ibft2), InlineData(2, "record", Consensus.Ibft2), InlineData(3, "access", Consensus.Ibft2)]
    public async Task ABundle_IsValidWithNoNetwork_FromSealedHeaders(int version, string kind, Consensus consensus)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var proof = await SealedProof.MakeAsync(it, version, consensus);

        var (code, text) = await RunAsync(proof);

        Assert.StartsWith("valid", text);
        Assert.Equal(0, code);
        Assert.Contains(kind, text);
        Assert.Contains($"as of     block {BlockHeader.Read(proof.Witness.State.Header).Number}", text);
    }

    [Fact, Trait("Feature", "44")]
    public async Task ARevokedConsent_IsNotValid_AndItsRevocationIs_ByTheStateOfALaterBlock()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        var early = await SealedProof.OfAsync(it, sample.Bundle(4), Consensus.Qbft);
        await it.CommitAsync(await it.Ledger.IdentifyAsync(Cancellation), 0, 2, Root(2), ProofSample.Nullifier);

        Assert.Equal(ProofFault.RevocationNotPublished, early.Check()?.Fault);
        Assert.Equal(ProofFault.ConsentRevoked, (await SealedProof.OfAsync(it, sample.Bundle(1), Consensus.Qbft)).Check()?.Fault);
        Assert.Null((await SealedProof.OfAsync(it, sample.Bundle(4), Consensus.Qbft)).Check());
    }

    [Fact, Trait("Feature", "44")]
    public async Task Fetch_TakesFromANodeWhatTheCheckNeeds_AndTrustedBlockHashesServeAChainWithoutSeals()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["bundle.json"], ProofBundleJson.Write(sample.Bundle(1)), Cancellation);
        var (witness, said, errors) = (new StringWriter(), new StringWriter(), new StringWriter());

        Assert.Equal(0, await VerifierProgram.RunAsync(["fetch", folder["bundle.json"], "--rpc", node.RpcUrl.ToString()], witness, errors, Cancellation));
        await File.WriteAllTextAsync(folder["witness.json"], witness.ToString(), Cancellation);
        var fetched = ProofJson.Read<BlockWitness>(await File.ReadAllBytesAsync(folder["witness.json"], Cancellation)).Value!;
        var trust = SealedProof.TrustIn(sample.Bundle(1).Ledger) with
        {
            Blocks = [BlockHeader.Read(fetched.Commit.Header).Hash(), BlockHeader.Read(fetched.State.Header).Hash()],
        };
        await File.WriteAllBytesAsync(folder["trust.json"], ProofJson.Write(trust), Cancellation);

        var code = await VerifierProgram.RunAsync(
            [folder["bundle.json"], "--header", folder["witness.json"], "--validators", folder["trust.json"]], said, errors, Cancellation);
        Assert.Equal((0, ""), (code, errors.ToString()));
        Assert.Equal(sample.Bundle(1).Ledger.BlockHash, trust.Blocks[0]);
        Assert.Equal(ProofFault.NotSealed, Check(sample.Bundle(1), fetched, trust with { Blocks = [Root(1)] })?.Fault);
    }

    [Fact, Trait("Feature", "44")]
    public async Task WhatDoesNotFit_IsNamed()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var proof = await SealedProof.MakeAsync(it, 1, Consensus.Qbft);
        var (bundle, witness, trust) = proof;
        var ledger = bundle.Ledger;
        var (commit, state) = (witness.Commit, witness.State);
        using var nodes = new NodePool([.. it.NodeUrls], TimeSpan.FromSeconds(15));
        var genesis = await nodes.AskAsync(new RpcCall("eth_getBlockByNumber", "0x0", false), NodeBlock.Header, Cancellation);
        (string Place, ProofFault Fault, ProofProblem? Found)[] cases =
        [
            ("ledger.chainId", ProofFault.ChainDiffers, Check(bundle, witness, trust with { ChainId = 1 })),
            ("ledger.genesisHash", ProofFault.GenesisDiffers, Check(bundle, witness, trust with { GenesisHash = Root(1) })),
            ("ledger.contract", ProofFault.ContractDiffers, Check(bundle, witness, trust with { Contract = new byte[20] })),
            ("commit.header", ProofFault.NotSealed, Check(bundle, witness, trust with { Validators = TestValidators.Addresses(1, 2, 3, 4) })),
            ("commit.header", ProofFault.NotSealed, Check(bundle, witness, trust with { Consensus = "ibft2" })),
            ("commit.header", ProofFault.NotSealed, Check(bundle, witness, trust with { From = long.MaxValue })),
            ("commit.header", ProofFault.HeaderUnreadable, Check(bundle, witness with { Commit = commit with { Header = [1, 2] } }, trust)),
            ("state.header", ProofFault.HeaderUnreadable, Check(bundle, witness with { State = state with { Header = [] } }, trust)),
            ("state.header", ProofFault.StateDiffers, Check(bundle, witness with { State = state with { Header = SealedProof.Seal(genesis.Encoded, Consensus.Qbft) } }, trust)),
            ("ledger.blockNumber", ProofFault.BlockDiffers, Check(bundle with { Ledger = ledger with { BlockNumber = 1 } }, witness, trust)),
            ("ledger.blockHash", ProofFault.BlockDiffers, Check(bundle with { Ledger = ledger with { BlockHash = Root(1) } }, witness, trust)),
            ("ledger.blockTime", ProofFault.BlockDiffers, Check(bundle with { Ledger = ledger with { BlockTime = ledger.BlockTime.AddSeconds(1) } }, witness, trust)),
            ("ledger.txHash", ProofFault.TransactionDiffers, Check(bundle with { Ledger = ledger with { TxHash = Root(1) } }, witness, trust)),
            ("ledger.txHash", ProofFault.TransactionDiffers, Check(bundle with { Ledger = ledger with { Number = 2 } }, witness, trust)),
            ("commit.transaction", ProofFault.TransactionDiffers, Check(bundle, witness with { Commit = commit with { Index = commit.Index + 1 } }, trust)),
            ("commit.transaction", ProofFault.TransactionDiffers, Check(bundle, witness with { Commit = commit with { Transaction = commit.Receipt } }, trust)),
            ("commit.receipt", ProofFault.TransactionDiffers, Check(bundle, witness with { Commit = commit with { Receipt = commit.Transaction } }, trust)),
            ("state.account", ProofFault.StateDiffers, Check(bundle, witness with { State = state with { Account = [] } }, trust)),
            ("state.root", ProofFault.StateDiffers, Check(bundle, witness with { State = state with { Root = state.Account } }, trust)),
            ("state.nullifier", ProofFault.StateDiffers, Check(bundle, witness with { State = state with { Nullifier = null } }, trust)),
            ("format", ProofFault.NotAWitness, Check(bundle, witness with { Format = "hrms-witness/2" }, trust)),
            ("$", ProofFault.NotATrust, Check(bundle, witness, trust with { Consensus = "clique" })),
            ("$", ProofFault.NotATrust, Check(bundle, witness, trust with { Validators = [] })),
        ];
        Assert.Null(Check(bundle, witness, trust));
        foreach (var (place, fault, found) in cases)
            Assert.Equal((place, fault), (found?.Place, found?.Fault));
    }

    [Theory, Trait("Feature", "23"), Trait("Feature", "44")]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task OfAThousandChangesOfABitInBundleOrWitness_NonePasses_AndEachIsNamed(int version)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it);
        await it.CommitAsync(await it.Ledger.IdentifyAsync(Cancellation), 0, 2, Root(2), version == 4 ? [ProofSample.Nullifier] : []);
        var proof = await SealedProof.OfAsync(it, sample.Bundle(version), Consensus.Qbft);
        Assert.Null(proof.Check());
        var (bundle, witness, trust) = (ProofBundleJson.Write(proof.Bundle), ProofJson.Write(proof.Witness), ProofJson.Write(proof.Trust));

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, bundle of {bundle.Length} bytes, witness of {witness.Length}");
        var chance = new SeededEntropy(seed);
        Dictionary<string, int> found = [];
        for (var i = 0; i < 1000; i++)
        {
            var changed = (i % 2 == 0 ? bundle : witness).ToArray();
            var (position, bit) = (chance.Below(changed.Length), chance.Below(8));
            changed[position] ^= (byte)(1 << bit);
            var problem = i % 2 == 0 ? CheckText(changed, witness, trust) : CheckText(bundle, changed, trust);
            Assert.True(problem is { Text.Length: > 0, Place.Length: > 0 }, $"Bit {bit} of byte {position} of the {(i % 2 == 0 ? "bundle" : "witness")} went unseen.");
            found[$"{problem.Fault}"] = found.GetValueOrDefault($"{problem.Fault}") + 1;
        }
        output.WriteLine(string.Join(", ", found.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static ProofProblem? Check(ProofBundle bundle, BlockWitness witness, LedgerTrust trust) =>
        CheckText(ProofBundleJson.Write(bundle), ProofJson.Write(witness), ProofJson.Write(trust));

    private static ProofProblem? CheckText(byte[] text, byte[] witness, byte[] trust)
    {
        var (subject, problem) = Subject.Open(text);
        return subject is null ? problem : OfflineCheck.Run(subject.Proof, witness, trust).Problem;
    }

    private static async Task<(int Code, string Text)> RunAsync(SealedProof proof)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["bundle.json"], ProofBundleJson.Write(proof.Bundle), Cancellation);
        await File.WriteAllBytesAsync(folder["witness.json"], ProofJson.Write(proof.Witness), Cancellation);
        await File.WriteAllBytesAsync(folder["trust.json"], ProofJson.Write(proof.Trust), Cancellation);
        var (said, errors) = (new StringWriter(), new StringWriter());
        var code = await VerifierProgram.RunAsync(
            [folder["bundle.json"], "--header", folder["witness.json"], "--validators", folder["trust.json"]], said, errors, Cancellation);
        return (code, said.ToString() + errors);
    }

    /// <summary>A bundle, and its witness with headers sealed by three of four validators.</summary>
    private sealed record SealedProof(ProofBundle Bundle, BlockWitness Witness, LedgerTrust Trust)
    {
        public static async Task<SealedProof> MakeAsync(LedgerUnderTest it, int version, Consensus consensus)
        {
            var sample = new ProofSample();
            await sample.CommitAsync(it);
            return await OfAsync(it, sample.Bundle(version), consensus);
        }

        public static async Task<SealedProof> OfAsync(LedgerUnderTest it, ProofBundle bundle, Consensus consensus)
        {
            using var nodes = new NodePool([.. it.NodeUrls], TimeSpan.FromSeconds(15));
            var witness = await new WitnessReader(nodes).ReadAsync(bundle, Cancellation);
            var commit = Seal(witness.Commit.Header, consensus);
            var hash = SealedHeader.Read(BlockHeader.Read(commit), consensus).Hash();
            return new SealedProof(
                bundle with { Ledger = bundle.Ledger with { BlockHash = hash } },
                witness with { Commit = witness.Commit with { Header = commit }, State = witness.State with { Header = Seal(witness.State.Header, consensus) } },
                TrustIn(bundle.Ledger) with { Consensus = consensus.ToString().ToLowerInvariant(), Validators = TestValidators.Addresses(Four) });
        }

        public static LedgerTrust TrustIn(ProofAnchor ledger) => new(LedgerTrust.CurrentFormat, ledger.ChainId, ledger.GenesisHash, ledger.Contract);

        public static byte[] Seal(byte[] header, Consensus consensus) =>
            TestValidators.Seal(BlockHeader.Read(header), consensus, Four, [11, 13, 14], round: 1).Encoded;

        public ProofProblem? Check() => OfflineProofTests.Check(Bundle, Witness, Trust);
    }
}

using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>What a prover tries who has the whole tree and an event of its own invention: inner nodes as leaves, leaves twice, paths too short or too long.</summary>
[Trait("Feature", "90"), Trait("Feature", "43")]
public sealed class MerkleAttackTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static readonly Guid Stream = new("6b1d3f0a-5b9e-4a51-9c5e-2f4f7a7c1d20");

    /// <summary>
    /// The contract takes a leaf's hash and can't tell it from an inner node's, which is why an artefact's leaf is hashed twice: an inner node is the hash
    /// of 64 bytes, a leaf that of 32. Whoever computes the leaf from the artefact, as all callers do, finds no artefact for an inner node.
    /// </summary>
    [Fact]
    public async Task AnInnerNode_IsTheLeafOfNoArtefact()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var leaves = Leaves(8);
        var tree = new MerkleTree(leaves);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, tree.Root, []));
        byte[] children = [.. Smaller(leaves[0], leaves[1]), .. Larger(leaves[0], leaves[1])];
        var inner = Keccak256.Hash(children);
        Assert.True(await AnchoredAsync(bench, inner, [.. tree.Path(0).Skip(1)]));          // as a bare hash it is in the tree
        foreach (var forged in new[] { children, inner, [.. children, .. inner] })
            Assert.False(await AnchoredAsync(bench, Keccak256.Hash(Keccak256.Hash(forged)), [.. tree.Path(0).Skip(1)]));
        // An event whose parts run over the same 64 bytes: its leaf is hashed once more than the inner node.
        var event_ = Leaf.Compute(children[..32], Stream, 1, children[32..], []);
        Assert.False(await AnchoredAsync(bench, event_, [.. tree.Path(0).Skip(1)]));
    }

    [Fact]
    public async Task APath_OfAnotherLengthOrOrder_ProvesNothing()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var leaves = Leaves(8);
        var tree = new MerkleTree(leaves);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, tree.Root, []));
        var path = tree.Path(3).ToArray();
        Assert.True(await AnchoredAsync(bench, leaves[3], path));
        foreach (var bent in new byte[][][]
        {
            [], path[..2], path[1..], [.. path, path[2]], [.. path, tree.Root], [path[1], path[0], path[2]], [.. path[..2], new byte[32]], [leaves[3], .. path],
        })
            Assert.False(await AnchoredAsync(bench, leaves[3], bent));
        Assert.False(await AnchoredAsync(bench, new byte[32], path));
        Assert.True(await AnchoredAsync(bench, tree.Root, []));                             // the root is no artefact's leaf either
    }

    /// <summary>
    /// A tree that repeated its last leaf to fill up would have the root of the tree that holds it twice (as Bitcoin's once did). Ours fills up with
    /// random leaves, so each count of events has its own root, and a second place of a leaf is a second leaf.
    /// </summary>
    [Fact]
    public async Task ALeafThatIsThereTwice_GivesAnotherRoot_AndProvesNoSecondEvent()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var own = Leaves(3);
        var (honest, doubled) = (new MerkleTree([.. own, Root(9_999)]), new MerkleTree([.. own, own[2]]));
        Assert.NotEqual(honest.Root, doubled.Root);
        await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, 1, honest.Root, []));
        for (var place = 0; place < 4; place++)
            Assert.False(await AnchoredAsync(bench, own[2], [.. doubled.Path(place)]));
        var repeat = HealthLedgerCalls.Commit(0, 1, doubled.Root, []);
        Assert.Equal(ContractBench.Error("LedgerConflict(uint32,uint64,bytes32,bytes32)"), await bench.RevertAsync(Caller.Writer0, repeat));
        Assert.Throws<ArgumentException>(() => new MerkleTree(own));                        // no tree fills itself up
    }

    private static Task<bool> AnchoredAsync(ContractBench bench, byte[] leaf, byte[][] path) =>
        bench.View.IsAnchoredAsync(bench.Contract, leaf, [.. path.SelectMany(sibling => sibling)], 0, 1, Cancellation);

    private static byte[][] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Leaf.Compute(Root(i), Stream, i + 1, Root(100 + i), Root(200 + i)))];

    private static byte[] Smaller(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) <= 0 ? one : other;

    private static byte[] Larger(byte[] one, byte[] other) => ReferenceEquals(Smaller(one, other), one) ? other : one;
}

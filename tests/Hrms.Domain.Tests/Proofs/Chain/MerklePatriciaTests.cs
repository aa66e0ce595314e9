using System.Text;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>Roots of the Ethereum test suite (TrieTests, trieanyorder.json), and proofs of presence and absence in tries of any shape.</summary>
public sealed class MerklePatriciaTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3", "doe=reindeer dog=puppy dogglesworth=cat")]
    [InlineData("0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab", "A=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3", "foo=bar food=bass")]
    [InlineData("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421", "")]
    public void Roots_AreThoseOfTheTestSuite(string root, string entries) => Assert.Equal(root, Hex.Of(new MerklePatriciaTrie(Parse(entries)).Root));

    [Fact]
    public void EachEntryIsProven_EachOtherKeyIsProvenAbsent_AndNoChangedProofHolds()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            // Few distinct bytes, so that keys share long beginnings and stand inside each other; small values, so that nodes stand inside nodes.
            var entries = Enumerable.Range(0, chance.Next(1, 60))
                .Select(_ => Enumerable.Range(0, chance.Next(1, 5)).Select(_ => (byte)(chance.Next(3) * 0x0f)).ToArray())
                .DistinctBy(Convert.ToHexString).Select(key => (Key: key, Value: Bytes(chance, 1, 40))).ToList();
            var trie = new MerklePatriciaTrie(entries);
            var root = trie.Root;
            foreach (var (key, value) in entries)
            {
                var proof = trie.Prove(key);
                Assert.True(MerklePatricia.TryFind(root, key, proof, out var found));
                Assert.Equal(value, found);
                var changed = proof.Select(node => node.ToArray()).ToArray();
                var node = changed[chance.Next(changed.Length)];
                node[chance.Next(node.Length)] ^= (byte)(1 << chance.Next(8));
                Assert.False(MerklePatricia.TryFind(root, key, changed, out _));
                Assert.False(MerklePatricia.TryFind(root, key, [.. proof, proof[^1]], out _));
                Assert.False(MerklePatricia.TryFind(root, key, proof.SkipLast(1).ToArray(), out _));
            }
            for (var i = 0; i < 20; i++)
            {
                var absent = Bytes(chance, 1, 6);
                if (entries.Any(entry => entry.Key.AsSpan().SequenceEqual(absent)))
                    continue;
                Assert.True(MerklePatricia.TryFind(root, absent, trie.Prove(absent), out var nothing));
                Assert.Null(nothing);
            }
        }
    }

    [Fact]
    public void AnEmptyTrie_ProvesAbsenceByItsRootAlone()
    {
        Assert.True(MerklePatricia.TryFind(MerklePatricia.EmptyRoot, "key"u8, [], out var nothing));
        Assert.Null(nothing);
        Assert.True(MerklePatricia.TryFind(MerklePatricia.EmptyRoot, "key"u8, [[0x80]], out _));
        Assert.False(MerklePatricia.TryFind(new byte[32], "key"u8, [], out _));
        Assert.Empty(new MerklePatriciaTrie([]).Prove("key"u8));
    }

    /// <summary>Whatever the nodes are, and however well they hash to the root.</summary>
    [Fact]
    public void NodesThatNoTrieHas_ProveNothing()
    {
        byte[] value = Rlp.Bytes("value"u8), none = Rlp.Bytes([]);
        byte[][] misshapen =
        [
            Rlp.List(), Rlp.List(Rlp.Bytes([0x20]), value, none), Rlp.List(none, value), Rlp.List(Rlp.Bytes([0x40]), value), Rlp.List(Rlp.Bytes([0x21]), value),
            Rlp.List(Rlp.Bytes([0x01]), value), Rlp.List(Rlp.List(), value), [0xb8], value, Rlp.List([.. Enumerable.Repeat(value, 17)]),
        ];
        foreach (var node in misshapen)
            Assert.False(MerklePatricia.TryFind(Keccak256.Hash(node), [0x11], [node], out _), Convert.ToHexString(node));
    }

    [Fact]
    public void ALeaf_ProvesItsOwnKey_AndThatLongerAndShorterOnesAreAbsent()
    {
        var leaf = Rlp.List(Rlp.Bytes([0x20, 0x11]), Rlp.Bytes("value"u8));
        foreach (var (key, value) in new (byte[], string?)[] { ([0x11], "value"), ([0x11, 0x11], null), ([], null), ([0x12], null) })
        {
            Assert.True(MerklePatricia.TryFind(Keccak256.Hash(leaf), key, [leaf], out var found));
            Assert.Equal(value, found is null ? null : Encoding.ASCII.GetString(found));
        }
    }

    private static byte[] Bytes(Random chance, int from, int below)
    {
        var bytes = new byte[chance.Next(from, below)];
        chance.NextBytes(bytes);
        return bytes;
    }

    private static IEnumerable<(byte[] Key, byte[] Value)> Parse(string entries) => entries.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split('=')).Select(pair => (Encoding.ASCII.GetBytes(pair[0]), Encoding.ASCII.GetBytes(pair[1])));
}

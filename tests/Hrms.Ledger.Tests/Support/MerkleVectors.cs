using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Tests.Support;

/// <summary>One leaf and what it is made of; all in hexadecimal.</summary>
internal sealed record LeafVector(string Salt, Guid Stream, long Version, string PrevLeaf, string Ciphertext, string Leaf);

/// <summary>One tree with the path of each leaf.</summary>
internal sealed record TreeVector(IReadOnlyList<string> Leaves, string Root, IReadOnlyList<IReadOnlyList<string>> Paths);

/// <summary>
/// The golden vectors that C#, the contract, ethers and viem are all held against: <c>contracts/ledger/vectors/merkle.json</c>. A changed vector is a
/// broken promise to everyone who holds a proof.
/// </summary>
internal sealed record MerkleVectors(IReadOnlyList<LeafVector> Leaves, IReadOnlyList<TreeVector> Trees)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Path => System.IO.Path.Combine(NodeProgram.Contracts, "vectors", "merkle.json");

    public static MerkleVectors Read() => JsonSerializer.Deserialize<MerkleVectors>(File.ReadAllBytes(Path), Options)!;

    public string Text() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>The same vectors each time.</summary>
    public static MerkleVectors Make()
    {
        var leaves = Enumerable.Range(0, 8).Select(i =>
        {
            var (salt, previous, ciphertext) = (Bytes("salt", i), i == 0 ? Leaf.Genesis : Bytes("previous", i), Bytes("text", i)[..(4 * i)]);
            var stream = new Guid(Bytes("stream", i).AsSpan(0, 16), bigEndian: true);
            var version = i == 7 ? long.MaxValue : 1 + 300L * i;
            return new LeafVector(
                Hex.Of(salt), stream, version, Hex.Of(previous), Hex.Of(ciphertext), Hex.Of(Leaf.Compute(salt, stream, version, previous, ciphertext)));
        });
        var trees = new[] { 1, 2, 4, 16 }.Select(size =>
        {
            byte[][] own = [.. Enumerable.Range(0, size).Select(i => Bytes("leaf", 100 * size + i))];
            var tree = new MerkleTree(own);
            return new TreeVector(
                [.. own.Select(leaf => Hex.Of(leaf))], Hex.Of(tree.Root),
                [.. Enumerable.Range(0, size).Select(i => (IReadOnlyList<string>)[.. tree.Path(i).Select(node => Hex.Of(node))])]);
        });
        return new MerkleVectors([.. leaves], [.. trees]);
    }

    private static byte[] Bytes(string name, int index) => Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes($"hrms vector {name} {index}"));
}

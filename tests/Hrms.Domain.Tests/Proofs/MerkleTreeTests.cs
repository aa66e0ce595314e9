using System.Buffers.Binary;
using Hrms.Domain.Proofs;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>What goes on the ledger, built here a second time from its published layout.</summary>
public sealed class MerkleTreeTests
{
    private static readonly byte[] Salt = Word(1), Previous = Word(2), Content = "sealed"u8.ToArray();
    private static readonly Guid Stream = new("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void ALeaf_IsTheDoubleHashOfItsPublishedLayout()
    {
        byte[] version = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(version, 258);
        byte[] layout = [.. Salt, .. new byte[16], .. Stream.ToByteArray(bigEndian: true), .. version, .. Previous, .. Keccak256.Hash(Content)];

        Assert.Equal(136, layout.Length);
        Assert.Equal(Keccak256.Hash(Keccak256.Hash(layout)), Leaf.Compute(Salt, Stream, 258, Previous, Content));
    }

    [Theory]
    [InlineData(31, 32)]
    [InlineData(33, 32)]
    [InlineData(32, 31)]
    [InlineData(32, 33)]
    public void ASaltOrAPreviousLeafOfAnotherSize_IsAFault(int salt, int previous) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Leaf.Compute(new byte[salt], Stream, 1, new byte[previous], Content));

    [Fact]
    public void FourLeaves_MakeTheTreeThatIsDrawnByHand()
    {
        byte[][] leaves = [Word(4), Word(3), Word(1), Word(2)];
        byte[] left = Keccak256.Hash([.. Word(3), .. Word(4)]), right = Keccak256.Hash([.. Word(1), .. Word(2)]);
        byte[] root = left.AsSpan().SequenceCompareTo(right) < 0 ? Keccak256.Hash([.. left, .. right]) : Keccak256.Hash([.. right, .. left]);
        var tree = new MerkleTree(leaves);

        Assert.Equal(root, tree.Root);
        Assert.Equal([Word(3), right], tree.Path(0));
        Assert.Equal([Word(1), left], tree.Path(3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void EveryLeaf_LeadsToTheRoot_AndNoOtherDoes(int count)
    {
        byte[][] leaves = [.. Enumerable.Range(0, count).Select(Word)];
        var tree = new MerkleTree(leaves);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(tree.Root, MerkleTree.RootOf(leaves[i], tree.Path(i)));
            Assert.NotEqual(tree.Root, MerkleTree.RootOf(Word(99), tree.Path(i)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    public void ABatchThatIsNotPadded_IsAFault(int count) =>
        Assert.Contains($"{count}", Assert.Throws<ArgumentException>(() => new MerkleTree([.. Enumerable.Range(0, count).Select(Word)])).Message);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 3)]
    [InlineData(64, 0)]
    public void Padding_FillsUpToAPowerOfTwo(int count, int padding) => Assert.Equal(padding, MerkleTree.PaddingFor(count));

    private static byte[] Word(int number) => [.. new byte[31], (byte)number];
}

using System.Text;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>The examples of the Ethereum documentation on RLP, both ways, and what a strict reader refuses.</summary>
public sealed class RlpTests
{
    [Theory]
    [InlineData("83646f67", "dog")]
    [InlineData("80", "")]
    [InlineData("0f", "\x0f")]
    [InlineData("b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
        "Lorem ipsum dolor sit amet, consectetur adipisicing elit")]
    public void Values_AreWrittenAndReadAsDocumented(string encoded, string value)
    {
        Assert.Equal(encoded, Convert.ToHexStringLower(Rlp.Bytes(Encoding.ASCII.GetBytes(value))));
        Assert.Equal(value, Encoding.ASCII.GetString(RlpItem.Read(Convert.FromHexString(encoded)).Bytes));
    }

    [Fact]
    public void ListsOfLists_AreWrittenAndReadAsDocumented()
    {
        var (none, two) = (Rlp.List(), Rlp.List(Rlp.List(), Rlp.List(Rlp.List())));
        Assert.Equal("c7c0c1c0c3c0c1c0", Convert.ToHexStringLower(Rlp.List(none, Rlp.List(none), two)));
        Assert.Equal(2, RlpItem.Read(Convert.FromHexString("c7c0c1c0c3c0c1c0")).Items[2].Items.Count);
        Assert.Equal(1024, RlpItem.Read(Rlp.Number(1024)).Number());
    }

    [Theory]
    [InlineData("7f", 1, 0x7f), InlineData("8180", 1, 0x80), InlineData("820000", 2, 0x00)]
    [InlineData("b7", 55, 0xff), InlineData("b838", 56, 0xff), InlineData("b8ff", 255, 0xff), InlineData("b90100", 256, 0xff)]
    public void AValuesBeginning_TellsItsLength(string beginning, int length, byte fill)
    {
        var value = Enumerable.Repeat(fill, length).ToArray();
        var encoded = Rlp.Bytes(value);
        Assert.StartsWith(beginning, Convert.ToHexStringLower(encoded));
        Assert.Equal(value, RlpItem.Read(encoded).Bytes);
        Assert.Equal(value, RlpItem.Read(Rlp.List(encoded, encoded)).Items[1].Bytes);
    }

    [Theory]
    [InlineData("80", 0L), InlineData("01", 1L), InlineData("820100", 256L), InlineData("887fffffffffffffff", long.MaxValue)]
    public void Numbers_HaveNoLeadingZeros(string encoded, long number)
    {
        Assert.Equal(encoded, Convert.ToHexStringLower(Rlp.Number((ulong)number)));
        Assert.Equal(encoded, Convert.ToHexStringLower(Rlp.Number([0, 0, .. BitConverter.GetBytes(number).Reverse()])));
        Assert.Equal(number, RlpItem.Read(Convert.FromHexString(encoded)).Number());
    }

    [Theory]
    [InlineData("00")]                      // a leading zero
    [InlineData("820001")]
    [InlineData("888000000000000000")]      // 2^63
    [InlineData("89010000000000000000")]    // 2^64
    [InlineData("c0")]                      // a list
    public void OtherValues_AreNoNumber(string encoded) => Assert.Throws<FormatException>(() => RlpItem.Read(Convert.FromHexString(encoded)).Number());

    [Fact]
    public void AValueIsNoList_AndAListNoValue()
    {
        Assert.Throws<FormatException>(() => RlpItem.Read(Rlp.List()).Bytes);
        Assert.Throws<FormatException>(() => RlpItem.Read(Rlp.Bytes([1, 2])).Items);
    }

    [Theory]
    [InlineData("")]                // nothing
    [InlineData("83646f")]          // cut off
    [InlineData("83646f6700")]      // something follows
    [InlineData("8100")]            // a small byte with a prefix
    [InlineData("b8026f67")]        // a short value with a long length
    [InlineData("b900386f")]        // a length with a leading zero
    [InlineData("c283646f67")]      // an item longer than its list
    [InlineData("bbffffffff")]      // longer than all memory
    [InlineData("bc0000000001")]    // a length of five bytes
    [InlineData("bc0100000000")]
    [InlineData("b8")]              // a length that is cut off
    [InlineData("f901")]
    [InlineData("b837ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")] // 55 bytes
    public void OtherWritings_AreRefused(string encoded) => Assert.Throws<FormatException>(() =>
    {
        var item = RlpItem.Read(Convert.FromHexString(encoded));
        return item.IsList ? item.Items.Count : 0;
    });

    [Fact]
    public void DeepNesting_CostsNothing()
    {
        byte[] nested = [];
        for (var i = 0; i < 10_000; i++)
            nested = Rlp.List(nested);
        Assert.True(RlpItem.Read(nested).IsList);
    }
}

using Hrms.Domain.Proofs;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>Bytes as the ledger's world writes them, in one way only.</summary>
public sealed class HexTests
{
    [Theory]
    [InlineData("0x", new byte[0])]
    [InlineData("0x00ff1a", new byte[] { 0x00, 0xff, 0x1a })]
    public void Bytes_AreWrittenAndReadTheSame(string text, byte[] bytes)
    {
        Assert.Equal(text, Hex.Of(bytes));
        Assert.True(Hex.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00ff")]
    [InlineData("0x0")]
    [InlineData("0X00")]
    [InlineData("0xAB")]
    [InlineData("0x0g")]
    public void AnotherWriting_IsNone(string? text)
    {
        Assert.False(Hex.TryParse(text, out var read));
        Assert.Empty(read);
    }
}

using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Domain.Tests.Proofs.Chain;

/// <summary>A header is what its bytes say, field by field; bytes that say something else are no header.</summary>
public sealed class BlockHeaderTests
{
    private static readonly BlockHeader Header = TestValidators.Header(7);
    private static readonly byte[][] Fields = [.. RlpItem.Read(Header.Encoded).Items.Select(field => field.Encoded.ToArray())];

    [Fact]
    public void EachField_StandsInItsPlace()
    {
        Assert.Equal((7, DateTimeOffset.FromUnixTimeSeconds(1_750_000_000)), (Header.Number, Header.Time));
        Assert.Equal([1, 3, 4, 5], new[] { Header.ParentHash, Header.StateRoot, Header.TransactionsRoot, Header.ReceiptsRoot }.Select(word => word[31]));
        Assert.Empty(Header.ExtraData);
        Assert.Equal(Keccak256.Hash(Header.Encoded), Header.Hash());
    }

    [Fact]
    public void OtherExtraData_ChangesNothingElse()
    {
        var changed = Header.WithExtraData([7, 7]);
        Assert.Equal([7, 7], changed.ExtraData);
        Assert.Equal(Header.Encoded, changed.WithExtraData([]).Encoded);
    }

    /// <summary>Later rules add fields at the end; none ever had fewer.</summary>
    [Fact]
    public void AHeader_HasFifteenFieldsAtLeast()
    {
        Assert.Equal(7, BlockHeader.Read(Rlp.List([.. Fields.Take(15)])).Number);
        Assert.Equal(7, BlockHeader.Read(Rlp.List([.. Fields, Rlp.Number(1)])).Number);
        Assert.Throws<FormatException>(() => BlockHeader.Read(Rlp.List([.. Fields.Take(14)])));
    }

    [Fact]
    public void AFieldThatCantBeMeant_IsRefusedWhenTheHeaderIsRead()
    {
        (int Field, byte[] Value)[] wrong =
        [
            (0, Rlp.Bytes(new byte[31])), (3, Rlp.Bytes(new byte[33])), (4, Rlp.List()), (5, Rlp.Bytes([])), (8, Rlp.Bytes([0])), (11, Rlp.Number(253_402_300_800)), (12, Rlp.List()),
        ];
        foreach (var (field, value) in wrong)
            Assert.Throws<FormatException>(() => BlockHeader.Read(Rlp.List([.. Fields.Select((own, i) => i == field ? value : own)])));
        Assert.Equal(9999, BlockHeader.Read(Rlp.List([.. Fields.Select((own, i) => i == 11 ? Rlp.Number(253_402_300_799) : own)])).Time.Year);
    }
}

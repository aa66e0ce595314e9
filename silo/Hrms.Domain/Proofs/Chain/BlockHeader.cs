namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// A block's header as it is hashed (yellow paper, section 4.3): the list of its fields, of which proofs use those named here. Fields that later rules
/// appended are kept as they are.
/// </summary>
public sealed class BlockHeader
{
    private const int FieldsMin = 15;
    private const int ExtraDataField = 12;
    private readonly IReadOnlyList<RlpItem> _fields;

    private BlockHeader(byte[] encoded, IReadOnlyList<RlpItem> fields) => (Encoded, _fields) = (encoded, fields);

    public byte[] Encoded { get; }

    public byte[] ParentHash => Word(0);

    public byte[] StateRoot => Word(3);

    public byte[] TransactionsRoot => Word(4);

    public byte[] ReceiptsRoot => Word(5);

    public long Number => _fields[8].Number();

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(_fields[11].Number());

    public byte[] ExtraData => _fields[ExtraDataField].Bytes;

    /// <summary>The hash of all that is there. Chains whose headers carry validator seals leave those out: <see cref="SealedHeader.Hash"/>.</summary>
    public byte[] Hash() => Keccak256.Hash(Encoded);

    /// <exception cref="FormatException">These bytes are no header.</exception>
    public static BlockHeader Read(byte[] encoded)
    {
        var header = new BlockHeader(encoded, RlpItem.Read(encoded).Items);
        if (header._fields.Count < FieldsMin)
            throw new FormatException($"A header has at least {FieldsMin} fields; these are {header._fields.Count}.");
        _ = (header.ParentHash, header.StateRoot, header.TransactionsRoot, header.ReceiptsRoot, header.Number, header.ExtraData);
        return header._fields[11].Number() <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? header
            : throw new FormatException("The header's time is out of range.");
    }

    /// <summary>The same header with other extra data.</summary>
    public BlockHeader WithExtraData(byte[] extraData)
    {
        var fields = _fields.Select((field, i) => i == ExtraDataField ? Rlp.Bytes(extraData) : field.Encoded.ToArray());
        return Read(Rlp.List([.. fields]));
    }

    private byte[] Word(int field) =>
        _fields[field].Bytes is { Length: Keccak256.SizeBytes } word ? word : throw new FormatException($"Field {field} of the header is no hash.");
}

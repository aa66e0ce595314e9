namespace Hrms.Domain.Proofs.Chain;

/// <summary>Which rules the validators of a chain seal blocks by.</summary>
public enum Consensus
{
    /// <summary>EEA QBFT Blockchain Protocol Specification v1.</summary>
    Qbft = 1,

    /// <summary>IBFT 2.0 (Saltini and Hyland-Wood, 2019) as Besu writes it.</summary>
    Ibft2 = 2,
}

/// <summary>How much of the extra data is written: each later one leaves out what is not known yet when it is hashed.</summary>
public enum ExtraDataPart
{
    Whole = 1,

    /// <summary>What a validator's seal signs: all but the seals.</summary>
    ForSeal = 2,

    /// <summary>What the block's hash covers: neither seals nor round, which differ between nodes that saw the same block.</summary>
    ForHash = 3,
}

/// <summary>A validator's vote on one account.</summary>
public sealed record ValidatorVote(byte[] Account, bool Add);

/// <summary>
/// The extra data of a header of an IBFT 2.0 or QBFT chain: a list of vanity, validators, vote, round, seals. The two write three things differently:
/// no vote is null in IBFT 2.0 and an empty list in QBFT; the round is four bytes or a number; what a hash leaves out is missing or is empty.
/// </summary>
/// <param name="Vanity">32 bytes, free for the proposer.</param>
/// <param name="Validators">Who seals this block: addresses, ascending.</param>
/// <param name="Seals">65 bytes each: r, s, and which of two keys signed.</param>
public sealed record ValidatorExtraData(
    byte[] Vanity, IReadOnlyList<byte[]> Validators, ValidatorVote? Vote, uint Round, IReadOnlyList<byte[]> Seals)
{
    public const int VanityBytes = 32;
    public const int AddressBytes = 20;
    private const byte AddVote = 0xff;

    /// <summary>The extra data of a first block: these validators and nothing else.</summary>
    public static ValidatorExtraData Genesis(IEnumerable<byte[]> validators) =>
        new(new byte[VanityBytes], [.. validators.OrderBy(Convert.ToHexString, StringComparer.Ordinal)], null, 0, []);

    /// <exception cref="FormatException">Not extra data of this consensus, or not in its one way of writing.</exception>
    public static ValidatorExtraData Read(Consensus consensus, byte[] encoded)
    {
        var items = RlpItem.Read(encoded).Items;
        if (items.Count != 5)
            throw new FormatException($"Extra data has five items; these are {items.Count}.");
        var extra = new ValidatorExtraData(
            items[0].Bytes, [.. items[1].Items.Select(item => item.Bytes)], ReadVote(items[2]), ReadRound(items[3]), [.. items[4].Items.Select(item => item.Bytes)]);
        if (extra.Vanity.Length != VanityBytes || extra.Validators.Any(validator => validator.Length != AddressBytes) || extra.Vote is { Account.Length: not AddressBytes })
            throw new FormatException("The vanity or an address does not have its size.");
        return extra.Encode(consensus, ExtraDataPart.Whole).AsSpan().SequenceEqual(encoded)
            ? extra
            : throw new FormatException($"The extra data is not written as {consensus} writes it.");
    }

    public byte[] Encode(Consensus consensus, ExtraDataPart part)
    {
        List<byte[]> items = [Rlp.Bytes(Vanity), Rlp.List([.. Validators.Select(validator => Rlp.Bytes(validator))]), EncodeVote(consensus)];
        var round = part == ExtraDataPart.ForHash ? 0 : Round;
        var seals = Rlp.List([.. (part == ExtraDataPart.Whole ? Seals : []).Select(seal => Rlp.Bytes(seal))]);
        if (consensus == Consensus.Qbft)
            items.AddRange([Rlp.Number(round), seals]);
        else if (part != ExtraDataPart.ForHash)
            items.Add(Rlp.Bytes([(byte)(round >> 24), (byte)(round >> 16), (byte)(round >> 8), (byte)round]));
        if (consensus == Consensus.Ibft2 && part == ExtraDataPart.Whole)
            items.Add(seals);
        return Rlp.List([.. items]);
    }

    private byte[] EncodeVote(Consensus consensus) => (consensus, Vote) switch
    {
        (Consensus.Qbft, null) => Rlp.List(),
        (_, null) => Rlp.Bytes([]),
        (Consensus.Qbft, { Add: false } vote) => Rlp.List(Rlp.Bytes(vote.Account), Rlp.Bytes([])),
        (_, var vote) => Rlp.List(Rlp.Bytes(vote.Account), Rlp.Bytes([vote.Add ? AddVote : (byte)0])),
    };

    // What is neither a vote nor the consensus' way to write none shows when it is written again.
    private static ValidatorVote? ReadVote(RlpItem item) =>
        item.IsList && item.Items is [var account, var add] ? new ValidatorVote(account.Bytes, add.Bytes is [AddVote]) : null;

    private static uint ReadRound(RlpItem item) =>
        item.Bytes is { Length: <= 4 } bytes ? bytes.Aggregate(0u, (round, digit) => round << 8 | digit) : throw new FormatException("The round is misshapen.");
}

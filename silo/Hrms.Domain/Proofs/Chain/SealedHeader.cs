namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// A header with its validators' seals. It counts only with seals of at least two thirds of the validators it lists, all of them validators, none twice
/// (the rule by which the validators themselves accept a block).
/// </summary>
public sealed class SealedHeader
{
    private SealedHeader(BlockHeader header, Consensus consensus, ValidatorExtraData extra) => (Header, Consensus, Extra) = (header, consensus, extra);

    public BlockHeader Header { get; }

    public Consensus Consensus { get; }

    public ValidatorExtraData Extra { get; }

    /// <exception cref="FormatException">The extra data is not of this consensus.</exception>
    public static SealedHeader Read(BlockHeader header, Consensus consensus) => new(header, consensus, ValidatorExtraData.Read(consensus, header.ExtraData));

    /// <summary>How many of a number of validators must seal: two thirds, rounded up.</summary>
    public static int Quorum(int validators) => (2 * validators + 2) / 3;

    /// <summary>By what the chain knows the block: without seals and round. The first block is hashed whole.</summary>
    public byte[] Hash() => Header.Number == 0 ? Header.Hash() : With(ExtraDataPart.ForHash).Hash();

    /// <summary>What each validator signs.</summary>
    public byte[] SealedHash() => With(ExtraDataPart.ForSeal).Hash();

    /// <summary>Who sealed, when the seals are enough; else what is wrong.</summary>
    public (IReadOnlyList<byte[]>? Signers, string? Problem) Signers()
    {
        var signed = SealedHash();
        var validators = Extra.Validators.Select(validator => Hex.Of(validator)).ToHashSet();
        HashSet<string> signers = [];
        foreach (var seal in Extra.Seals)
        {
            var signer = SignerRecovery.AddressOf(signed, seal) is { } address ? Hex.Of(address) : "nobody";
            if (!validators.Contains(signer))
                return (null, $"A seal is of {signer}, who is no validator of block {Header.Number}.");
            if (!signers.Add(signer))
                return (null, $"Validator {signer} sealed block {Header.Number} twice.");
        }
        var quorum = Quorum(validators.Count);
        return validators.Count > 0 && validators.Count == Extra.Validators.Count && signers.Count >= quorum
            ? ([.. signers.Select(signer => Convert.FromHexString(signer.AsSpan(2)))], null)
            : (null, $"Block {Header.Number} has {signers.Count} seals of its {Extra.Validators.Count} validators; {Math.Max(quorum, 1)} are needed.");
    }

    private BlockHeader With(ExtraDataPart part) => Header.WithExtraData(Extra.Encode(Consensus, part));
}

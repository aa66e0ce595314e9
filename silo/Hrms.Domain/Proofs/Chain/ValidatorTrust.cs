namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// Follows a chain's validators from a set that is trusted to later ones. A header that lists other validators is believed when it is sealed by two thirds
/// of its own list and by more than a third of those trusted before: as long as less than a third of these are dishonest, one who signed is honest and
/// has checked the change. (The skipping step of light clients.)
/// </summary>
/// <param name="from">The number of a block from which on the validators are trusted.</param>
/// <param name="validators">Trusted from elsewhere: addresses.</param>
public sealed class ValidatorTrust(Consensus consensus, long from, IEnumerable<byte[]> validators)
{
    private long _from = from;
    private HashSet<string> _trusted = [.. validators.Select(validator => Hex.Of(validator))];

    /// <summary>The header with its seals when they can be believed; its validators are trusted from then on. Else what is wrong. Ask in the blocks' order.</summary>
    public (SealedHeader? Header, string? Problem) Accept(BlockHeader header)
    {
        if (header.Number < _from)
            return (null, $"Block {header.Number} is before block {_from}, from which on the validators are trusted.");
        SealedHeader sealedHeader;
        try
        {
            sealedHeader = SealedHeader.Read(header, consensus);
        }
        catch (FormatException misshapen)
        {
            return (null, $"The extra data of block {header.Number} can't be read: {misshapen.Message}");
        }
        var (signers, problem) = sealedHeader.Signers();
        if (signers is null)
            return (null, problem);
        var known = signers.Count(signer => _trusted.Contains(Hex.Of(signer)));
        if (3 * known <= _trusted.Count)
            return (null, $"Only {known} of the {_trusted.Count} trusted validators sealed block {header.Number}. Give the headers of the changes in between.");
        _from = header.Number;
        _trusted = [.. sealedHeader.Extra.Validators.Select(validator => Hex.Of(validator))];
        return (sealedHeader, null);
    }
}

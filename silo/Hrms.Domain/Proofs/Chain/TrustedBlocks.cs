namespace Hrms.Domain.Proofs.Chain;

/// <summary>Judges the headers of one check by a <see cref="LedgerTrust"/>: named by its hash, or sealed by validators that follow from the trusted ones.</summary>
public static class TrustedBlocks
{
    /// <summary>
    /// Each header with the hash its chain knows it by, in the order given; or the first problem, with the place of its header.
    /// </summary>
    public static (IReadOnlyList<(BlockHeader Header, byte[] Hash)> Blocks, ProofProblem? Problem) Judge(
        LedgerTrust trust, IReadOnlyList<(string Place, byte[] Encoded)> asked)
    {
        List<(string Place, BlockHeader Header)> headers = [];
        foreach (var (place, encoded) in (trust.Changes ?? []).Select((change, i) => ($"changes[{i}]", change)).Concat(asked))
        {
            try
            {
                headers.Add((place, BlockHeader.Read(encoded)));
            }
            catch (FormatException misshapen)
            {
                return ([], new ProofProblem(ProofFault.HeaderUnreadable, place, misshapen.Message));
            }
        }
        var hashes = new byte[headers.Count][];
        var validators = trust.SealedBy is { } consensus ? new ValidatorTrust(consensus, trust.From, trust.Validators!) : null;
        foreach (var (order, (place, header)) in headers.Index().OrderBy(entry => entry.Item.Header.Number))
        {
            if ((trust.Blocks ?? []).Any(block => block.AsSpan().SequenceEqual(header.Hash())))
            {
                hashes[order] = header.Hash();
                continue;
            }
            if (validators is null)
                return ([], new ProofProblem(ProofFault.NotSealed, place, $"Block {header.Number} ({Hex.Of(header.Hash())}) is not among the trusted blocks."));
            var (accepted, problem) = validators.Accept(header);
            if (accepted is null)
                return ([], new ProofProblem(ProofFault.NotSealed, place, problem!));
            hashes[order] = accepted.Hash();
        }
        return ([.. headers.Select((header, i) => (header.Header, hashes[i])).Skip(headers.Count - asked.Count)], null);
    }
}

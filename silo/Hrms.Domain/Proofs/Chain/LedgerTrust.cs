namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// What whoever checks without a network believes already, and has from elsewhere than the bundle: which ledger, and by what its blocks are known. Either
/// validators that seal blocks, with the headers by which they changed; or single blocks by their hashes, for a chain without seals.
/// </summary>
/// <param name="Consensus"><c>qbft</c> or <c>ibft2</c>; null when there are only blocks.</param>
/// <param name="From">The number of the block from which on <paramref name="Validators"/> are trusted; 0: the chain's first.</param>
/// <param name="Changes">Headers, encoded, that each list other validators than the one before; ascending.</param>
/// <param name="Blocks">Hashes of trusted blocks.</param>
public sealed record LedgerTrust(
    string Format, ulong ChainId, byte[] GenesisHash, byte[] Contract, string? Consensus = null, long From = 0, IReadOnlyList<byte[]>? Validators = null,
    IReadOnlyList<byte[]>? Changes = null, IReadOnlyList<byte[]>? Blocks = null)
{
    public const string CurrentFormat = "hrms-trust/1";

    /// <summary>The named consensus; null when it is none we know.</summary>
    public Consensus? SealedBy => Consensus switch
    {
        "qbft" => Chain.Consensus.Qbft,
        "ibft2" => Chain.Consensus.Ibft2,
        _ => null,
    };

    /// <summary>What the text lacks; null when it can be used.</summary>
    public string? Problem =>
        Format != CurrentFormat ? $"This program reads {CurrentFormat}; the file is '{Format}'."
        : GenesisHash.Length != Keccak256.SizeBytes || Contract.Length != ValidatorExtraData.AddressBytes ? "The genesis hash or the contract does not have its size."
        : (Consensus is null) != (Validators is null) || (Consensus is null) != (SealedBy is null) ? "Validators need a consensus, 'qbft' or 'ibft2', and the other way round."
        : Validators is { Count: 0 } || (Validators is null && Blocks is null) ? "Neither validators nor blocks are named."
        : (Validators ?? []).Any(validator => validator.Length != ValidatorExtraData.AddressBytes) ? "A validator is an address of 20 bytes."
        : null;
}

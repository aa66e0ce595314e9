namespace Hrms.Domain.Proofs.Chain;

/// <summary>
/// What a node is asked for so that a bundle can be checked with no network later: the block that took the batch in, and the contract's state at a block not
/// before it. Belongs to one bundle. Described in docs/proof-bundle.md.
/// </summary>
public sealed record BlockWitness(string Format, CommitWitness Commit, StateWitness State)
{
    public const string CurrentFormat = "hrms-witness/1";
}

/// <summary>The commit's transaction in its block.</summary>
/// <param name="Header">The block's header, encoded.</param>
/// <param name="Index">The transaction's place in the block.</param>
/// <param name="Transaction">Trie nodes from the header's transactions root.</param>
/// <param name="Receipt">Trie nodes from the header's receipts root.</param>
public sealed record CommitWitness(byte[] Header, long Index, IReadOnlyList<byte[]> Transaction, IReadOnlyList<byte[]> Receipt);

/// <summary>The contract's code, the batch's root and the bundle's nullifier at a block.</summary>
/// <param name="Header">The block's header, encoded.</param>
/// <param name="Account">Trie nodes from the header's state root to the contract.</param>
/// <param name="Root">Trie nodes from the contract's storage root to the batch's root.</param>
/// <param name="Nullifier">The same to the nullifier, there or not; null when the bundle has none.</param>
public sealed record StateWitness(byte[] Header, IReadOnlyList<byte[]> Account, IReadOnlyList<byte[]> Root, IReadOnlyList<byte[]>? Nullifier = null);

namespace Hrms.Domain.Ports;

/// <summary>A block of the chain.</summary>
public sealed record ChainBlock(long Number, byte[] Hash, DateTimeOffset Time);

/// <summary>Where in the chain an event stands.</summary>
public readonly record struct EventPlace(long BlockNumber, byte[] BlockHash, int TransactionIndex, int LogIndex);

/// <summary>What the ledger contract told of a change, whichever member made it.</summary>
public abstract record LedgerEvent(EventPlace Place);

/// <summary>A batch was anchored.</summary>
/// <param name="Lane">Its number on the shared ledger, 32 bits without a sign.</param>
public sealed record BatchAnchored(EventPlace Place, long Lane, long Number, byte[] Root) : LedgerEvent(Place);

/// <summary>A nullifier was published: of a revocation, or padding.</summary>
public sealed record NullifierPublished(EventPlace Place, byte[] Nullifier) : LedgerEvent(Place);

/// <summary>What a node has after the block that a follower has come to.</summary>
public enum FollowKind
{
    /// <summary>The events up to <see cref="FollowPage.Through"/>, which may be the same block.</summary>
    Next = 1,
    /// <summary>No node that answers is as far as the follower.</summary>
    Behind = 2,
    /// <summary>At the follower's height the chain has another block.</summary>
    OtherChain = 3,
}

/// <param name="Through">The block up to which <paramref name="Events"/> are all of them.</param>
/// <param name="IsHead">Whether that is the newest block there is.</param>
public sealed record FollowPage(FollowKind Kind, ChainBlock? Through, bool IsHead, IReadOnlyList<LedgerEvent> Events);

/// <summary>
/// The shared ledger as a reader of all members' lanes sees it. Needs no key and no right to write. All members throw
/// <see cref="LedgerUnavailableException"/> when no node answers and <see cref="LedgerDisagreesException"/> when what a node says contradicts itself or our rows.
/// </summary>
public interface ILedgerEvents
{
    /// <summary>What the database was anchored in; no node is asked. Null before the first time.</summary>
    Task<LedgerIdentity?> KnownAsync(CancellationToken cancellationToken);

    /// <summary>The same, after comparing it with chain and contract.</summary>
    Task<LedgerIdentity?> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>The next events of all lanes, each held against the contract's views: its root is there under its number, its nullifier is published.</summary>
    /// <param name="after">Null: from the chain's first block on.</param>
    Task<FollowPage> ReadAsync(LedgerIdentity identity, ChainBlock? after, CancellationToken cancellationToken);

    /// <summary>The contract's newest numbers of some lanes as of a block.</summary>
    Task<IReadOnlyList<long>> LastNumbersAsync(LedgerIdentity identity, IReadOnlyList<long> lanes, ChainBlock at, CancellationToken cancellationToken);

    /// <summary>Who seals the chain's newest block: addresses, 20 bytes each. Empty where the chain is of no consensus with validators in its headers, as a development node's.</summary>
    Task<IReadOnlyList<byte[]>> ValidatorsAsync(CancellationToken cancellationToken);

    /// <summary>The contract's own <c>checkConsent</c> as of a block: anchored and not revoked.</summary>
    Task<bool> CheckConsentAsync(
        LedgerIdentity identity, byte[] leaf, IReadOnlyList<byte[]> path, long lane, long number, byte[] nullifier, ChainBlock at, CancellationToken cancellationToken);
}

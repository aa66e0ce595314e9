namespace Hrms.Domain.Ports;

/// <summary>
/// The rows of a follower: batches and nullifiers of all members' lanes, and the block up to which they are complete. A chain has rows of its own, named by the
/// first epoch on it (<see cref="LedgerIdentity.Since"/>). Rows are never changed or taken away.
/// </summary>
public interface IFollowedLedger
{
    /// <summary>How far the rows are complete; null when nothing was followed.</summary>
    Task<ChainBlock?> ThroughAsync(int since, CancellationToken cancellationToken);

    /// <summary>
    /// Stores events and then, in the same transaction, the block they go up to. What is stored already, by another follower or before the chain was read again, is
    /// compared and not stored twice.
    /// </summary>
    /// <param name="after">Where the reader began: when another follower has gone on meanwhile, nothing is stored.</param>
    /// <returns>False when another follower has gone on.</returns>
    /// <exception cref="LedgerDisagreesException">A batch is missing in between, or is known with another root. Nothing is stored.</exception>
    Task<bool> AppendAsync(int since, ChainBlock? after, FollowPage page, CancellationToken cancellationToken);

    /// <summary>Has the chain read from its first block again; the rows stay and are compared.</summary>
    Task BeginAgainAsync(int since, CancellationToken cancellationToken);

    /// <summary>Each lane that has a batch, and its newest number, in order of lane.</summary>
    Task<IReadOnlyList<(long Lane, long Last)>> LanesAsync(int since, CancellationToken cancellationToken);

    /// <summary>What the rows say of one batch and one nullifier, and as of which block.</summary>
    Task<FollowedConsent> FindAsync(int since, long lane, long number, byte[] nullifier, CancellationToken cancellationToken);
}

/// <param name="Through">Null when nothing was followed.</param>
/// <param name="Root">Null when the batch is not there.</param>
/// <param name="RevokedIn">The block that published the nullifier; null when none did.</param>
public sealed record FollowedConsent(ChainBlock? Through, byte[]? Root, long? RevokedIn);

namespace Hrms.Domain.Ports;

/// <summary>An erasure that has begun, and so will end.</summary>
/// <param name="Certificate">A random number, drawn at the beginning: names the erasure's certificate and nobody.</param>
/// <param name="IsOver">Nothing of it is left to do.</param>
public sealed record Erasure(StreamId Owner, Guid Certificate, DateTimeOffset BeganAt, bool IsOver);

/// <summary>
/// The steps of an erasure that must survive a crash. Called by the grain of the owner, in this order: begin, destroy, end; and by whoever lets erasures go on
/// that a crash interrupted. Each step may be repeated.
/// </summary>
public interface IErasures
{
    /// <summary>The point of no return: from here on <see cref="IKeyRing.FindAsync"/> says that the owner is ending. A repeat gives the first beginning.</summary>
    Task<Erasure> BeginAsync(StreamId owner, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Null when no erasure of this owner has begun.</summary>
    Task<Erasure?> FindAsync(StreamId owner, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys, all at once or not at all, the owners' keys, the salts of their journals and their contents, leaves tombstones, and closes their streams: an
    /// activation that does not know of it yet can append nothing more.
    /// </summary>
    Task DestroyAsync(IReadOnlyList<StreamId> owners, DateTimeOffset at, CancellationToken cancellationToken);

    Task EndAsync(StreamId owner, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Owners whose erasure has ended, in the order of their ends, from behind one of them on.</summary>
    Task<IReadOnlyList<(StreamId Owner, DateTimeOffset EndedAt)>> EndedAsync(DateTimeOffset after, StreamId owner, int take, CancellationToken cancellationToken);

    /// <summary>Owners whose erasure has begun and not ended, the longest waiting first.</summary>
    Task<IReadOnlyList<StreamId>> UnfinishedAsync(CancellationToken cancellationToken);
}

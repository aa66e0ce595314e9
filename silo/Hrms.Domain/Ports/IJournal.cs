using Hrms.Contracts;

namespace Hrms.Domain.Ports;

/// <summary>A stream of the journal: one patient, provider or device. Ids of all kinds share one space, since all derive from names.</summary>
public readonly record struct StreamId(Guid Value)
{
    public static implicit operator StreamId(PatientId id) => new(id.Value);

    public static implicit operator StreamId(ProviderId id) => new(id.Value);

    public static implicit operator StreamId(DeviceId id) => new(id.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>What a row of the journal is, in clear, so that readers can choose rows without a key. Never tells what was decided.</summary>
public enum EntryKind : short
{
    /// <summary>Changes the folded state of its stream.</summary>
    Change = 1,

    /// <summary>Somebody looked, or was refused: not part of the folded state.</summary>
    Access = 2,

    /// <summary>Something happened to the owner's account: not part of the folded state.</summary>
    Account = 3,
}

/// <summary>One event, sealed and ready to be appended.</summary>
/// <param name="PrevLeaf">The leaf of the version before; 32 zero bytes at version 1.</param>
/// <param name="Salt">256 random bits that live only in PostgreSQL.</param>
/// <param name="Leaf">See <see cref="Proofs.Leaf"/>; 32 bytes.</param>
/// <param name="Payload">The sealed event.</param>
/// <param name="Nullifier">Published on the ledger with the leaf when this event revokes a consent; 32 bytes, else null.</param>
public sealed record JournalEntry(
    EntryKind Kind, DateTimeOffset RecordedAt, byte[] PrevLeaf, byte[] Salt, byte[] Leaf, byte[] Payload, byte[]? Nullifier = null);

/// <summary>Sealed content that becomes durable in the same transaction as the events that name it.</summary>
/// <param name="Hash">SHA-256 of <paramref name="Ciphertext"/>: its address within the stream.</param>
/// <param name="WrappedKey">The data key, wrapped by the patient's key.</param>
public sealed record SealedContent(byte[] Hash, byte[] WrappedKey, byte[] Ciphertext);

/// <summary>The events of one command, appended all or none: versions <c>ExpectedVersion + 1</c> and on.</summary>
public sealed record JournalAppend(
    StreamId Stream, long ExpectedVersion, IReadOnlyList<JournalEntry> Entries, IReadOnlyList<SealedContent> Contents);

/// <summary>A row as it is stored. <paramref name="TransactionId"/> and <paramref name="Position"/> together order the whole journal.</summary>
public sealed record JournalRow(
    StreamId Stream, long Version, ulong TransactionId, long Position, EntryKind Kind, DateTimeOffset RecordedAt,
    byte[] PrevLeaf, byte[] Salt, byte[] Leaf, byte[] Payload, byte[]? Nullifier);

/// <summary>
/// The truth: an append-only table of what happened, by stream. Called by grains (through their appender) and by nobody else.
/// </summary>
public interface IJournal
{
    /// <summary>How many appends wait in this process or are being written.</summary>
    int Queued { get; }

    /// <summary>
    /// Appends and returns when the events are durable. Many callers share one transaction.
    /// </summary>
    /// <exception cref="JournalConflictException">Another writer has used one of the versions: the caller's state is old.</exception>
    /// <exception cref="JournalBusyException">The queue is full; nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">Nothing is known to be durable; the caller forgets its state and reads it again.</exception>
    Task AppendAsync(JournalAppend append, CancellationToken cancellationToken);

    /// <summary>
    /// Takes as long as an append of one line and stores no row of the stream: for an answer that must not be told by its time from one for which a line is written.
    /// Throws what an append throws, but for conflicts.
    /// </summary>
    Task PaceAsync(StreamId stream, JournalEntry line, CancellationToken cancellationToken);

    /// <summary>The rows of a stream after a version, oldest first, of one kind or of all.</summary>
    IAsyncEnumerable<JournalRow> ReadAsync(StreamId stream, long afterVersion, EntryKind? kind, CancellationToken cancellationToken);

    /// <summary>One page of a stream, newest first, from below a version.</summary>
    Task<IReadOnlyList<JournalRow>> PageAsync(
        StreamId stream, EntryKind kind, long beforeVersion, int take, CancellationToken cancellationToken);

    /// <summary>One row, or null.</summary>
    Task<JournalRow?> FindAsync(StreamId stream, long version, CancellationToken cancellationToken);

    /// <summary>The newest version of a stream and its leaf; version 0 when the stream is empty.</summary>
    Task<(long Version, byte[] Leaf)> HeadAsync(StreamId stream, CancellationToken cancellationToken);
}

/// <summary>Another activation has written to the stream: reload, then decide again.</summary>
public sealed class JournalConflictException(StreamId stream, long expectedVersion)
    : Exception($"Stream {stream} is not at version {expectedVersion} any more. Repeat the command with the same command id.");

/// <summary>The journal's queue is full. The edge answers "busy, try again"; nothing was written.</summary>
public sealed class JournalBusyException(int queueLimit)
    : Exception($"The journal's queue of {queueLimit} appends is full. Repeat the command with the same command id in a moment.");

/// <summary>PostgreSQL did not say whether the append is durable, or can't be reached.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);

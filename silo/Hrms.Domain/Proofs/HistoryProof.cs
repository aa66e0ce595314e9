using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Proofs;

/// <summary>
/// Proves that no event of a stream is missing between two of its heads: all events between, each chained to the one before by its leaf, and the bundle of the
/// last, which the ledger holds. So nobody's look can be left out. It opens every event between, but those that are withheld from the patient for a time, and no other.
/// </summary>
/// <param name="From">The version of the first event.</param>
/// <param name="PrevLeaf">The head before it: the leaf of the version before, or 32 zero bytes at version 1.</param>
/// <param name="Events">Those from <paramref name="From"/> to the last but one, in order.</param>
/// <param name="Head">The last event.</param>
public sealed record HistoryProof(string Format, long From, byte[] PrevLeaf, IReadOnlyList<HistoryLink> Events, ProofBundle Head)
{
    public const string CurrentFormat = "hrms-history/1";

    /// <param name="rows">One stream's rows without a gap, oldest first; at least one. The path and anchor are of the last, which is not withheld.</param>
    /// <param name="withheld">Versions whose events are not opened.</param>
    /// <exception cref="SealBrokenException">The keys do not open the last row.</exception>
    public static HistoryProof Of(
        IReadOnlyList<JournalRow> rows, StreamKeys keys, IReadOnlyList<byte[]> path, ProofAnchor ledger, IReadOnlySet<long>? withheld = null) => new(
        CurrentFormat, rows[0].Version, rows[0].PrevLeaf,
        [.. rows.SkipLast(1).Select(row => new HistoryLink(row.Salt, row.Payload, withheld?.Contains(row.Version) == true ? null : keys.EventKey(row.Version)))],
        ProofBundle.Of(rows[^1], keys.EventKey(rows[^1].Version), path, ledger));
}

/// <summary>One event between the heads: what its leaf needs, and its key.</summary>
/// <param name="Ciphertext">The sealed event.</param>
/// <param name="EventKey">The key of this event alone; null: it is withheld for a time. That it is there, and unchanged when it is opened later, its leaf shows.</param>
public sealed record HistoryLink(byte[] Salt, byte[] Ciphertext, byte[]? EventKey = null);

/// <summary>A history that holds in itself. Whether its head is on the ledger is asked there.</summary>
/// <param name="Head">Asked for its root alone: that a consent in it was revoked later makes no event missing.</param>
/// <param name="Events">All events that are shown, the head's included, with their versions.</param>
/// <param name="Withheld">The versions of those that are not.</param>
public sealed record OpenedHistory(HistoryProof Proof, OpenedProof Head, IReadOnlyList<(long Version, ProofEvent Event)> Events, IReadOnlyList<long> Withheld)
{
    /// <summary>Who looked or was refused.</summary>
    public IEnumerable<(long Version, ProofEvent Event)> AccessLines => Events.Where(line => line.Event.Kind == "access");
}

using System.ComponentModel.DataAnnotations;

namespace Hrms.Storage.Journal;

/// <summary>Limits of the group commit. A wrong value stops the start.</summary>
public sealed class JournalOptions
{
    /// <summary>
    /// Most appends that wait or are being written; the next caller is told "busy" at once. Default 8,192: under half a second of work at the
    /// measured rate, so that what is accepted is answered long before a grain call times out.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 8_192;

    /// <summary>Most bytes that wait or are being written. Default 256 MiB: some seventy whole patients of 3.5 MB.</summary>
    [Range(1L << 16, 1L << 36)]
    public long QueueBytesMax { get; set; } = 256L << 20;

    /// <summary>
    /// Most bytes of one append, its contents included. Default 64 MiB: PostgreSQL and the network hold it several times while it is written.
    /// </summary>
    [Range(1L << 10, 1L << 28)]
    public long AppendBytesMax { get; set; } = 64L << 20;

    /// <summary>Most rows in one transaction. Default 1,024: beyond it a batch gets slower, but a row no cheaper.</summary>
    [Range(1, 10_000)]
    public int BatchRowsMax { get; set; } = 1_024;

    /// <summary>A transaction takes no further append when it has this many bytes. Default 4 MiB: small commits don't wait long behind bulk.</summary>
    [Range(1L << 10, 1L << 28)]
    public long BatchBytesMax { get; set; } = 4L << 20;

    /// <summary>
    /// Connections that write; a stream always uses the same one. Default 1: what gathers while it waits for the disk is one larger batch, which costs PostgreSQL less than two smaller ones (load/README.md).
    /// </summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 1;

    /// <summary>
    /// How long PostgreSQL may be out of reach until callers are told that nothing is known to be durable. Default 10 s: a restart of PostgreSQL
    /// is waited out, a grain call's 30 s are not used up.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan UnavailableAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How old an access line is when it moves from the journal to the partition of its quarter, where it is read and proved as before. Default 30 days: what patients and auditors ask for most often is younger,
    /// and the table that every append and activation touches keeps a month of lines.
    /// </summary>
    [Range(typeof(TimeSpan), "2.00:00:00", "3650.00:00:00")]
    public TimeSpan AccessLinesSettleAfter { get; set; } = TimeSpan.FromDays(30);
}

using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Proofs;

/// <summary>
/// Walks a stream from its first row, or from where another walk ended, and says of each whether it is what was written: no version missing or out of order, chained to the row before, its leaf
/// what its bytes give, its seal unbroken. Names the row.
/// </summary>
/// <param name="before">The row before the first that is walked; null: it begins with the stream's first.</param>
public sealed class StreamCheck(StreamId stream, JournalRow? before = null)
{
    private byte[] _leaf = before?.Leaf ?? Leaf.Genesis;
    private long _version = before?.Version ?? 0;

    public long Count { get; private set; }

    public IReadOnlyList<string> Next(JournalRow row, StreamKeys keys)
    {
        List<string> problems = [];
        Count++;
        if (row.Version <= _version)
            problems.Add($"Row {row.Version} comes after row {_version}: it is repeated or moved.");
        else if (row.Version != _version + 1)
            problems.Add(row.Version == _version + 2 ? $"Row {_version + 1} is missing." : $"Rows {_version + 1} to {row.Version - 1} are missing.");
        else if (!row.PrevLeaf.AsSpan().SequenceEqual(_leaf))
            problems.Add($"Row {row.Version} does not follow row {_version}: one of them was changed or moved.");
        if (row.Salt.Length != Leaf.SaltBytes || row.PrevLeaf.Length != Keccak256.SizeBytes
            || !Leaf.Compute(row.Salt, stream.Value, row.Version, row.PrevLeaf, row.Payload).AsSpan().SequenceEqual(row.Leaf))
            problems.Add($"Row {row.Version}: its bytes do not give its leaf.");
        try
        {
            keys.OpenEvent(row.Version, row.Payload);
        }
        catch (SealBrokenException)
        {
            problems.Add($"Row {row.Version}: its seal is broken.");
        }
        _version = row.Version;
        _leaf = row.Leaf;
        return problems;
    }
}

/// <summary>The rows of a batch no longer give the root that was committed: one of them was changed, deleted or added.</summary>
[GenerateSerializer, Alias("TamperedBatchException")]
public sealed class TamperedBatchException : Exception
{
    public TamperedBatchException(int lane, long number)
        : base($"The journal's rows no longer give the root of batch {number} of lane {lane}.")
    {
    }
}

using System.Diagnostics;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Storage.Journal;

/// <summary>An append in the queue and the caller that waits for it.</summary>
internal sealed class PendingAppend(JournalAppend append, bool paced = false)
{
    /// <summary>Told once, before the caller has its answer, that this waits no more.</summary>
    public Action<PendingAppend>? Leaving { get; set; }

    // Continuations run elsewhere: the writer never executes a caller's code.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalAppend Append { get; } = append;

    /// <summary>Whether it only takes the time of an append and stores no row of a stream.</summary>
    public bool Paced => paced;

    /// <summary>The span that it is part of; default where nobody collects any.</summary>
    public ActivityContext Asked { get; } = StorageTelemetry.Source.HasListeners() ? Activity.Current?.Context ?? default : default;

    public Guid Stream { get; } = append.Stream.Value;

    public int Rows { get; } = append.Entries.Count;

    public long Bytes { get; } =
        append.Entries.Sum(entry => 160L + entry.Payload.Length)
        + append.Contents.Sum(content => 64L + content.WrappedKey.Length + content.Ciphertext.Length);

    public Task Done => _done.Task;

    public void Succeed()
    {
        Leave();
        _done.TrySetResult();
    }

    public void Fail(Exception reason)
    {
        Leave();
        _done.TrySetException(reason);
    }

    private void Leave()
    {
        var leaving = Leaving;
        Leaving = null;
        leaving?.Invoke(this);
    }

    /// <summary>What would make the database refuse a whole batch is refused here, where it harms its own caller only.</summary>
    public static void Check(JournalAppend append)
    {
        if (append.ExpectedVersion < 0)
            throw new ArgumentOutOfRangeException(nameof(append), append.ExpectedVersion, "ExpectedVersion is 0 for an empty stream, else the head's version.");
        if (append.Entries.Count == 0)
            throw new ArgumentException("An append has at least one entry.", nameof(append));
        var before = append.ExpectedVersion == 0 ? Leaf.Genesis : append.Entries[0].PrevLeaf;
        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            if (entry.Kind is not (EntryKind.Change or EntryKind.Access or EntryKind.Account))
                throw new ArgumentException($"Entries[{i}].Kind is {entry.Kind}: not a kind of the journal.", nameof(append));
            RequireSize(entry.Salt, Leaf.SaltBytes, $"Entries[{i}].Salt");
            RequireSize(entry.PrevLeaf, Keccak256.SizeBytes, $"Entries[{i}].PrevLeaf");
            RequireSize(entry.Leaf, Keccak256.SizeBytes, $"Entries[{i}].Leaf");
            if (entry.Nullifier is { } nullifier)
                RequireSize(nullifier, Keccak256.SizeBytes, $"Entries[{i}].Nullifier");
            if (!entry.PrevLeaf.AsSpan().SequenceEqual(before))
                throw new ArgumentException($"Entries[{i}].PrevLeaf is not the leaf of the version before.", nameof(append));
            before = entry.Leaf;
        }
        for (var i = 0; i < append.Contents.Count; i++)
            RequireSize(append.Contents[i].Hash, 32, $"Contents[{i}].Hash");
    }

    private static void RequireSize(byte[] bytes, int size, string place)
    {
        if (bytes.Length != size)
            throw new ArgumentException($"{place} has {bytes.Length} bytes, not {size}.", "append");
    }
}

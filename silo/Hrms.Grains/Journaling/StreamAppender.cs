using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;

namespace Hrms.Grains.Journaling;

/// <summary>An event ready for the stream but for its version, which the appender hands out.</summary>
internal sealed record Draft(EntryKind Kind, DateTimeOffset At, byte[] Json, byte[]? Nullifier = null);

/// <summary>
/// The one door from a grain to its stream. At most one append is under way; what comes meanwhile waits and goes together in the next one. So versions are
/// handed out in order, and when an append fails, everything behind it fails too: nothing can be durable after a gap.
/// Runs on the grain's scheduler only, hence no locks.
/// </summary>
internal sealed class StreamAppender(StreamId stream, StreamKeys keys, IJournal journal, IEntropy entropy, long version, byte[] leaf)
{
    private List<Waiting> _waiting = [];
    private Exception? _broken;
    private bool _running;

    private sealed record Waiting(IReadOnlyList<Draft> Drafts, IReadOnlyList<SealedContent> Contents, TaskCompletionSource<long> Done);

    /// <summary>The newest durable version.</summary>
    public long Version { get; private set; } = version;

    /// <summary>Appends and returns the version of the first of the events, once they are durable.</summary>
    public Task<long> AppendAsync(IReadOnlyList<Draft> drafts, IReadOnlyList<SealedContent> contents)
    {
        if (_broken is not null)
            return Task.FromException<long>(_broken);
        var waiting = new Waiting(drafts, contents, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Add(waiting);
        if (!_running)
            RunAsync().Ignore();
        return waiting.Done.Task;
    }

    /// <summary>Returns once it is sure that nobody else has appended; goes together with the next append, if one is waiting.</summary>
    /// <exception cref="JournalConflictException">Somebody has.</exception>
    public Task ConfirmAsync() => AppendAsync([], []);

    private async Task RunAsync()
    {
        _running = true;
        List<Waiting> taken = [];
        try
        {
            while (_waiting.Count > 0)
            {
                (taken, _waiting) = (_waiting, []);
                var (entries, newLeaf) = Chain(taken);
                if (entries.Count > 0)
                    await journal.AppendAsync(new JournalAppend(stream, Version, entries, [.. taken.SelectMany(w => w.Contents)]), CancellationToken.None);
                else if ((await journal.HeadAsync(stream, CancellationToken.None)).Version != Version)
                    throw new JournalConflictException(stream, Version);
                leaf = newLeaf;
                foreach (var waiting in taken)
                {
                    waiting.Done.SetResult(Version + 1);
                    Version += waiting.Drafts.Count;
                }
            }
        }
        catch (Exception fault)
        {
            // Whatever the fault, memory no longer knows what the stream holds: every caller hears of it, and the grain goes.
            _broken = fault;
            foreach (var waiting in taken.Concat(_waiting))
                waiting.Done.TrySetException(fault);
            _waiting = [];
        }
        finally
        {
            _running = false;
        }
    }

    private (List<JournalEntry> Entries, byte[] Leaf) Chain(List<Waiting> taken)
    {
        List<JournalEntry> entries = [];
        var prev = leaf;
        foreach (var draft in taken.SelectMany(w => w.Drafts))
        {
            var next = Version + entries.Count + 1;
            var payload = keys.SealEvent(next, draft.Json, entropy);
            var salt = entropy.Bytes(Leaf.SaltBytes);
            var computed = Leaf.Compute(salt, stream.Value, next, prev, payload);
            entries.Add(new JournalEntry(draft.Kind, draft.At, prev, salt, computed, payload, draft.Nullifier));
            prev = computed;
        }
        return (entries, prev);
    }
}

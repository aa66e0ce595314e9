using Hrms.Domain.Ports;

namespace Hrms.Grains.Tests;

/// <summary>How an append goes wrong.</summary>
public enum Failure
{
    /// <summary>Nothing was written.</summary>
    Before,
    /// <summary>It was written, but the answer was lost.</summary>
    After,
}

/// <summary>The real journal, which fails the Nth append of one stream when told to.</summary>
public sealed class FailingJournal(IJournal real) : IJournal
{
    private readonly Lock _lock = new();
    private StreamId? _stream;
    private int _in;
    private Failure _how;
    private StreamId? _held;
    private Task _gate = Task.CompletedTask;
    private TaskCompletionSource? _arrived;

    public int Queued => real.Queued;

    /// <summary>The <paramref name="nth"/> append of the stream from now on fails; those after it go well.</summary>
    public void Fail(StreamId stream, int nth, Failure how)
    {
        lock (_lock)
            (_stream, _in, _how) = (stream, nth, how);
    }

    /// <summary>The next append of the stream waits for the gate.</summary>
    /// <returns>Ends when it has come.</returns>
    public Task Hold(StreamId stream, Task gate)
    {
        lock (_lock)
            (_held, _gate, _arrived) = (stream, gate, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _arrived.Task;
    }

    public async Task AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        await GateOf(append.Stream);
        if (Due(append.Stream) is not { } how)
        {
            await real.AppendAsync(append, cancellationToken);
            return;
        }
        if (how == Failure.After)
            await real.AppendAsync(append, cancellationToken);
        throw new JournalUnavailableException("The connection was lost on purpose.", new IOException("on purpose"));
    }

    public Task PaceAsync(StreamId stream, JournalEntry line, CancellationToken cancellationToken) => real.PaceAsync(stream, line, cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadAsync(StreamId stream, long afterVersion, EntryKind? kind, CancellationToken cancellationToken) =>
        real.ReadAsync(stream, afterVersion, kind, cancellationToken);

    public Task<IReadOnlyList<JournalRow>> PageAsync(StreamId stream, EntryKind kind, long beforeVersion, int take, CancellationToken cancellationToken) =>
        real.PageAsync(stream, kind, beforeVersion, take, cancellationToken);

    public Task<JournalRow?> FindAsync(StreamId stream, long version, CancellationToken cancellationToken) => real.FindAsync(stream, version, cancellationToken);

    public Task<(long Version, byte[] Leaf)> HeadAsync(StreamId stream, CancellationToken cancellationToken) => real.HeadAsync(stream, cancellationToken);

    private Task GateOf(StreamId stream)
    {
        lock (_lock)
        {
            if (_held != stream)
                return Task.CompletedTask;
            _held = null;
            _arrived!.SetResult();
            return _gate;
        }
    }

    private Failure? Due(StreamId stream)
    {
        lock (_lock)
            return _stream == stream && --_in == 0 ? _how : null;
    }
}

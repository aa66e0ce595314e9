using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hrms.Storage.Journal;

/// <summary>
/// The journal over PostgreSQL: appends of all grains of this silo go through a few writers that commit for many at once (ADR 0002). Reads use the
/// pool. One for each process; disposing it writes out what is queued.
/// </summary>
public sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly JournalReader _reader;
    private readonly JournalWriter[] _writers;
    private int _queued;
    private long _queuedBytes;

    public PostgresJournal(NpgsqlDataSource database, JournalOptions options, TimeProvider time, ILogger<PostgresJournal> log)
    {
        _options = options;
        _reader = new(database);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new JournalWriter(database, options, time, log))];
    }

    /// <inheritdoc/>
    /// <remarks>Cancelling ends the wait, not the append: whether it is durable is not known then.</remarks>
    public Task AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        PendingAppend.Check(append);
        return EnqueueAsync(new PendingAppend(append), cancellationToken);
    }

    public Task PaceAsync(StreamId stream, JournalEntry line, CancellationToken cancellationToken) =>
        EnqueueAsync(new PendingAppend(new JournalAppend(stream, 0, [line], []), paced: true), cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadAsync(StreamId stream, long afterVersion, EntryKind? kind, CancellationToken cancellationToken) =>
        _reader.ReadAsync(stream, afterVersion, kind, cancellationToken);

    public Task<IReadOnlyList<JournalRow>> PageAsync(
        StreamId stream, EntryKind kind, long beforeVersion, int take, CancellationToken cancellationToken) =>
        _reader.PageAsync(stream, kind, beforeVersion, take, cancellationToken);

    public Task<JournalRow?> FindAsync(StreamId stream, long version, CancellationToken cancellationToken) =>
        _reader.FindAsync(stream, version, cancellationToken);

    public Task<(long Version, byte[] Leaf)> HeadAsync(StreamId stream, CancellationToken cancellationToken) =>
        _reader.HeadAsync(stream, cancellationToken);

    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Whether PostgreSQL could not be reached, or could not write, when rows were last to be written, and that is no longer ago than this.</summary>
    public bool HasFailedWithin(TimeSpan time) => Array.Exists(_writers, writer => writer.HasFailedWithin(time));

    /// <summary>Takes no further appends and returns when all that were taken have their answer. Called when the silo has stopped.</summary>
    public Task DrainAsync()
    {
        foreach (var writer in _writers)
            writer.Close();
        return Task.WhenAll(_writers.Select(writer => writer.Completion));
    }

    public async ValueTask DisposeAsync() => await DrainAsync();

    private async Task EnqueueAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (pending.Bytes > _options.AppendBytesMax)
            throw new ArgumentException($"The append has {pending.Bytes} bytes; at most {_options.AppendBytesMax} go into one.", nameof(pending));
        Enter(pending);
        if (!WriterOf(pending.Append.Stream).TryEnqueue(pending))
        {
            pending.Leaving = null;
            Leave(pending);
            throw new JournalUnavailableException("This silo is stopping; nothing was written. Repeat the command with the same command id.");
        }
        await pending.Done.WaitAsync(cancellationToken);
    }

    // A stream keeps to its writer, so that its appends stay in order.
    private JournalWriter WriterOf(StreamId stream) => _writers[(uint)stream.GetHashCode() % (uint)_writers.Length];

    private void Enter(PendingAppend pending)
    {
        var queued = Interlocked.Increment(ref _queued);
        var bytes = Interlocked.Add(ref _queuedBytes, pending.Bytes);
        StorageTelemetry.QueueLength.Add(1);
        if (queued > _options.QueueLimit || bytes > _options.QueueBytesMax)
        {
            Leave(pending);
            throw new JournalBusyException(_options.QueueLimit);
        }
        // The place in the queue is free when the caller has its answer, whether or not it still waits for it.
        pending.Leaving = Leave;
    }

    private void Leave(PendingAppend pending)
    {
        Interlocked.Decrement(ref _queued);
        Interlocked.Add(ref _queuedBytes, -pending.Bytes);
        StorageTelemetry.QueueLength.Add(-1);
    }
}

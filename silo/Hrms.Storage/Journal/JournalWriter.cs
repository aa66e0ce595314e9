using System.Diagnostics;
using System.Threading.Channels;
using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hrms.Storage.Journal;

/// <summary>
/// One writing loop: takes what has gathered while the last transaction was committed, writes it as the next one, answers its callers. Nobody waits
/// for a timer: alone a caller pays one commit, in a crowd many share one.
/// </summary>
internal sealed class JournalWriter
{
    private readonly Channel<PendingAppend> _queue = Channel.CreateUnbounded<PendingAppend>(new() { SingleReader = true });
    private readonly List<PendingAppend> _batch = [];
    private readonly HashSet<Guid> _streams = [];
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly WriterConnection _connection;
    private PendingAppend? _held;
    private long? _outageSince;

    // When the newest try failed; 0 after one that went well. Others read it.
    private long _failedAt;

    public JournalWriter(NpgsqlDataSource database, JournalOptions options, TimeProvider time, ILogger log)
    {
        (_options, _time, _log) = (options, time, log);
        _connection = new(database, options.UnavailableAfter);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends when <see cref="Close"/> was called and every caller has an answer.</summary>
    public Task Completion { get; }

    /// <summary>Whether the newest try failed, no longer ago than this, for a reason that is PostgreSQL's and no batch's.</summary>
    public bool HasFailedWithin(TimeSpan time) => Volatile.Read(ref _failedAt) is not 0 and var at && _time.GetElapsedTime(at) <= time;

    public bool TryEnqueue(PendingAppend pending) => _queue.Writer.TryWrite(pending);

    public void Close() => _queue.Writer.TryComplete();

    private async Task RunAsync()
    {
        await using (_connection)
            while (_held is not null || await _queue.Reader.WaitToReadAsync())
            {
                Gather();
                await WriteAsync(_batch);
            }
    }

    private void Gather()
    {
        _batch.Clear();
        _streams.Clear();
        var (rows, bytes) = (0, 0L);
        while (_held is not null || _queue.Reader.TryRead(out _held))
        {
            var full = rows > 0 && (rows + _held.Rows > _options.BatchRowsMax || bytes + _held.Bytes > _options.BatchBytesMax);
            // A stream's second append may build on its first: it goes into the next transaction.
            if (full || !_streams.Add(_held.Stream))
                return;
            rows += _held.Rows;
            bytes += _held.Bytes;
            _batch.Add(_held);
            _held = null;
        }
    }

    private async Task WriteAsync(IReadOnlyList<PendingAppend> batch)
    {
        using var activity = StorageTelemetry.Commit(batch);
        activity?.SetTag("hrms.journal.batch.size", batch.Count);
        var started = _time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Fault.PointAsync(Fault.BeforeAppend);
                var durable = await _connection.AppendAsync(batch, CancellationToken.None);
                await Fault.PointAsync(Fault.AfterAppend);
                Answer(batch, durable);
                _outageSince = null;
                Volatile.Write(ref _failedAt, 0);
                StorageTelemetry.BatchAppends.Record(batch.Count);
                StorageTelemetry.CommitSeconds.Record(_time.GetElapsedTime(started).TotalSeconds);
                return;
            }
            catch (PostgresException refused) when (!Transport.IsFault(refused))
            {
                await _connection.DropAsync();
                await RefusedAsync(batch, refused);
                return;
            }
            catch (Exception fault)
            {
                // Whether the batch is durable is not known: the next try finds out.
                await _connection.DropAsync();
                _outageSince ??= _time.GetTimestamp();
                Volatile.Write(ref _failedAt, _time.GetTimestamp());
                StorageTelemetry.UnknownOutcomes.Add(1);
                JournalLog.Lost(_log, batch.Count, attempt, fault);
                if (!Transport.IsFault(fault) || _time.GetElapsedTime(_outageSince.Value) >= _options.UnavailableAfter)
                {
                    FailAll(batch, "PostgreSQL can't be reached, and whether the append is durable is not known. Repeat the command with its id later.", fault);
                    activity?.SetStatus(ActivityStatusCode.Error);
                    return;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1_000, 20 << Math.Min(attempt, 6))), _time);
            }
        }
    }

    /// <summary>The server refused the batch (say, a full disk's quota or a constraint): find the one that it minds, so that the others go in.</summary>
    private async Task RefusedAsync(IReadOnlyList<PendingAppend> batch, PostgresException refused)
    {
        JournalLog.Refused(_log, batch.Count, refused.SqlState);
        if (batch.Count == 1)
        {
            FailAll(batch, $"PostgreSQL refused the append of stream {batch[0].Append.Stream}: {refused.SqlState}. Nothing was written.", refused);
            return;
        }
        foreach (var pending in batch.ToArray())
            await WriteAsync([pending]);
    }

    private static void Answer(IReadOnlyList<PendingAppend> batch, HashSet<Guid> durable)
    {
        foreach (var pending in batch)
            if (durable.Contains(pending.Stream))
                pending.Succeed();
            else
            {
                StorageTelemetry.Conflicts.Add(1);
                pending.Fail(new JournalConflictException(pending.Append.Stream, pending.Append.ExpectedVersion));
            }
    }

    private static void FailAll(IReadOnlyList<PendingAppend> batch, string message, Exception inner)
    {
        foreach (var pending in batch)
            pending.Fail(new JournalUnavailableException(message, inner));
    }
}

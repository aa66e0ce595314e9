using System.Diagnostics;
using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Ledger;

/// <summary>
/// The writer's steps. A batch is stored, with its nonce and its signed bytes, before its first send, under the lane's lease; the same bytes are sent until
/// a receipt is seen. Called by <see cref="LedgerWriterGrain"/> only, one step at a time. What it does about batches that the chain does not take is in
/// LanePump.Recovery.cs.
/// </summary>
internal sealed partial class LanePump(
    int lane, int laneCount, ILaneStore store, ILedger ledger, IEntropy entropy, TimeProvider clock, LedgerWriterOptions options, ILogger logger,
    Action<LedgerBatch> committed)
{
    /// <summary>As many as exporters keep of a span.</summary>
    private const int LinksMax = 128;

    private static readonly DateTimeOffset NotSent = DateTimeOffset.MinValue;
    private readonly List<ActivityLink> _wokenBy = [];
    private readonly LaneBacklog _backlog = new(lane, laneCount, store, clock);
    private readonly SortedDictionary<long, (LedgerBatch Batch, DateTimeOffset SentAt)> _open = [];
    private LedgerIdentity? _identity;
    private LedgerBatch? _last;
    private ulong? _nextNonce;
    private long _epoch;
    private bool _healOnce, _wasFull;
    private DateTimeOffset _comparedAt;
    private DateTimeOffset _batchedAt;
    private DateTimeOffset _stoppedAt;

    public LaneState State { get; private set; } = LaneState.Starting;

    public string? Alarm { get; private set; }

    public LedgerIdentity? Identity => _identity;

    public LedgerBatch? Last => _last;

    public int OpenCount => _open.Count;

    /// <summary>What the ledger lacks, as of the last few seconds.</summary>
    public LaneWaiting Waiting => _backlog.Now;

    /// <summary>For how long the oldest change without a receipt has waited.</summary>
    public TimeSpan WaitingFor => _backlog.Age;

    /// <summary>Whether there is something to do without being woken.</summary>
    public bool IsBusy => State == LaneState.Waiting || (State == LaneState.Running && (_open.Count > 0 || options.FixedCadence));

    public JournalCursor Cursor => _last?.Through ?? JournalCursor.Start;

    /// <summary>A change is in the journal. The span of the batch that is made next is linked to the change's trace, which has long ended by then.</summary>
    public void Woken()
    {
        if (Activity.Current is { } by && _wokenBy.Count < LinksMax)
            _wokenBy.Add(new ActivityLink(by.Context));
    }

    /// <summary>The next round looks at everything anew: an operator said something.</summary>
    /// <param name="heal">Whether a chain that is behind is brought up this once, whatever the options say.</param>
    public void LookAgain(bool heal)
    {
        _healOnce |= heal;
        (_comparedAt, _stoppedAt) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    }

    /// <summary>One round, and what its failure means. Throws nothing.</summary>
    public async Task<LaneStep> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _backlog.CountAsync(cancellationToken);
            return await ClosingAsync(cancellationToken) ? LaneStep.Again : LaneStep.Rest;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return LaneStep.Ended;
        }
        catch (LeaseLostException)
        {
            logger.LeaseLost(lane);
            return LaneStep.Lost;
        }
        catch (LedgerDisagreesException disagreement)
        {
            // Nothing is guessed: the lane stops until an operator or a later comparison finds agreement. The reminder looks again each minute.
            if (Alarm != disagreement.Message)
                logger.LaneStopped(lane, disagreement.Message);
            (State, Alarm, _identity, _stoppedAt) = (LaneState.Stopped, disagreement.Message, null, clock.GetUtcNow());
            return LaneStep.Ended;
        }
        catch (Exception fault)
        {
            logger.RoundFailed(lane, fault.GetType().Name, fault is LedgerUnavailableException ? fault.Message : "");
            (State, _identity) = (LaneState.Waiting, null);
            await Task.Delay(options.RetryAfter, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return LaneStep.Again;
        }
    }

    /// <summary>A round after which the records of the lane's patients are closed when the ledger holds what the rows lack.</summary>
    private async Task<bool> ClosingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RoundAsync(cancellationToken);
        }
        catch (LedgerDisagreesException disagreement) when (disagreement.RowsAreMissing)
        {
            await store.CloseAsync(lane, disagreement.Message, cancellationToken);
            throw;
        }
    }

    /// <summary>One round: compare when due, ask for receipts, make the next batch. True when there may be more to do at once.</summary>
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        // Each change wakes the lane; a lane that is stopped does not ask the chain with each.
        if (State == LaneState.Stopped && clock.GetUtcNow() - _stoppedAt < options.StoppedFor)
            return false;
        if (_identity is null || clock.GetUtcNow() - _comparedAt >= options.CompareEvery)
            await CompareAsync(cancellationToken);
        if (State == LaneState.Paused)
            return false;
        await ConfirmAsync(cancellationToken);
        var made = _open.Count < options.InFlightMax && await BatchAsync(cancellationToken);
        if (_open.Count > 0 && !made)
            await Task.Delay(options.ReceiptPoll, clock, cancellationToken);
        else if (!made)
            await _backlog.RestAsync(cancellationToken);
        return made;
    }

    /// <summary>Takes the lease, loads what is open, and holds chain and rows against each other.</summary>
    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        if (_epoch == 0)
            _epoch = await store.TakeLeaseAsync(lane, Environment.MachineName, cancellationToken);
        await Fault.PointAsync(Fault.AfterLease);
        if (await store.PausedBecauseAsync(lane, cancellationToken) is { } because)
        {
            (_identity, State, Alarm) = (null, LaneState.Paused, $"Paused by an operator: {because}");
            return;
        }
        var identity = await ledger.IdentifyAsync(cancellationToken, lane);
        _last = await store.LastAsync(lane, cancellationToken);
        _nextNonce = null;
        if (_last is not null && _last.ChainEpoch < identity.Epoch)
        {
            await SignForEpochAsync(identity, cancellationToken);
            _last = await store.LastAsync(lane, cancellationToken);
        }
        GrainsTelemetry.OpenBatches.Add(-_open.Count);
        _open.Clear();
        foreach (var batch in await store.OpenAsync(lane, int.MaxValue, cancellationToken))
            _open[batch.Number] = (batch, NotSent);
        GrainsTelemetry.OpenBatches.Add(_open.Count);
        await new LaneComparison(lane, store, ledger, options, logger).RunAsync(identity, _last, options.HealByItself || _healOnce, cancellationToken);
        await store.CloseAsync(lane, null, cancellationToken);
        (_identity, _comparedAt, State, Alarm, _healOnce) = (identity, clock.GetUtcNow(), LaneState.Running, null, false);
    }

    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        LedgerBatch? before = null;
        foreach (var (number, (batch, sentAt)) in _open.ToList())
        {
            var (attempt, receipt) = await ReceiptAsync(batch, cancellationToken);
            if (receipt is { Succeeded: true })
            {
                await ConfirmAsync(batch, attempt, receipt, cancellationToken);
                continue;
            }
            if (receipt is not null)
            {
                // A batch whose forerunner is missing is reverted: then that one is to be found.
                await RecoverAsync(before ?? batch, isReverted: before is null, cancellationToken);
                return;
            }
            before ??= batch;
            if (sentAt == NotSent)
            {
                await SendAsync(batch, again: true, cancellationToken);
                if (++sent < options.InFlightMax)
                    continue;
            }
            else if (clock.GetUtcNow() - sentAt >= options.ResendAfter)
                await OverdueAsync(batch, cancellationToken);
            // Later nonces can't be mined before this one.
            return;
        }
    }

    private async Task ConfirmAsync(LedgerBatch batch, LedgerTransaction attempt, CommitReceipt receipt, CancellationToken cancellationToken)
    {
        await Fault.PointAsync(Fault.AfterReceipt);
        var final = new BatchReceipt(receipt.BlockNumber, receipt.BlockHash, receipt.BlockTime);
        await store.ConfirmAsync(lane, batch.Number, attempt.Attempt, final, _epoch, cancellationToken);
        _open.Remove(batch.Number);
        GrainsTelemetry.OpenBatches.Add(-1);
        _backlog.Confirmed(batch.LeafCount);
        GrainsTelemetry.LedgerLag.Record((clock.GetUtcNow() - batch.SignedAt).TotalSeconds);
        var done = batch with
        {
            Attempt = attempt.Attempt, Nonce = attempt.Nonce, TransactionHash = attempt.Hash, SignedTransaction = attempt.Bytes, Receipt = final,
        };
        if (_last?.Number == batch.Number)
            _last = done;
        Alarm = null;
        await Fault.PointAsync(Fault.AfterConfirm);
        committed(done);
    }

    private async Task<bool> BatchAsync(CancellationToken cancellationToken)
    {
        var wait = _batchedAt + options.Cadence - clock.GetUtcNow();
        // Rows are read when their batch is due, and not to be thrown away; but where more were waiting than a batch holds, nothing is gained by waiting.
        if (wait > TimeSpan.Zero && (options.FixedCadence || !_wasFull))
            return await PausedAsync(wait, cancellationToken);
        var waiting = await store.ReadAsync(lane, laneCount, Cursor, options.LeavesMax, cancellationToken);
        _wasFull = waiting.Count == options.LeavesMax;
        var rows = BatchMaker.Fitting(waiting, options.NullifiersMax);
        if (rows.Count == 0 && !options.FixedCadence)
            return await IsHeldBackAsync(cancellationToken);
        if (wait > TimeSpan.Zero && !_wasFull)
            return await PausedAsync(wait, cancellationToken);
        var (root, padding, nullifiers) = BatchMaker.Make(rows, options, entropy);
        var number = (_last?.Number ?? 0) + 1;
        using var activity = GrainsTelemetry.Source.StartActivity("ledger batch", ActivityKind.Internal, parentContext: default, links: [.. _wokenBy]);
        activity?.SetTag("hrms.ledger.lane", lane).SetTag("hrms.ledger.batch.number", number).SetTag("hrms.ledger.batch.leaves", rows.Count);
        _wokenBy.Clear();
        // Stored before known: a nonce is never taken from a memory that a fault could have outdated, and never defaults when the question fails.
        var nonce = _nextNonce ?? await store.NextNonceAsync(lane, _identity!.Epoch, cancellationToken) ?? await ledger.NonceAsync(lane, cancellationToken);
        var signed = ledger.SignCommit(_identity!, lane, number, root, nullifiers, nonce);
        var batch = new LedgerBatch(
            lane, number, root, Cursor, rows.Count > 0 ? rows[^1].Cursor : Cursor, rows.Count, padding, nullifiers, nonce, signed.Hash, signed.Transaction,
            clock.GetUtcNow(), ChainEpoch: _identity!.Epoch);
        await Fault.PointAsync(Fault.BeforeStore);
        await store.InsertAsync(batch, _epoch, cancellationToken);
        (_last, _batchedAt, _nextNonce) = (batch, clock.GetUtcNow(), nonce + 1);
        await Fault.PointAsync(Fault.AfterStore);
        GrainsTelemetry.BatchLeaves.Record(rows.Count);
        GrainsTelemetry.OpenBatches.Add(1);
        await SendAsync(batch, again: false, cancellationToken);
        return true;
    }

    private async Task<bool> PausedAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(_open.Count > 0 && wait > options.ReceiptPoll ? options.ReceiptPoll : wait, clock, cancellationToken);
        return true;
    }

    /// <summary>Rows that a still running transaction could precede are not read yet; nobody wakes us when it ends, so look again.</summary>
    private async Task<bool> IsHeldBackAsync(CancellationToken cancellationToken)
    {
        if (await store.BacklogAsync(lane, laneCount, Cursor, 1, cancellationToken) == 0)
            return false;
        await Task.Delay(options.ReceiptPoll, clock, cancellationToken);
        return true;
    }

    private async Task SendAsync(LedgerBatch batch, bool again, CancellationToken cancellationToken)
    {
        _open[batch.Number] = (batch, clock.GetUtcNow());
        var hint = await ledger.SendAsync(batch.SignedTransaction, cancellationToken, again);
        await Fault.PointAsync(Fault.AfterSend);
        // Only a hint: whatever it says, the receipt decides.
        if (hint is not (SendHint.Refused or SendHint.NonceTooHigh or SendHint.Unknown))
            return;
        logger.SendRefused(lane, batch.Number, hint);
        if (hint == SendHint.Refused)
            Alarm = $"No node takes batch {batch.Number}; the log has their words. The same bytes are sent again.";
        else if (hint == SendHint.Unknown)
            Alarm = $"A node refused batch {batch.Number} in words that are not known here; the log has them. The same bytes are sent again.";
    }
}

using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.PatientKeys;

/// <summary>
/// The registrar's steps. A change of the contract's register is stored with its nonce and signed bytes before its first send, and the same bytes are sent until the contract shows the change. The
/// contract takes the same change twice as once, so it is the contract's view that counts, and no receipt. Called by <see cref="PatientKeyRegistrarGrain"/> only, one step at a time.
/// </summary>
internal sealed class PatientKeyPump(
    LaneOptions lanes, IPatientKeyQueue queue, ILaneStore store, ILedger ledger, IPatientKeyLedger register, IEntropy entropy, TimeProvider clock, LedgerWriterOptions options, ILogger logger)
{
    private const int OpenMax = 100;
    private const int WordBytes = 32;
    private readonly int _lane = lanes.LaneCount;
    private LedgerIdentity? _identity;
    private byte[]? _contract;
    private long _lease;
    private DateTimeOffset _comparedAt, _registeredAt, _sentAt, _stoppedAt;

    /// <summary>Why it stands still; null: it does not.</summary>
    private string? _alarm;

    /// <summary>One round, and what its failure means. Throws nothing.</summary>
    public async Task<LaneStep> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RoundAsync(cancellationToken) ? LaneStep.Again : LaneStep.Rest;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return LaneStep.Ended;
        }
        catch (LeaseLostException)
        {
            logger.LeaseLost(_lane);
            return LaneStep.Lost;
        }
        catch (LedgerDisagreesException disagreement)
        {
            if (_alarm != disagreement.Message)
                logger.LaneStopped(_lane, disagreement.Message);
            (_alarm, _identity, _stoppedAt) = (disagreement.Message, null, clock.GetUtcNow());
            return LaneStep.Ended;
        }
        catch (Exception fault)
        {
            logger.RoundFailed(_lane, fault.GetType().Name, fault is LedgerUnavailableException ? fault.Message : "");
            _identity = null;
            await Task.Delay(options.RetryAfter, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return LaneStep.Again;
        }
    }

    /// <summary>Compare when due, look what the contract shows, register the next. False: nothing to do until a wake.</summary>
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (_identity is null && _alarm is not null && clock.GetUtcNow() - _stoppedAt < options.StoppedFor)
            return false;
        if (_identity is null || clock.GetUtcNow() - _comparedAt >= options.CompareEvery)
            await CompareAsync(cancellationToken);
        var open = await LookAsync(cancellationToken);
        var wait = _registeredAt + options.PatientKeyCadence - clock.GetUtcNow();
        if (open < options.InFlightMax && wait <= TimeSpan.Zero && await NextAsync(cancellationToken) is { } next)
        {
            _registeredAt = clock.GetUtcNow();
            await SignAsync(next, cancellationToken);
            return true;
        }
        if (open == 0 && !options.FixedCadence && (wait <= TimeSpan.Zero || await queue.DrawAsync(cancellationToken) is null))
            return false;
        await Task.Delay(open > 0 || wait <= TimeSpan.Zero ? options.ReceiptPoll : wait, clock, cancellationToken);
        return true;
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        if (_lease == 0)
            _lease = await store.TakeLeaseAsync(_lane, Environment.MachineName, cancellationToken);
        var identity = await ledger.IdentifyAsync(cancellationToken, _lane);
        _contract = await register.FindAsync(identity, cancellationToken)
            ?? throw new LedgerDisagreesException("The ledger's governor has no register of patients' keys. Switch PatientKeys off, or anchor in a ledger that has one.");
        await queue.BeginEpochAsync(identity, _contract, cancellationToken);
        (_identity, _comparedAt, _alarm) = (identity, clock.GetUtcNow(), null);
        // A chain that forgot what it had gets it again.
        var mined = await ledger.MinedNonceAsync(_lane, cancellationToken);
        if (await NextNonceAsync(cancellationToken) is { } next)
            await Gap().FillAllAsync(identity, mined, next, options, clock, cancellationToken);
    }

    /// <summary>What the contract shows is done. What it does not show for long is sent again, and signed again when its nonce can't bring it any more.</summary>
    /// <returns>How many are still open.</returns>
    private async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var open = await queue.OpenAsync(OpenMax, cancellationToken);
        if (open.Count == 0)
            return 0;
        var isOverdue = clock.GetUtcNow() - _sentAt >= options.ResendAfter;
        // Before the contract is asked: what is shown later is never older.
        var mined = isOverdue ? await ledger.MinedNonceAsync(_lane, cancellationToken) : 0;
        List<OpenPatientKey> left = [];
        foreach (var one in open)
        {
            if (IsShown(one.Change, await register.RegistrationAsync(_contract!, one.Change.Pseudonym, cancellationToken)))
                await queue.SeenAsync(one.Change, cancellationToken);
            else
                left.Add(one);
        }
        if (left.Count == 0 || !isOverdue)
            return left.Count;
        var account = register.Account(_lane);
        foreach (var lost in left.Where(one => one.ChainEpoch < _identity!.Epoch || !one.Account.AsSpan().SequenceEqual(account) || one.Nonce < mined))
            await SignAsync(lost.Change, cancellationToken);
        _sentAt = clock.GetUtcNow();
        if (await NextNonceAsync(cancellationToken) is { } next)
            await Gap().FillAsync(_identity!, mined, next, cancellationToken);
        return left.Count;
    }

    private async Task<WaitingPatientKey?> NextAsync(CancellationToken cancellationToken) =>
        await queue.DrawAsync(cancellationToken)
        ?? (options.FixedCadence ? new WaitingPatientKey(entropy.Bytes(WordBytes), entropy.Bytes(WordBytes), Retires: false) : null);

    private async Task SignAsync(WaitingPatientKey change, CancellationToken cancellationToken)
    {
        var account = register.Account(_lane);
        var nonce = Math.Max(await queue.NextNonceAsync(_identity!.Epoch, account, cancellationToken) ?? 0, await ledger.NonceAsync(_lane, cancellationToken));
        var signed = register.Sign(_identity, _contract!, _lane, change, nonce);
        await Fault.PointAsync(Fault.BeforePatientKeyStored);
        if (!await queue.InsertAsync(change, _identity, nonce, account, signed, _lane, _lease, cancellationToken))
            return;                                             // its patient took it out just now
        await Fault.PointAsync(Fault.AfterPatientKeyStored);
        var hint = await ledger.SendAsync(signed.Transaction, cancellationToken);
        _sentAt = clock.GetUtcNow();
        await Fault.PointAsync(Fault.AfterPatientKeySent);
        if (hint is SendHint.Refused or SendHint.NonceTooHigh or SendHint.Unknown)
            logger.PatientKeyRefused(hint);
    }

    private Task<ulong?> NextNonceAsync(CancellationToken cancellationToken) => queue.NextNonceAsync(_identity!.Epoch, register.Account(_lane), cancellationToken);

    private NonceGap Gap()
    {
        var account = register.Account(_lane);
        return new NonceGap(_lane, (epoch, from, take, cancellationToken) => queue.TransactionsAsync(epoch, account, from, take, cancellationToken), ledger);
    }

    private static bool IsShown(WaitingPatientKey change, PatientKeyRegistration shown) =>
        shown.Commitment is not { } commitment ? false
        : !commitment.AsSpan().SequenceEqual(change.Commitment)
            ? throw new LedgerDisagreesException("A pseudonym of a patient's key has another commitment on the ledger than in the database.")
        : !change.Retires || shown.IsRetired;
}

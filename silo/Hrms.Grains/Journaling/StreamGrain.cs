using System.Diagnostics;
using System.Text.Json;
using Hrms.Domain;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;

namespace Hrms.Grains.Journaling;

/// <summary>
/// A grain whose state is the fold of its stream: decide, append, then change memory and answer. The base of the patient, provider and device grains.
/// Commands of one grain queue one behind the other (the grain is not reentrant); questions interleave with them. What may interleave with an append is
/// therefore only questions, which read the immutable <see cref="State"/> of before, and what is noted (access lines, first disclosures, reviews that wait, who shares),
/// which no command's decision rests on and which goes through the same appender, gets its version in order and is folded in that order.
/// </summary>
public abstract partial class StreamGrain<TState, TEvent>(StreamServices services, IPersistentState<StreamSnapshot> snapshot) : Grain
    where TState : class
    where TEvent : class
{
    private StreamAppender? _appender;
    private StreamKeys? _keys;
    private Task? _beginning;

    // The newest version whose change is in State; the appender may be ahead of it.
    private long _folded;

    protected StreamServices Services => services;

    protected TState State { get; private set; } = null!;

    protected DateTimeOffset Now => services.Clock.GetUtcNow();

    protected abstract StreamId Stream { get; }

    /// <summary>Whose key seals the stream: its own, but for a device, whose stream is its patient's.</summary>
    protected virtual StreamId KeyOwner => Stream;

    /// <summary>Whether the owner was erased: nothing of the stream can be read any more.</summary>
    protected bool IsErased { get; private set; }

    /// <summary>While the owner's erasure is under way: what it still needs to know. To everybody else the stream is erased already.</summary>
    protected TState? Ending { get; private set; }

    /// <summary>
    /// Whether the stream under this grain's id is another kind's: somebody asked a provider's grain with a patient's id. The grain then is as one that never
    /// began, so that nobody learns whose id it is.
    /// </summary>
    protected bool IsForeign { get; private set; }

    protected StreamKeys Keys => _keys ?? throw new InvalidOperationException($"Stream {Stream} has no key yet.");

    protected bool HasStream => _keys is not null;

    protected abstract TState Initial();

    protected abstract TState Fold(TState state, IReadOnlyList<TEvent> events, long firstVersion);

    protected abstract byte[] WriteSnapshot(TState state);

    protected abstract TState ReadSnapshot(byte[] json);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        State = Initial();
        _confirmedAt = Stopwatch.GetTimestamp();
        try
        {
            if (await services.Keys.FindAsync(KeyOwner, cancellationToken) is { } key)
            {
                await LoadAsync(key, cancellationToken);
                if (key.IsEnding)
                    BeginEnding();
            }
        }
        catch (KeyErasedException)
        {
            IsErased = true;
        }
        catch (SealBrokenException broken)
        {
            services.Logger.Raise(IntegrityViolation.Key, KeyOwner, 0);
            throw new TamperedException(KeyOwner, "The key", broken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _saving;
        // After a fault memory is not to be trusted, and while a silo stops in a hurry the journal is enough.
        if (_appender is not null && reason.ReasonCode is DeactivationReasonCode.ActivationIdle or DeactivationReasonCode.ShuttingDown && _appender.Version - snapshot.State.Version > 32)
            await SaveSnapshotAsync();
    }

    /// <summary>Makes the events durable, then folds them in. On any fault memory stays as it was and the grain deactivates; the caller repeats the command.</summary>
    /// <param name="accountLine">What the account's history says of it, durable in the same append.</param>
    /// <returns>The version of the first event.</returns>
    protected async Task<long> CommitAsync(IReadOnlyList<TEvent> events, IReadOnlyList<SealedContent>? contents = null, TEvent? accountLine = null)
    {
        await EnsureStreamAsync();
        List<Draft> drafts = [.. events.Select(e => new Draft(EntryKind.Change, Now, EventJson.Write(e), NullifierOf(e)))];
        if (accountLine is not null)
            drafts.Add(new Draft(EntryKind.Account, Now, EventJson.Write(accountLine)));
        var first = await AppendAsync(drafts, contents ?? []);
        if (first <= _folded)
            throw new InvalidOperationException($"Version {first} of stream {Stream} came after version {_folded} was folded in.");
        // What was under way when an erasure began is known to the erasure, and to nobody else.
        if (Ending is null)
            State = Fold(State, events, first);
        else
            Ending = Fold(Ending, events, first);
        _folded = first + events.Count - 1;
        SaveSnapshotWhenDue();
        return first;
    }

    /// <summary>Appends an access line: durable before data leaves, not part of the state.</summary>
    protected Task<long> AppendLineAsync(TEvent line) => AppendAsync([new Draft(EntryKind.Access, Now, EventJson.Write(line))], []);

    /// <summary>Appends a line of the account's history: durable before the account is entered or changed, not part of the state.</summary>
    protected Task<long> AppendAccountLineAsync(TEvent line) => AppendAsync([new Draft(EntryKind.Account, Now, EventJson.Write(line))], []);

    /// <summary>
    /// For a stranger's question on a stream that is not there or not any more, so that its time does not tell: all the work of a line, sealed with a key that
    /// is forgotten, and no row of the stream.
    /// </summary>
    protected async Task PaceAsync(TEvent line)
    {
        var keys = new StreamKeys(Stream, new OwnerKey(new Guid(services.Entropy.Bytes(16)), services.Entropy.Bytes(Sealed.KeyBytes)));
        var payload = keys.SealEvent(1, EventJson.Write(line), services.Entropy);
        var salt = services.Entropy.Bytes(Leaf.SaltBytes);
        var leaf = Leaf.Compute(salt, Stream.Value, 1, Leaf.Genesis, payload);
        await services.Journal.PaceAsync(Stream, new JournalEntry(EntryKind.Access, Now, Leaf.Genesis, salt, leaf, payload), CancellationToken.None);
        services.Waker.Wake(Stream);
    }

    /// <summary>The owner's erasure has begun, durably: from here on the stream looks erased.</summary>
    protected void BeginEnding()
    {
        if (!IsErased)
            (Ending, State, IsErased) = (State, Initial(), true);
    }

    /// <summary>The key is destroyed. What is in memory goes, too.</summary>
    protected void EndEnding()
    {
        (Ending, State, IsErased) = (null, Initial(), true);
        DeactivateOnIdle();
    }

    /// <summary>What an event makes public on the ledger: for a patient, the nullifier of a revoked consent.</summary>
    protected virtual byte[]? NullifierOf(TEvent happened) => null;

    protected TEvent Open(JournalRow row) => EventJson.Read<TEvent>(OpenRow(row));

    protected byte[] OpenRow(JournalRow row)
    {
        try
        {
            return Keys.OpenEvent(row.Version, row.Payload);
        }
        catch (SealBrokenException broken)
        {
            throw Tampered(IntegrityViolation.Row, row.Version, broken);
        }
    }

    /// <summary>Raises the alarm.</summary>
    /// <returns>What is to be thrown.</returns>
    private protected TamperedException Tampered(IntegrityViolation kind, long version, Exception broken)
    {
        services.Logger.Raise(kind, Stream, version);
        return new TamperedException(Stream, version, broken);
    }

    private async Task<long> AppendAsync(IReadOnlyList<Draft> drafts, IReadOnlyList<SealedContent> contents)
    {
        try
        {
            var first = await _appender!.AppendAsync(drafts, contents);
            services.Waker.Wake(Stream);
            return first;
        }
        catch
        {
            // Every fault ends this activation: the next one reads what is durable.
            DeactivateOnIdle();
            throw;
        }
    }

    protected async Task EnsureStreamAsync()
    {
        if (_appender is not null)
            return;
        if (IsForeign)
            throw new InvalidOperationException($"Stream {Stream} is another kind's: nothing is appended by {GetType().Name}.");
        // Two that interleave begin it once.
        var beginning = _beginning ??= BeginAsync();
        try
        {
            await beginning;
        }
        catch
        {
            _beginning = null;
            throw;
        }
    }

    private async Task BeginAsync()
    {
        var key = await services.Keys.CreateAsync(KeyOwner, CancellationToken.None);
        _keys = new StreamKeys(Stream, key);
        _appender = new StreamAppender(Stream, _keys, services.Journal, services.Entropy, 0, Leaf.Genesis);
    }

    private async Task LoadAsync(OwnerKey key, CancellationToken cancellationToken)
    {
        _keys = new StreamKeys(Stream, key);
        var folded = RestoreSnapshot();
        var (version, leaf) = await services.Journal.HeadAsync(Stream, cancellationToken);
        // A snapshot holds durable events only. Going on would skip what is appended from here up to its version at every later start, revocations included.
        if (version < folded)
        {
            services.Logger.Raise(IntegrityViolation.MissingRows, Stream, version);
            throw new TamperedException(Stream, version, folded);
        }
        List<TEvent> events = [];
        List<long> versions = [];
        await foreach (var row in services.Journal.ReadAsync(Stream, folded, EntryKind.Change, cancellationToken))
        {
            try
            {
                events.Add(Open(row));
            }
            catch (JsonException) when (row.Version == 1)
            {
                // Each kind's streams begin with events that every version of it knows.
                (IsForeign, _keys) = (true, null);
                return;
            }
            versions.Add(row.Version);
        }
        // Access lines stand between changes, so versions have gaps here: fold run by run.
        for (var start = 0; start < events.Count;)
        {
            var end = start + 1;
            while (end < events.Count && versions[end] == versions[end - 1] + 1)
                end++;
            State = Fold(State, events[start..end], versions[start]);
            start = end;
        }
        _folded = version;
        _appender = new StreamAppender(Stream, _keys, services.Journal, services.Entropy, version, leaf);
    }
}

using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Following;

/// <summary>What a follower is doing.</summary>
internal enum FollowerState
{
    Starting = 1,
    Running = 2,
    /// <summary>No node or no database answers, or no node is as far; tried again by itself.</summary>
    Waiting = 3,
    /// <summary>What a node says contradicts itself or our rows.</summary>
    Stopped = 4,
}

/// <summary>
/// The follower's steps: the next events from a node, held against the contract, then into the rows together with the block they go up to. Where it was interrupted it
/// goes on; what it reads twice it stores once. Called by <see cref="LedgerFollowerGrain"/> only, one step at a time.
/// </summary>
internal sealed class Follower(IFollowedLedger rows, ILedgerEvents ledger, FollowerOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>A node may answer for its newest block from a state that holds the next one already: what contradicts itself so often in a row is none of that.</summary>
    public const int ContradictionsMax = 3;

    private LedgerIdentity? _identity;
    private DateTimeOffset _comparedAt;
    private readonly Dictionary<long, long> _toldAhead = [];
    private int _contradictions;

    public FollowerState State { get; private set; } = FollowerState.Starting;

    public string? Alarm { get; private set; }

    /// <summary>One step, and what its failure means.</summary>
    /// <returns>True when there is more to read at once.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(cancellationToken);
        }
        catch (LedgerDisagreesException disagreement)
        {
            Stop(disagreement.Message);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (State != FollowerState.Waiting)
                logger.FollowingFailed(fault.GetType().Name, fault is LedgerUnavailableException ? fault.Message : "");
            // An alarm stays one until the ledger has answered.
            (State, _identity) = (State == FollowerState.Stopped ? FollowerState.Stopped : FollowerState.Waiting, null);
        }
        return false;
    }

    /// <summary>What was read and what the ledger says contradict each other: nothing holds until a step has found that they agree.</summary>
    public void Stop(string alarm)
    {
        if (Alarm != alarm)
            logger.FollowingStopped(alarm);
        GrainsTelemetry.FollowerAlarms.Add(1);
        (State, Alarm, _identity) = (FollowerState.Stopped, alarm, null);
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if ((_identity ?? await ledger.IdentifyAsync(cancellationToken)) is not { } identity)
            return false;                                       // no lane has anchored anything yet
        var isFirst = _identity is null;
        var after = await rows.ThroughAsync(identity.Since, cancellationToken);
        var page = await ledger.ReadAsync(identity, after, cancellationToken);
        if (page.Kind != FollowKind.Next)
            return await OtherAsync(identity, page.Kind, after!, cancellationToken);
        if (page.Through != after && !await rows.AppendAsync(identity.Since, after, page, cancellationToken))
            return true;                                        // another follower went on: from where it ended
        if (page.IsHead)
            await CompareAsync(identity, page, all: isFirst || State != FollowerState.Running, cancellationToken);
        _identity = identity;
        // An alarm holds until all that there is was read and compared.
        if (page.IsHead)
            (State, Alarm) = (FollowerState.Running, null);
        return !page.IsHead;
    }

    private async Task<bool> OtherAsync(LedgerIdentity identity, FollowKind kind, ChainBlock after, CancellationToken cancellationToken)
    {
        if (options.ReadsAgain)
        {
            logger.ReadingAgain(after.Number);
            await rows.BeginAgainAsync(identity.Since, cancellationToken);
            return true;
        }
        throw kind == FollowKind.OtherChain
            ? new LedgerDisagreesException($"The chain has another block {after.Number} than the one that was read. Blocks of a consortium are final: which node tells the truth?")
            : new LedgerUnavailableException($"No node that answers has block {after.Number}, up to which the ledger was read.");
    }

    /// <summary>Whether the rows have all that the contract has: a node that lists too few events shows here.</summary>
    private async Task CompareAsync(LedgerIdentity identity, FollowPage page, bool all, CancellationToken cancellationToken)
    {
        all |= clock.GetUtcNow() - _comparedAt >= options.CompareEvery;
        var touched = page.Events.OfType<BatchAnchored>().Select(batch => batch.Lane).ToHashSet();
        var known = (await rows.LanesAsync(identity.Since, cancellationToken)).Where(lane => all || touched.Contains(lane.Lane)).ToList();
        if (known.Count > 0)
        {
            var told = await ledger.LastNumbersAsync(identity, [.. known.Select(lane => lane.Lane)], page.Through!, cancellationToken);
            foreach (var (lane, last) in known.Zip(told))
                if (last < lane.Last && options.ReadsAgain)
                    throw new LedgerUnavailableException($"The node has forgotten batches of lane {lane.Lane}; its writer is about to send them again.");
                else if (last > lane.Last && !Stands(lane, last))
                    throw new LedgerUnavailableException($"The node has batch {last} of lane {lane.Lane} and no event of it yet.");
                else if (last != lane.Last)
                    throw await MissingAsync(identity, $"As of block {page.Through!.Number} the contract has {last} batches of lane {lane.Lane}; its events tell of {lane.Last}. Everything is read again.");
        }
        _contradictions = 0;
        if (all)
            _comparedAt = clock.GetUtcNow();
    }

    /// <summary>Whether the contract is ahead of a lane's events for good. When the event came of what it was ahead with before, that was none of it: under load a node is between two blocks at every look.</summary>
    private bool Stands((long Lane, long Last) known, long told)
    {
        if (_toldAhead.TryGetValue(known.Lane, out var before) && before <= known.Last)
            _contradictions = 0;
        _toldAhead[known.Lane] = told;
        return ++_contradictions >= ContradictionsMax;
    }

    /// <summary>What a node left out would be missing for good, since reading goes on after it: so all is read again, and the alarm holds until it agrees.</summary>
    private async Task<LedgerDisagreesException> MissingAsync(LedgerIdentity identity, string alarm)
    {
        await rows.BeginAgainAsync(identity.Since, CancellationToken.None);
        return new LedgerDisagreesException(alarm);
    }
}

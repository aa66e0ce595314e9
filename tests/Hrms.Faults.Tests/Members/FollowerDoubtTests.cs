using Hrms.Domain.Ports;
using Hrms.Grains.Following;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hrms.Faults.Tests.Members;

/// <summary>
/// A node that is between two blocks answers for the newest one from a state that holds the next already. That is none of its lies; one that leaves an event out for good is.
/// Scripted, since a real node does it when it likes.
/// </summary>
public sealed class FollowerDoubtTests
{
    [Fact]
    public async Task WhatTheContractHasBeforeItsEvent_IsWaitedFor_AndAlarmsWhenItStands()
    {
        var ledger = new Ledger { Told = 6 };
        var follower = new Follower(ledger, ledger, new FollowerOptions(), TimeProvider.System, NullLogger.Instance);
        await follower.StepAsync(default);
        Assert.Equal((FollowerState.Waiting, null, 0), (follower.State, follower.Alarm, ledger.BegunAgain));

        ledger.Told = 5;
        await follower.StepAsync(default);
        Assert.Equal((FollowerState.Running, null), (follower.State, follower.Alarm));

        ledger.Told = 6;
        ledger.Block++;
        for (var step = 1; step < Follower.ContradictionsMax; step++)
        {
            await follower.StepAsync(default);
            Assert.Null(follower.Alarm);
            ledger.Block++;
        }
        await follower.StepAsync(default);
        Assert.Contains("has 6 batches of lane 0; its events tell of 5", follower.Alarm, StringComparison.Ordinal);
        Assert.Equal((FollowerState.Stopped, 1), (follower.State, ledger.BegunAgain));
    }

    /// <summary>Under load the contract is a batch ahead whenever it is asked, and each batch's event comes with the next block.</summary>
    [Fact]
    public async Task WhoseEventsAlwaysComeABlockLater_IsNeverALiar()
    {
        var ledger = new Ledger();
        var follower = new Follower(ledger, ledger, new FollowerOptions(), TimeProvider.System, NullLogger.Instance);
        for (var step = 0; step < 5 * Follower.ContradictionsMax; step++)
        {
            ledger.Told = ledger.Known + 1;
            await follower.StepAsync(default);
            Assert.Equal((FollowerState.Waiting, null), (follower.State, follower.Alarm));
            (ledger.Known, ledger.Block) = (ledger.Told, ledger.Block + 1);
        }
        await follower.StepAsync(default);
        Assert.Equal((FollowerState.Running, 0), (follower.State, ledger.BegunAgain));
    }

    /// <summary>Rows that know so many batches of lane 0, and a chain whose contract says how many there are.</summary>
    private sealed class Ledger : IFollowedLedger, ILedgerEvents
    {
        private static readonly LedgerIdentity Identity = new(1, new byte[32], new byte[20]);

        public long Told { get; set; }

        public long Known { get; set; } = 5;

        public long Block { get; set; } = 1;

        public int BegunAgain { get; private set; }

        public Task<LedgerIdentity?> KnownAsync(CancellationToken cancellationToken) => Task.FromResult<LedgerIdentity?>(Identity);

        public Task<LedgerIdentity?> IdentifyAsync(CancellationToken cancellationToken) => KnownAsync(cancellationToken);

        // Each newest block anchors something of the lane, so each is compared.
        public Task<FollowPage> ReadAsync(LedgerIdentity identity, ChainBlock? after, CancellationToken cancellationToken) => Task.FromResult(new FollowPage(
            FollowKind.Next, new ChainBlock(Block, new byte[32], default), true, [new BatchAnchored(new EventPlace(Block, new byte[32], 0, 0), 0, Known, new byte[32])]));

        public Task<IReadOnlyList<long>> LastNumbersAsync(LedgerIdentity identity, IReadOnlyList<long> lanes, ChainBlock at, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<long>>([Told]);

        public Task<IReadOnlyList<(long Lane, long Last)>> LanesAsync(int since, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<(long, long)>>([(0, Known)]);

        public Task<bool> AppendAsync(int since, ChainBlock? after, FollowPage page, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<ChainBlock?> ThroughAsync(int since, CancellationToken cancellationToken) => Task.FromResult<ChainBlock?>(null);

        public Task BeginAgainAsync(int since, CancellationToken cancellationToken)
        {
            BegunAgain++;
            return Task.CompletedTask;
        }

        public Task<FollowedConsent> FindAsync(int since, long lane, long number, byte[] nullifier, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<byte[]>> ValidatorsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> CheckConsentAsync(
            LedgerIdentity identity, byte[] leaf, IReadOnlyList<byte[]> path, long lane, long number, byte[] nullifier, ChainBlock at, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}

using Hrms.Contracts;

namespace Hrms.Api.Operations;

/// <summary>What the operators' page shows, as it is at one moment.</summary>
/// <param name="Commits">Of each lane, its newest batches that are final, newest first.</param>
public sealed record SeenByOperator(DateTimeOffset At, IReadOnlyList<LaneStatus> Lanes, IReadOnlyDictionary<int, IReadOnlyList<LedgerCommit>> Commits, FollowerStatus Follower)
{
    private const int CommitsShown = 5;

    /// <summary>The alarms of lanes and follower: what somebody has to look at first.</summary>
    public IReadOnlyList<string> Alarms =>
        [.. Lanes.Where(lane => lane.Alarm is not null).Select(lane => $"Lane {lane.Lane}: {lane.Alarm}"), .. Follower.Alarm is { } alarm ? (string[])[$"Reading the ledger: {alarm}"] : []];

    public static async Task<SeenByOperator> NowAsync(IGrainFactory grains, LaneCount lanes, TimeProvider clock)
    {
        var writers = Enumerable.Range(0, lanes.Value).Select(lane => grains.GetGrain<ILedgerWriterGrain>(lane)).ToList();
        var follower = grains.GetGrain<ILedgerFollowerGrain>(0).StatusAsync();
        var status = await Task.WhenAll(writers.Select(writer => writer.StatusAsync()));
        var commits = await Task.WhenAll(writers.Select(writer => writer.RecentAsync(CommitsShown)));
        return new SeenByOperator(clock.GetUtcNow(), status, commits.Select((some, lane) => (some, lane)).ToDictionary(both => both.lane, both => both.some), await follower);
    }
}

using Hrms.Contracts;
using Orleans.Runtime.Placement;

namespace Hrms.Api.Operations;

/// <summary>What the operators' page shows, as it is at one moment.</summary>
/// <param name="Commits">Of each lane, its newest batches that are final, newest first.</param>
/// <param name="Silos">Each silo by its address; null: it did not answer in time.</param>
public sealed record SeenByOperator(
    DateTimeOffset At, IReadOnlyList<LaneStatus> Lanes, IReadOnlyDictionary<int, IReadOnlyList<LedgerCommit>> Commits, FollowerStatus Follower, IReadOnlyList<(string Silo, SiloReport? Report)> Silos)
{
    private const int CommitsShown = 5;
    private static readonly TimeSpan SiloWaits = TimeSpan.FromSeconds(2);

    /// <summary>The alarms of lanes and follower: what somebody has to look at first.</summary>
    public IReadOnlyList<string> Alarms =>
        [.. Lanes.Where(lane => lane.Alarm is not null).Select(lane => $"Lane {lane.Lane}: {lane.Alarm}"), .. Follower.Alarm is { } alarm ? (string[])[$"Reading the ledger: {alarm}"] : []];

    public static async Task<SeenByOperator> NowAsync(IGrainFactory grains, LaneCount lanes, TimeProvider clock)
    {
        var writers = Enumerable.Range(0, lanes.Value).Select(lane => grains.GetGrain<ILedgerWriterGrain>(lane)).ToList();
        var silos = SilosAsync(grains);
        var follower = grains.GetGrain<ILedgerFollowerGrain>(0).StatusAsync();
        var status = await Task.WhenAll(writers.Select(writer => writer.StatusAsync()));
        var commits = await Task.WhenAll(writers.Select(writer => writer.RecentAsync(CommitsShown)));
        return new SeenByOperator(clock.GetUtcNow(), status, commits.Select((some, lane) => (some, lane)).ToDictionary(both => both.lane, both => both.some), await follower, await silos);
    }

    private static async Task<IReadOnlyList<(string, SiloReport?)>> SilosAsync(IGrainFactory grains)
    {
        var silos = (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Order().ToList();
        return await Task.WhenAll(silos.Select(async silo => (silo.Endpoint.ToString(), await ReportAsync(grains, silo))));
    }

    private static async Task<SiloReport?> ReportAsync(IGrainFactory grains, SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return await grains.GetGrain<ISiloGrain>(silo.ToParsableString()).ReportAsync().WaitAsync(SiloWaits);
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException or UnavailableException)
        {
            return null;
        }
    }
}

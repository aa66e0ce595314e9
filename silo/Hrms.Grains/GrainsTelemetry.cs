using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hrms.Grains.Ledger;

namespace Hrms.Grains;

/// <summary>What operators see of the grains: instruments of the meter <c>Hrms.Grains</c>, and spans of the source of that name.</summary>
internal static class GrainsTelemetry
{
    private const string Name = "Hrms.Grains";

    public static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds from a batch's signature to its receipt: how far the ledger is behind.</summary>
    public static readonly Histogram<double> LedgerLag = Meter.CreateHistogram<double>("hrms.ledger.lag", "s", "From a batch's signature to its receipt.");

    public static readonly Histogram<int> BatchLeaves = Meter.CreateHistogram<int>("hrms.ledger.batch.leaves", "{leaf}", "Events in a batch, padding not counted.");

    public static readonly UpDownCounter<int> OpenBatches = Meter.CreateUpDownCounter<int>("hrms.ledger.batches.open", "{batch}", "Batches without a receipt.");

    private static readonly ConcurrentDictionary<LanePump, int> Lanes = [];

    /// <summary>1 for what each lane whose writer lives here is doing, named by <see cref="LaneState"/> in lower case.</summary>
    public static readonly ObservableGauge<int> LaneStates = Meter.CreateObservableGauge(
        "hrms.ledger.lane.state", () => Lanes.Select(watched => new Measurement<int>(
            1, new("lane", watched.Value), new("state", watched.Key.State.ToString().ToLowerInvariant()))), "{lane}", "What a lane is doing, 1 each.");

    public static readonly Counter<long> SignedAgain = Meter.CreateCounter<long>("hrms.ledger.signed.again", "{transaction}", "Batches that needed another transaction.");

    public static readonly Counter<long> FollowerAlarms = Meter.CreateCounter<long>("hrms.ledger.follower.alarms", "{alarm}", "Times that the shared ledger contradicted what was read of it.");

    public static readonly Counter<long> Decisions = Meter.CreateCounter<long>("hrms.decisions", "{decision}", "Access decisions, by permitted.");

    /// <summary>A lane's writer began here. Until <see cref="Unwatch"/> its state is told.</summary>
    public static void Watch(LanePump pump, int lane) => Lanes[pump] = lane;

    public static void Unwatch(LanePump? pump)
    {
        if (pump is not null)
            Lanes.TryRemove(pump, out _);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;

namespace Hrms.Grains;

/// <summary>What operators see of the grains: instruments of the meter <c>Hrms.Grains</c>, and spans of the source of that name. Values are counts, times and ids of lanes.</summary>
public static class GrainsTelemetry
{
    private const string Name = "Hrms.Grains";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds from a batch's signature to its receipt, of batches that have one. How far the ledger is behind is <see cref="Waiting"/>.</summary>
    internal static readonly Histogram<double> LedgerLag = Meter.CreateHistogram<double>("hrms.ledger.lag", "s", "From a batch's signature to its receipt.");

    internal static readonly Histogram<int> BatchLeaves = Meter.CreateHistogram<int>("hrms.ledger.batch.leaves", "{leaf}", "Events in a batch, padding not counted.");

    internal static readonly UpDownCounter<int> OpenBatches = Meter.CreateUpDownCounter<int>("hrms.ledger.batches.open", "{batch}", "Batches without a receipt.");

    private static readonly ConcurrentDictionary<LanePump, int> Lanes = [];

    /// <summary>1 for what each lane whose writer lives here is doing, named by <see cref="LaneState"/> in lower case.</summary>
    internal static readonly ObservableGauge<int> LaneStates = Meter.CreateObservableGauge(
        "hrms.ledger.lane.state", () => Lanes.Select(watched => new Measurement<int>(
            1, new("lane", watched.Value), new("state", watched.Key.State.ToString().ToLowerInvariant()))), "{lane}", "What a lane is doing, 1 each.");

    /// <summary>Of each lane whose writer lives here: for how long the oldest change without a receipt has waited. Grows while nothing is mined, whatever the nodes say.</summary>
    internal static readonly ObservableGauge<double> Waiting = Meter.CreateObservableGauge(
        "hrms.ledger.waiting", () => Lanes.Select(watched => new Measurement<double>(watched.Key.WaitingFor.TotalSeconds, new KeyValuePair<string, object?>("lane", watched.Value))), "s",
        "Since the oldest change without a receipt was written.");

    internal static readonly ObservableGauge<int> Backlog = Meter.CreateObservableGauge(
        "hrms.ledger.backlog", () => Lanes.Select(watched => new Measurement<int>(watched.Key.Waiting.Rows, new KeyValuePair<string, object?>("lane", watched.Value))), "{event}",
        "Changes without a receipt, counted up to 100,000.");

    internal static readonly Counter<long> SignedAgain = Meter.CreateCounter<long>("hrms.ledger.signed.again", "{transaction}", "Batches that needed another transaction.");

    internal static readonly Counter<long> FollowerAlarms = Meter.CreateCounter<long>("hrms.ledger.follower.alarms", "{alarm}", "Times that the shared ledger contradicted what was read of it.");

    internal static readonly Counter<long> Decisions = Meter.CreateCounter<long>("hrms.decisions", "{decision}", "Access decisions, by permitted.");

    private static readonly Counter<long> Violations = Meter.CreateCounter<long>(
        "hrms.integrity.violations", "{violation}", "Times that what is stored was found not to be what was written, by kind.");

    /// <summary>Called when a silo starts, after somebody measures: what alarms when it grows is there from zero, since growth from nothing is none.</summary>
    public static void Begin()
    {
        SignedAgain.Add(0);
        FollowerAlarms.Add(0);
        foreach (var kind in Enum.GetValues<IntegrityViolation>())
            Violations.Add(0, Of(kind));
    }

    internal static void Violated(IntegrityViolation kind) => Violations.Add(1, Of(kind));

    private static KeyValuePair<string, object?> Of(IntegrityViolation kind) => new("kind", kind.ToString().ToLowerInvariant());

    /// <summary>A lane's writer began here. Until <see cref="Unwatch"/> its state is told.</summary>
    internal static void Watch(LanePump pump, int lane) => Lanes[pump] = lane;

    internal static void Unwatch(LanePump? pump)
    {
        if (pump is not null)
            Lanes.TryRemove(pump, out _);
    }
}

using System.Diagnostics.Metrics;

namespace Hrms.Grains;

/// <summary>What operators see of the grains: instruments of the meter <c>Hrms.Grains</c>.</summary>
internal static class GrainsTelemetry
{
    private static readonly Meter Meter = new("Hrms.Grains");

    /// <summary>Seconds from a batch's signature to its receipt: how far the ledger is behind.</summary>
    public static readonly Histogram<double> LedgerLag = Meter.CreateHistogram<double>("hrms.ledger.lag", "s", "From a batch's signature to its receipt.");

    public static readonly Histogram<int> BatchLeaves = Meter.CreateHistogram<int>("hrms.ledger.batch.leaves", "{leaf}", "Events in a batch, padding not counted.");

    public static readonly UpDownCounter<int> OpenBatches = Meter.CreateUpDownCounter<int>("hrms.ledger.batches.open", "{batch}", "Batches without a receipt.");

    public static readonly Counter<long> SignedAgain = Meter.CreateCounter<long>("hrms.ledger.signed.again", "{transaction}", "Batches that needed another transaction.");

    public static readonly Counter<long> Decisions = Meter.CreateCounter<long>("hrms.decisions", "{decision}", "Access decisions, by permitted.");
}

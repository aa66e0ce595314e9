using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hrms.Storage.Journal;

namespace Hrms.Storage;

/// <summary>What the storage adapter tells about itself. The host subscribes to both names; values are counts and times, never content.</summary>
public static class StorageTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Hrms.Storage";

    internal static readonly ActivitySource Source = new(Name);
    internal static readonly Meter Meter = new(Name);

    internal static readonly Histogram<int> BatchAppends =
        Meter.CreateHistogram<int>("hrms.journal.batch.size", "{append}", "Appends that shared one transaction.");

    internal static readonly Histogram<double> CommitSeconds =
        Meter.CreateHistogram<double>("hrms.journal.commit.duration", "s", "From sending a batch to knowing that it is durable.");

    internal static readonly UpDownCounter<int> QueueLength =
        Meter.CreateUpDownCounter<int>("hrms.journal.queue.length", "{append}", "Appends that wait or are being written.");

    internal static readonly Counter<int> Conflicts =
        Meter.CreateCounter<int>("hrms.journal.conflicts", "{append}", "Appends that another writer was faster than.");

    internal static readonly Counter<int> UnknownOutcomes =
        Meter.CreateCounter<int>("hrms.journal.unknown_outcomes", "{batch}", "Batches whose answer was lost and that were asked for again.");

    /// <summary>What of a batch that shares one commit is linked to it at most: as much as exporters keep of a span.</summary>
    private const int LinksMax = 128;

    /// <summary>The span of one commit for many: part of the trace of the first that it is for, and linked to those of the others.</summary>
    internal static Activity? Commit(IReadOnlyList<PendingAppend> batch) => !Source.HasListeners() ? null : Source.StartActivity(
        "journal commit", ActivityKind.Internal, batch[0].Asked,
        links: [.. batch.Skip(1).Select(pending => pending.Asked).Where(asked => asked != default).Take(LinksMax).Select(asked => new ActivityLink(asked))]);

    /// <summary>What only a fault makes is there from zero: growth from nothing is none to whoever watches it grow.</summary>
    internal static void Begin()
    {
        Conflicts.Add(0);
        UnknownOutcomes.Add(0);
    }
}

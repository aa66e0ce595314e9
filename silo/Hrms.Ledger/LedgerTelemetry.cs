using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hrms.Ledger.Rpc;

namespace Hrms.Ledger;

/// <summary>What the adapter tells of itself: meter and activity source <c>Hrms.Ledger</c>. Names nodes and methods, never contents.</summary>
public static class LedgerTelemetry
{
    public const string Name = "Hrms.Ledger";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("hrms.ledger.rpc.calls", "{call}", "JSON-RPC calls that were answered");
    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("hrms.ledger.rpc.failures", "{call}", "JSON-RPC calls without a usable answer");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("hrms.ledger.rpc.duration", "s", "Time to a node's answer");

    internal static void Called(IReadOnlyList<RpcCall> calls, string node, TimeSpan elapsed)
    {
        Calls.Add(calls.Count, Tags(calls, node));
        Failures.Add(0, Tags(calls, node));
        Duration.Record(elapsed.TotalSeconds, Tags(calls, node));
    }

    internal static void Failed(IReadOnlyList<RpcCall> calls, string node) => Failures.Add(calls.Count, Tags(calls, node));

    private static TagList Tags(IReadOnlyList<RpcCall> calls, string node) =>
        new() { { "rpc.method", calls[0].Method }, { "hrms.ledger.node", node } };
}

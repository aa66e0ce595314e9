using System.Diagnostics;
using System.Net.Http.Json;

namespace Hrms.Faults.Tests;

/// <summary>What an operator sees who looks for one change in the traces of all processes.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class TraceTests(ThreeSilos silos)
{
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}";

    [Fact]
    [Trait("Feature", "108")]
    public async Task AChange_IsOneTrace_FromApiOverSiloToSql_AndItsBatchOnTheLedger_IsLinkedToIt()
    {
        var all = await silos.RunningAsync();
        var patient = await all.Client.PatientAsync();
        await all.Client.LedgerQuietAsync();

        // An app says which trace its request is part of (W3C Trace Context).
        var (trace, app) = ($"{ActivityTraceId.CreateRandom()}", $"{ActivitySpanId.CreateRandom()}");
        using (var answer = await all.Client.PostAsync(
            Party.Patient(patient), "/graphql", JsonContent.Create(new { query = Grant, variables = new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() } }), ("traceparent", $"00-{trace}-{app}-01")))
            Assert.Equal(200, (int)answer.StatusCode);

        var spans = await silos.Collector.SpansAsync("row of the journal and batch on the ledger", told => RowOf(trace, told) is not null && SentFor(trace, told) is not null);
        // Behind the row: its commit, the patient's grain in a silo, the API process, the app.
        var way = WayTo(RowOf(trace, spans)!, spans);
        Assert.Equal("journal commit", way[1].Name);
        Assert.Contains(way, span => span.Name.Contains("PatientGrain/", StringComparison.Ordinal));
        Assert.Equal(("POST /graphql", app), (way[^1].Name, way[^1].ParentId));
        Assert.Equal(2, way.Select(span => span.Process).Distinct().Count());
        Assert.NotEqual(way[0].Process, way[^1].Process);

        // The batch is made later and for many: it is a trace of its own, from its SQL to the node.
        var batch = WayTo(SentFor(trace, spans)!, spans);
        Assert.Equal(("ledger batch", ""), (batch[^1].Name, batch[^1].ParentId));
        Assert.Contains(spans, span => span.TraceId == batch[^1].TraceId && span.Attributes.Contains("db.query.text"));
    }

    /// <summary>SQL of a commit in the trace.</summary>
    private static OtlpSpan? RowOf(string trace, IReadOnlyList<OtlpSpan> spans) => spans.FirstOrDefault(span =>
        span.TraceId == trace && span.Attributes.Contains("db.query.text") && WayTo(span, spans) is [_, { Name: "journal commit" }, .., { Name: "POST /graphql" }]);

    /// <summary>What was sent to the node of a batch that says it belongs to the trace.</summary>
    private static OtlpSpan? SentFor(string trace, IReadOnlyList<OtlpSpan> spans) =>
        spans.FirstOrDefault(span => span.Name == "ledger batch" && span.Links.Contains(trace)) is not { } batch ? null
            : spans.FirstOrDefault(span => span.TraceId == batch.TraceId && span.Name == "rpc eth_sendRawTransaction");

    /// <summary>From a span to the outermost one around it that was told of.</summary>
    private static List<OtlpSpan> WayTo(OtlpSpan span, IReadOnlyList<OtlpSpan> spans)
    {
        List<OtlpSpan> way = [span];
        while (spans.FirstOrDefault(around => around.TraceId == span.TraceId && around.SpanId == way[^1].ParentId) is { } around)
            way.Add(around);
        return way;
    }
}

using System.Text;

namespace Hrms.Faults.Tests;

/// <summary>What operators see of a running host, and what they must not see.</summary>
public sealed class TelemetryTests(ITestOutputHelper output)
{
    private const string Import = "mutation($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){count errors{code message}}}";
    private const string Search = "query($p:ID!){patient(id:$p){records(first:10,where:{text:\"Planted diagnosis\"}){nodes{content}}}}";

    [Fact]
    [Trait("Feature", "85")]
    public async Task ACollector_GetsTracesAndMetrics_AndNothingOfThePatients()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var api = await ApiProcess.StartAsync(folder["data"], folder["api.log"], collector.Variables))
        {
            var id = await api.Client.PatientAsync();
            var imported = await api.Client.SendAsync(Party.Patient(id), Import, new { c = Guid.NewGuid(), p = id, b = Bundle });
            Assert.Equal(2, imported.Field.GetProperty("count").GetInt32());
            Assert.Contains("Planted", (await api.Client.SendAsync(Party.Patient(id), Search, new { p = id })).Body, StringComparison.Ordinal);
            // As an address, which traces of requests hold.
            var asked = $"/graphql?query={Uri.EscapeDataString(Search)}&variables={Uri.EscapeDataString($$"""{"p":"{{id}}"}""")}";
            using (Traffic.AddressesOnPurpose())
                Assert.Contains("Planted", await api.Client.GetAsync(Party.Patient(id), asked), StringComparison.Ordinal);
            // Faults and refusals are told to collectors, too.
            Assert.NotEmpty((await api.Client.SendAsync(Party.Patient(id), Import, new { c = Guid.NewGuid(), p = id, b = Broken })).Codes);
            await api.Client.LedgerQuietAsync();

            foreach (var metric in new[]
            {
                "hrms.ledger.lag", "hrms.ledger.batch.leaves", "hrms.ledger.batches.open", "hrms.ledger.rpc.calls", "hrms.journal.batch.size",
                "hrms.journal.queue.length", "hrms.decisions", "http.server.request.duration",
            })
                await collector.GetsAsync("metrics", metric);
            foreach (var span in new[] { "POST /graphql", "GET /graphql", "journal commit", "rpc eth_", "db.query.text", "PatientGrain/" })
                await collector.GetsAsync("traces", span);
        }

        var canaries = Canaries.Of([Bundle], "Planted diagnosis");
        output.WriteLine($"{collector.Received.Count} messages, {collector.Received.Sum(sent => sent.Bytes.Length) / 1024} kB; {canaries.Count} texts");
        Assert.True(canaries.Count > 5);
        Assert.Contains("Quillfeather", canaries.In(Encoding.UTF8.GetBytes("the search works: QUILLFEATHER")));
        Assert.Empty(collector.Received.SelectMany(sent => canaries.In(sent.Bytes).Select(text => $"'{text}' in {sent.Path}")).Distinct());
    }

    private static JsonElement Bundle => JsonSerializer.SerializeToElement(new
    {
        resourceType = "Bundle",
        type = "collection",
        entry = new object[]
        {
            new
            {
                resource = new
                {
                    resourceType = "Patient",
                    name = new[] { new { family = "Quillfeather", given = new[] { "Marigold" } } },
                    identifier = new[] { new { system = "urn:test:registry", value = "QF-1931-77-204" } },
                    telecom = new[] { new { system = "phone", value = "555-0192-8841" } },
                    address = new[] { new { line = new[] { "17 Bramblewick Row" }, city = "Nethermoor", postalCode = "QX91774" } },
                    birthDate = "1931-07-23",
                },
            },
            new
            {
                resource = new
                {
                    resourceType = "Condition",
                    code = new { coding = new[] { new { system = "http://snomed.info/sct", code = "44054006", display = "Planted diagnosis of this test" } } },
                    subject = new { display = "Marigold Quillfeather" },
                },
            },
        },
    });

    private static JsonElement Broken => JsonElement.Parse(Bundle.GetRawText().Replace("\"1931-07-23\"", "\"Marigold Quillfeather 1931-07-23\"", StringComparison.Ordinal));
}

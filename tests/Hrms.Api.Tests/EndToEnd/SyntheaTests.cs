using System.Text.Json;
using Hrms.Api.Tests.Fhir;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Whole patients in over HTTP, and out again page by page.</summary>
public sealed class SyntheaTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "56")]
    public async Task EverySyntheaBundle_ComesBackAsItWentIn()
    {
        var files = Directory.GetFiles(SampleData.Find("synthea-dev"), "*.json");
        var resources = 0;

        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (file, stop) =>
        {
            var bundle = JsonElement.Parse(await File.ReadAllBytesAsync(file, stop));
            Interlocked.Add(ref resources, await ComesBackAsync(bundle));
        });

        Assert.True(resources > 5_000, $"Only {resources} resources were compared.");
    }

    private async Task<int> ComesBackAsync(JsonElement bundle)
    {
        var ana = await hrms.PatientAsync();
        var imported = await ana.SendsAsync("importBundle", new { commandId = Guid.NewGuid(), patient = ana.Id, bundle }, "records { id resourceType }");
        var records = imported.Done().Payload.GetProperty("records").EnumerateArray().Select(record => (Type: record.GetProperty("resourceType").GetString(), Id: record.GetProperty("id").GetGuid())).ToList();
        var exported = await ExportAsync(ana);

        var entries = bundle.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(entries.Count, records.Count);
        Assert.Equal(records.Count, exported.Count);
        // The server gives ids of its own: each stands for one entry's.
        var fullUrls = records.Zip(entries, (record, entry) => (record, Url: entry.GetProperty("fullUrl").GetString()!)).ToList();
        var names = fullUrls.ToDictionary(pair => $"{pair.record.Type}/{pair.record.Id}", pair => pair.Url);
        var ids = fullUrls.ToDictionary(pair => pair.record.Id.ToString(), pair => pair.Url.Split(':')[^1]);
        foreach (var (record, entry) in records.Zip(entries))
        {
            var before = new NormalForm(reference => reference, id => id).Of(entry.GetProperty("resource"));
            var after = new NormalForm(reference => reference.StartsWith('#') ? reference : names[reference], id => ids[id]).Of(exported[record.Id]);
            Assert.Equal(before, after);
        }
        return entries.Count;
    }

    /// <summary>All of a patient's records with their contents, by id.</summary>
    private static async Task<Dictionary<Guid, JsonElement>> ExportAsync(Patient patient)
    {
        Dictionary<Guid, JsonElement> all = [];
        string? after = null;
        do
        {
            var page = (await patient.AsksAsync(
                "query($id: ID!, $after: String) { patient(id: $id) { records(first: 200, after: $after) { totalCount nodes { id content } pageInfo { hasNextPage endCursor } } } }",
                new { id = patient.Id, after })).Patient.GetProperty("records");
            foreach (var node in page.GetProperty("nodes").EnumerateArray())
                all.Add(node.GetProperty("id").GetGuid(), node.GetProperty("content"));
            after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean() ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
        return all;
    }
}

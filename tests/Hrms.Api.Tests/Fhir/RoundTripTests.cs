using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir;

/// <summary>What comes out equals what went in, but for the ids that this server gives.</summary>
public class RoundTripTests
{
    [Fact, Trait("Feature", "56")]
    public void Read_EverySyntheaPatient_KeepsAllContentAndEveryReference()
    {
        var resources = 0;
        foreach (var file in Directory.GetFiles(SampleData.Find("synthea-dev"), "*.json"))
        {
            var body = File.ReadAllBytes(file);
            var outcome = FhirReader.ReadBundle(body, Given.Command);
            Assert.True(outcome.Succeeded, $"{Path.GetFileName(file)}: {outcome.Refusal}");
            resources += Compare(JsonElement.Parse(body), outcome.Value.Records);
        }
        Assert.True(resources > 5_000, $"Only {resources} resources were compared.");
    }

    private static int Compare(JsonElement bundle, IReadOnlyList<RecordDraft> records)
    {
        var names = records.ToDictionary(record => $"{record.ResourceType}/{record.Id}", record => record.FullUrl!);
        var ids = records.ToDictionary(record => record.Id.ToString(), record => record.FullUrl!.Split(':')[^1]);
        var entries = bundle.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(entries.Count, records.Count);
        foreach (var (entry, record) in entries.Zip(records))
        {
            var before = new NormalForm(reference => reference, id => id).Of(entry.GetProperty("resource"));
            var after = new NormalForm(reference => reference.StartsWith('#') ? reference : names[reference], id => ids[id]).Of(record.Json());
            Assert.Equal(before, after);
        }
        return entries.Count;
    }
}

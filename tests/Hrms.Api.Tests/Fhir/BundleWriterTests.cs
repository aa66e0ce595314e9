using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir;

public class BundleWriterTests
{
    private static readonly Uri BaseUrl = new("https://hrms.example/fhir/");

    [Fact]
    public async Task Export_ReadInAgain_HasTheSameResourcesAndReferences()
    {
        var file = Directory.GetFiles(SampleData.Find("synthea-dev"), "*.json").MinBy(name => new FileInfo(name).Length)!;
        var first = FhirReader.Read(File.ReadAllBytes(file), Given.Command).Value!;

        var exported = await ExportAsync(first.Records);
        var second = FhirReader.Read(exported, Given.Command);

        Assert.True(second.Succeeded, second.Refusal?.ToString());
        Assert.Equal(first.Records.Select(record => record.Json().GetRawText()), second.Value.Records.Select(record => record.Json().GetRawText()));
        Assert.Equal("https://hrms.example/fhir/" + first.Records[0].ResourceType + "/" + first.Records[0].Id, second.Value.Records[0].FullUrl);
    }

    [Fact]
    public async Task Export_OfNothing_IsABundleWithoutEntries() =>
        Assert.Equal("""{"resourceType":"Bundle","type":"collection","timestamp":"1970-01-01T00:00:00+00:00"}""",
            JsonElement.Parse(await ExportAsync([])).GetRawText());

    private static async Task<byte[]> ExportAsync(IReadOnlyList<RecordDraft> records)
    {
        var output = new MemoryStream();
        await BundleWriter.WriteCollectionAsync(output, BaseUrl, DateTimeOffset.UnixEpoch, records.Select(record => (record.Id, record.Content)).ToAsyncEnumerable());
        return output.ToArray();
    }
}

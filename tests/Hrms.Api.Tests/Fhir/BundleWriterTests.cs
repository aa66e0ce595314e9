using System.IO.Pipelines;
using System.Text;
using Hrms.Api.Fhir;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir;

public class BundleWriterTests
{
    private static readonly Uri Server = new("https://hrms.example/fhir");

    [Fact]
    public async Task Page_ReadInAgain_HasTheSameResourcesAndReferences()
    {
        var file = Directory.GetFiles(SampleData.Find("synthea-dev"), "*.json").MinBy(name => new FileInfo(name).Length)!;
        var first = FhirReader.Read(File.ReadAllBytes(file), Given.Command).Value!;

        var page = await PageAsync(first.Records);
        // What is taken in is said by the type of the Bundle; the entries are the same.
        var second = FhirReader.Read(Encoding.UTF8.GetBytes(page.Replace("\"searchset\"", "\"collection\"")), Given.Command);

        Assert.True(second.Succeeded, second.Refusal?.ToString());
        Assert.Equal(first.Records.Select(record => record.Json().GetRawText()), second.Value.Records.Select(record => record.Json().GetRawText()));
        Assert.Equal("https://hrms.example/fhir/" + first.Records[0].ResourceType + "/" + first.Records[0].Id, second.Value.Records[0].FullUrl);
    }

    [Fact]
    public async Task PageOfNothing_IsABundleWithoutEntries() => Assert.Equal(
        """{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"https://hrms.example/fhir/x"}]}""", await PageAsync([]));

    private static async Task<string> PageAsync(IReadOnlyList<RecordDraft> records)
    {
        var output = new MemoryStream();
        using var bundle = new BundleWriter(PipeWriter.Create(output), Server);
        bundle.Begin(new Uri("https://hrms.example/fhir/x"), next: null);
        foreach (var record in records)
        {
            bundle.WriteEntry(record.ResourceType, record.Id.Value, isMatch: true, json => json.WriteRawValue(record.Content.Span, skipInputValidation: true));
            if (bundle.IsFull)
                await bundle.FlushAsync(TestContext.Current.CancellationToken);
        }
        await bundle.EndAsync(TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}

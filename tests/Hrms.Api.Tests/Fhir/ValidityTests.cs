using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir;

/// <summary>How well wrong FHIR is told from right FHIR, by samples that others labelled. Prints its rates.</summary>
public class ValidityTests(ITestOutputHelper output)
{
    /// <summary>Wrong only by a profile, an extension's definition or a terminology, which a base server doesn't look at.</summary>
    private static readonly string[] WrongByProfileOnly =
        ["obs-temp-bad.json", "target-ref-profile-empty.json", "maiden-name.json", "patient-with-turvakielto.json"];

    /// <summary>Samples that break R4 in truth: a Questionnaire item without linkId, a narrative that is not XHTML, no resource at all.</summary>
    private static readonly string[] WrongSamples =
    [
        "specimendefinition-questionnaire.json", "practitionerrole-questionnaire.json", "medicinalproductcontraindication-questionnaire.json",
        "bundle-questionnaire.json", "ValidCompartmentDefinition.json", "InvalidCompartmentDefinition.json", "plandefinition-example.json",
        "ResourceWrapperNoVersion.json",
    ];

    [Fact]
    public void StructuralErrors_AreRejected_AndValidCasesAreNot()
    {
        var folder = SampleData.Find("fhir-validity-dev");
        var labels = JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "labels.json"))).EnumerateArray()
            .Where(label => label.GetProperty("file").GetString()!.EndsWith(".json", StringComparison.Ordinal)).ToList();
        var must = labels.Where(MustReject).Select(NameOf).ToList();
        var valid = labels.Where(label => label.GetProperty("errors").GetInt32() == 0).Select(NameOf).ToList();

        var missed = must.Where(file => FhirReader.Read(File.ReadAllBytes(Path.Combine(folder, "cases", file)), Given.Command).Succeeded).ToList();
        var falselyRejected = valid.Where(file => RefusalOf(Path.Combine(folder, "cases", file)) is not null).ToList();

        output.WriteLine($"must reject: {must.Count - missed.Count} of {must.Count}; missed: {string.Join(' ', missed)}");
        output.WriteLine($"valid, rejected: {falselyRejected.Count} of {valid.Count}: {string.Join(' ', falselyRejected)}");
        Assert.Equal(WrongByProfileOnly.Order(), missed.Order());
        Assert.Empty(falselyRejected);

        static string NameOf(JsonElement label) => label.GetProperty("file").GetString()!;
    }

    [Theory]
    [InlineData("fhir-r4-examples")]
    [InlineData("fhir-us-core-examples-dev")]
    [InlineData("synthea-dev")]
    public void ValidSamples_AreNotRejected(string samples)
    {
        var files = Directory.GetFiles(SampleData.Find(samples), "*.json", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("labels.json", StringComparison.Ordinal)).ToList();
        var rejected = files.Select(file => (Name: Path.GetFileName(file), Refusal: RefusalOf(file))).Where(file => file.Refusal is not null).ToList();

        output.WriteLine($"{samples}: {rejected.Count} of {files.Count} rejected");
        rejected.ForEach(file => output.WriteLine($"  {file.Name}: {file.Refusal!.Place}: {file.Refusal.Message}"));
        Assert.All(rejected, file => Assert.Contains(file.Name, WrongSamples));
    }

    private static bool MustReject(JsonElement label) =>
        label.GetProperty("fatal").GetInt32() > 0
        || label.GetProperty("codes").EnumerateArray().Any(code => code.GetString() is "structure" or "required");

    /// <summary>Refusals of things that are right but no record (a document Bundle, Parameters) are no judgement of validity.</summary>
    private static Refusal? RefusalOf(string file) =>
        FhirReader.Read(File.ReadAllBytes(file), Given.Command).Refusal is { } refusal
        && !(refusal.Place is "Bundle.type" or "Bundle.entry" || refusal.Message.StartsWith("A Bundle or Parameters", StringComparison.Ordinal)) ? refusal : null;
}

using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

public class MetadataTests
{
    [Fact]
    public void Observation_IsIndexedByClassCodeDateEncounterAndLabel()
    {
        var intake = Given.Accepted(Given.Transaction(
            ("urn:oid:2.5", """{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"period":{"start":"2021-03-04T10:00:00+02:00"}}"""),
            ("urn:oid:2.15", """
            {"resourceType":"Observation","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
             "status":"final","category":[{"coding":[{"code":"laboratory"}]}],
             "code":{"coding":[{"system":"http://loinc.org","code":"2339-0"},{"system":"http://x.example","code":"glu","display":"Sugar"}],"text":"Glucose"},
             "encounter":{"reference":"urn:oid:2.5"},"effectivePeriod":{"start":"2021-03-04"},"issued":"2021-03-05T00:00:00Z"}
            """)));

        var record = intake.Records[1];
        Assert.Equal(DataClass.Laboratory, record.Class);
        Assert.Equal([new("http://loinc.org", "2339-0", "Glucose"), new Code("http://x.example", "glu", "Sugar")], record.Codes);
        Assert.Equal(new DateTimeOffset(2021, 3, 4, 0, 0, 0, TimeSpan.Zero), record.Date);
        Assert.Equal(intake.Records[0].Id, record.Encounter);
        Assert.Equal(["R"], record.Labels);
        Assert.Equal("urn:oid:2.15", record.FullUrl);
        Assert.Equal(new DateTimeOffset(2021, 3, 4, 8, 0, 0, TimeSpan.Zero), intake.Records[0].Date);
    }

    [Theory]
    [InlineData("2020", "2020-01-01T00:00:00Z")]
    [InlineData("2020-06", "2020-06-01T00:00:00Z")]
    [InlineData("2020-06-07", "2020-06-07T00:00:00Z")]
    [InlineData("2020-06-07T01:02:03.123456789+02:00", "2020-06-06T23:02:03.1234568Z")]
    public void Date_ThatIsPartial_IsTheStartOfItsInterval(string fhir, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), DateReader.Parse(fhir));

    [Theory]
    [InlineData("""{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medicationReference":{"reference":"#m"},"contained":[{"resourceType":"Medication","id":"m","code":{"text":"Aspirin"}}]}""", "Aspirin")]
    [InlineData("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Walk"},"category":[{"text":"other"}],"subject":{"reference":"Patient/1"}}""", "Walk")]
    [InlineData("""{"resourceType":"CarePlan","status":"active","intent":"plan","description":"words","category":[{"text":"Diabetes care"}],"subject":{"reference":"Patient/1"}}""", "Diabetes care")]
    [InlineData("""{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"Flu"},"patient":{"reference":"Patient/1"},"occurrenceDateTime":"2020"}""", "Flu")]
    public void MainCode_IsFoundInEachType(string resource, string display) =>
        Assert.Equal(display, Assert.Single(Given.Accepted(resource).Records[0].Codes).Display);
}

using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

public class ReferenceTests
{
    private const string Anna = """{"resourceType":"Patient","id":"anna","identifier":[{"system":"http://h.example/mrn","value":"7"}]}""";

    private static string Weight(string subject) =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"weight"},"subject":{"reference":"{{{subject}}}"},"valueQuantity":{"value":71.00}}""";

    [Theory]
    [InlineData("urn:uuid:11111111-1111-4111-8111-111111111111")]                   // fullUrl
    [InlineData("Patient/anna")]                                                    // the only entry of that type and id
    [InlineData("Patient/anna/_history/3")]
    [InlineData("Patient?identifier=http://h.example/mrn|7")]
    [InlineData("Patient?identifier=http%3A%2F%2Fh.example%2Fmrn%7C7")]
    public void Reference_ToAnEntry_LeadsToItsRecord(string reference)
    {
        var intake = Given.Accepted(Given.Transaction(
            ("urn:uuid:11111111-1111-4111-8111-111111111111", Anna), ("urn:uuid:22222222-2222-4222-8222-222222222222", Weight(reference))));

        Assert.Equal($"Patient/{RecordId.From(Given.Command, 0)}", intake.Records[1].Json().Reference("subject"));
        Assert.Equal(intake.Records[0].Id.ToString(), intake.Records[0].Json().GetProperty("id").GetString());
        Assert.Equal(intake.Records[1].Id.ToString(), intake.Records[1].Json().GetProperty("id").GetString());
    }

    [Fact]
    public void Reference_OnTheBaseOfItsEntry_LeadsToTheResourceOfThatServer()
    {
        var intake = Given.Accepted(Given.Transaction(
            ("http://a.example/fhir/Patient/anna", Anna), ("http://b.example/fhir/Patient/anna", Anna),
            ("http://b.example/fhir/Observation/1", Weight("Patient/anna"))));

        Assert.Equal($"Patient/{intake.Records[1].Id}", intake.Records[2].Json().Reference("subject"));
    }

    [Theory]
    [InlineData("Patient/somebody-else")]
    [InlineData("urn:uuid:99999999-9999-4999-8999-999999999999")]
    [InlineData("https://other.example/fhir/Patient/anna")]
    [InlineData("Patient?name=anna")]
    [InlineData("#inside")]
    [InlineData("#")]
    public void Reference_ToNothingInTheBundle_StaysAsItCame(string reference)
    {
        var intake = Given.Accepted(Given.Transaction(("urn:oid:2.1", Anna), ("urn:oid:2.2", Weight(reference))));

        Assert.Equal(reference, intake.Records[1].Json().Reference("subject"));
    }

    [Fact]
    public void Reference_ThatTwoEntriesAnswerTo_StaysAsItCame()
    {
        var intake = Given.Accepted(Given.Transaction(("urn:oid:2.1", Anna), ("urn:oid:2.2", Anna), ("urn:oid:2.3", Weight("Patient/anna"))));

        Assert.Equal("Patient/anna", intake.Records[2].Json().Reference("subject"));
    }

    [Fact]
    public void Reference_InACircle_IsRewrittenOnBothSides()
    {
        var intake = Given.Accepted(Given.Transaction(
            ("urn:oid:2.1", """{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"partOf":{"reference":"urn:oid:2.2"}}"""),
            ("urn:oid:2.2", """{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"partOf":{"reference":"urn:oid:2.1"}}""")));

        Assert.Equal($"Encounter/{intake.Records[1].Id}", intake.Records[0].Json().Reference("partOf"));
        Assert.Equal($"Encounter/{intake.Records[0].Id}", intake.Records[1].Json().Reference("partOf"));
    }

    [Fact]
    public void Uris_ThatNameAnEntry_AreRewritten_ButBusinessIdentifiersAreNot()
    {
        var intake = Given.Accepted(Given.Transaction(
            ("urn:oid:2.1", """{"resourceType":"Binary","contentType":"text/plain","data":"aGVsbG8="}"""),
            ("urn:oid:2.2", """
            {"resourceType":"DocumentReference","status":"current","masterIdentifier":{"system":"urn:ietf:rfc:3986","value":"urn:oid:2.1"},
             "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:oid:2.1\">urn:oid:2.1</a></div>"},
             "content":[{"attachment":{"url":"urn:oid:2.1"}}]}
            """)));

        var binary = $"Binary/{intake.Records[0].Id}";
        var document = intake.Records[1].Json();
        Assert.Equal("urn:oid:2.1", document.GetProperty("masterIdentifier").GetProperty("value").GetString());
        Assert.Equal(binary, document.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString());
        Assert.Contains($"<a href=\"{binary}\">urn:oid:2.1</a>", document.GetProperty("text").GetProperty("div").GetString());
    }

    [Fact]
    public void Content_KeepsTheDigitsOfDecimals()
    {
        var intake = Given.Accepted(Weight("Patient/anna"));

        Assert.Equal("71.00", intake.Records[0].Json().GetProperty("valueQuantity").GetProperty("value").GetRawText());
    }
}

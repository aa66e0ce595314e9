using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

public class ProviderTests
{
    private const string Npi = "http://hl7.org/fhir/sid/us-npi";

    private const string DrLee = """
        {"resourceType":"Practitioner","identifier":[{"system":"http://h.example/staff","value":"s1"},{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],
         "name":[{"family":"Lee","given":["Ann","May"],"prefix":["Dr."]}]}
        """;

    private static string Lab(string performer) =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"performer":[{"reference":"{{{performer}}}"}]}""";

    [Fact]
    public void Practitioner_IsAProviderEntryAndARecordWithTheSameId()
    {
        var intake = Given.Accepted(Given.Transaction(("urn:oid:2.1", DrLee), ("urn:oid:2.2", Lab("urn:oid:2.1"))));

        var id = ProviderId.FromIdentifier(Npi, "1234567893");
        Assert.Equal(new ProviderDraft(id, ProviderKind.Practitioner, "Dr. Ann May Lee", Npi, "1234567893"), Assert.Single(intake.Providers));
        Assert.Equal(id.Value, intake.Records[0].Id.Value);
        Assert.Equal(DataClass.Other, intake.Records[0].Class);
        Assert.Equal([id], intake.Records[1].Authors);
        Assert.Equal($"Practitioner/{id}", intake.Records[1].Json().GetProperty("performer")[0].GetProperty("reference").GetString());
    }

    [Fact]
    public void Practitioner_TwiceInOneBundle_IsOneProviderAndTwoRecords()
    {
        var intake = Given.Accepted(Given.Transaction(("urn:oid:2.1", DrLee), ("urn:oid:2.2", DrLee), ("urn:oid:2.3", Lab("urn:oid:2.2")),
            ("urn:oid:2.4", Lab($"Practitioner?identifier={Npi}|1234567893"))));

        Assert.Single(intake.Providers);
        Assert.Equal([intake.Providers[0].Id], intake.Records[3].Authors);
        Assert.Equal(4, intake.Records.Select(record => record.Id).Distinct().Count());
        Assert.Equal([intake.Providers[0].Id], intake.Records[2].Authors);
    }

    [Fact]
    public void ConditionalReference_NamesAProviderThatIsNotInTheBundle()
    {
        var intake = Given.Accepted(Lab($"Practitioner?identifier={Npi}|42"));

        var id = ProviderId.FromIdentifier(Npi, "42");
        Assert.Equal([id], intake.Records[0].Authors);
        Assert.Equal(id, Assert.Single(intake.Providers).Id);
        Assert.Equal($"Practitioner/{id}", intake.Records[0].Json().GetProperty("performer")[0].GetProperty("reference").GetString());
    }

    [Fact]
    public void Organization_WithoutIdentifier_IsKnownByItsFullUrl()
    {
        var intake = Given.Accepted(Given.Transaction(("http://h.example/Organization/1", """{"resourceType":"Organization","name":"Clinic"}""")));

        var expected = ProviderId.FromIdentifier("urn:ietf:rfc:3986", "http://h.example/Organization/1");
        Assert.Equal((expected, "Clinic", ProviderKind.Organization),
            (intake.Providers[0].Id, intake.Providers[0].Name, intake.Providers[0].Kind));
    }

    [Fact]
    public void PractitionerRole_AsPerformer_NamesItsHolders()
    {
        var intake = Given.Accepted(Given.Transaction(
            ("urn:oid:2.1", DrLee), ("urn:oid:2.15", """{"resourceType":"Organization","name":"Clinic"}"""),
            ("urn:oid:2.18", """{"resourceType":"PractitionerRole","practitioner":{"reference":"urn:oid:2.1"},"organization":{"reference":"urn:oid:2.15"}}"""),
            ("urn:oid:2.2", Lab("urn:oid:2.18"))));

        Assert.Equal(intake.Providers.Select(provider => provider.Id), intake.Records[3].Authors);
    }

    [Fact]
    public void PractitionerAndOrganization_WithOneIdentifier_AreRefused()
    {
        var organization = DrLee.Replace("Practitioner", "Organization").Replace("""[{"family":"Lee","given":["Ann","May"],"prefix":["Dr."]}]""", "\"Lee\"");

        Assert.Equal("Bundle.entry[1].resource.identifier", Given.Refused(Given.Transaction(("urn:oid:2.1", DrLee), ("urn:oid:2.2", organization))).Place);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Consents as FHIR resources, in and out.</summary>
public sealed class ConsentResourceTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "6"), Trait("Feature", "11")]
    public async Task FhirConsent_OfNormalData_AndOfPsychiatryForMyPsychiatrist_IsDecidedByAndComesBack()
    {
        var (ana, drFreud, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync("Dr Freud"), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var depression = await ana.AddsAsync(Clinic.Finding("http://snomed.info/sct", "35489007", "Depressive disorder"));
        var consent = Consent(ana.Id, drFreud.Id);

        var unwarned = await GivesAsync(ana, ana, consent, impactAcknowledged: false);
        Assert.Equal("IMPACT_NOT_ACKNOWLEDGED", unwarned.Refusal);
        var given = (await GivesAsync(ana, ana, consent)).Done().Payload.GetProperty("consent");

        Assert.Equal([lab], await drLee.SeesAsync(ana, PurposeOfUse.TREAT));
        Assert.Equal(2, (await drFreud.SeesAsync(ana, PurposeOfUse.TREAT)).Count);
        Assert.NotNull(await drFreud.ReadsAsync(ana, depression, purpose: PurposeOfUse.TREAT));
        Assert.Empty(await drFreud.SeesAsync(ana, PurposeOfUse.HRESCH));
        await hrms.ForgetAsync();
        var listed = (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { consents { id resource } } }", new { id = ana.Id })).Patient.GetProperty("consents")[0];
        Assert.Equal(given.GetProperty("id").GetGuid(), listed.GetProperty("resource").GetProperty("id").GetGuid());
        foreach (var part in consent.EnumerateObject())
            Assert.True(JsonElement.DeepEquals(part.Value, listed.GetProperty("resource").GetProperty(part.Name)), part.Name);
    }

    /// <summary>As the example of IHE PCF for a purpose: given, asked, explained, kept and shown by the code of the researchers' own.</summary>
    [Fact, Trait("Feature", "3"), Trait("Feature", "37")]
    public async Task FhirConsent_ForAPurposeOfAnotherCodeSystem_IsForItsResearchers_AndComesBack()
    {
        var (ana, registry, drLee, drKim) = (await hrms.PatientAsync(), await hrms.OrganizationAsync("Registry"), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Dr Kim"));
        await registry.HasMemberAsync(drLee);
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var fooBar = PurposeOfUse.Find("http://example.org/policies/purposeOfUse", "FooBar")!;
        var consent = JsonNode.Parse(Consent(ana.Id, Guid.Empty).GetRawText())!.AsObject();
        consent["provision"] = new JsonObject
        {
            ["type"] = "permit",
            ["actor"] = JsonNode.Parse($$$"""[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Organization/{{{registry.Id}}}"}}]"""),
            ["purpose"] = new JsonArray(new JsonObject { ["system"] = fooBar.System, ["code"] = fooBar.Code }),
        };

        (await GivesAsync(ana, ana, JsonSerializer.SerializeToElement(consent))).Done();
        await hrms.ForgetAsync();

        Assert.Equal([lab], await drLee.SeesAsync(ana, fooBar));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.HRESCH));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.TREAT));
        Assert.Empty(await drKim.SeesAsync(ana, fooBar));
        Assert.Contains(await ana.HistoryAsync(), line => line.Actor == drLee.Id && line.Purpose == fooBar.ToString());
        var shown = (await ana.AsksAsync(
            "query($id: ID!, $lab: ID!, $who: ID!) { patient(id: $id) { consents { resource rule { purposes } } whoCanSee(record: $lab) { purposes explanation { permitted } } explain(input: { record: $lab, purpose: \"http://example.org/policies/purposeOfUse|FooBar\", who: { organization: $who } }) { permitted } } }",
            new { id = ana.Id, lab, who = registry.Id })).Patient;
        Assert.True(JsonNode.DeepEquals(consent["provision"], JsonNode.Parse(shown.GetProperty("consents")[0].GetProperty("resource").GetProperty("provision").GetRawText())));
        Assert.Equal([fooBar.ToString()], shown.GetProperty("consents")[0].GetProperty("rule").GetProperty("purposes").EnumerateArray().Select(purpose => purpose.GetString()!));
        Assert.True(shown.GetProperty("explain").GetProperty("permitted").GetBoolean());
        var seeing = Assert.Single(shown.GetProperty("whoCanSee").EnumerateArray(), viewer => viewer.GetProperty("explanation").GetProperty("permitted").GetBoolean());
        Assert.Equal([fooBar.ToString()], seeing.GetProperty("purposes").EnumerateArray().Select(purpose => purpose.GetString()!));
    }

    /// <summary>An app may write HL7's codes like the values of an enum; what can't be a purpose is an error and changes nothing.</summary>
    [Fact, Trait("Feature", "3")]
    public async Task Purposes_AreWrittenAsCodesOrAsText()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var good = await ana.AsksAsync(Grant("[TREAT, \"HRESCH\", \"urn:own|x y\"]"));
        Assert.Equal(
            ["TREAT", "HRESCH", "urn:own|x y"],
            good.Data.GetProperty("grantConsent").GetProperty("consent").GetProperty("rule").GetProperty("purposes").EnumerateArray().Select(purpose => purpose.GetString()!));
        foreach (var bad in new[] { "[TREET]", "[\"x\"]", "[\"\"]", "[7]", "[null]", "[{ code: \"TREAT\" }]", "[true]", "[\"http://terminology.hl7.org/CodeSystem/v3-ActReason|X\"]" })
            Assert.NotNull((await ana.AsksAsync(Grant(bad))).Error);
        foreach (var bad in new object[] { "TREET", "", 7, true, new { code = "TREAT" } })
            Assert.NotNull((await ana.AsksAsync("query($id: ID!, $purpose: PurposeOfUse) { patient(id: $id, purpose: $purpose) { id } }", new { id = ana.Id, purpose = bad })).Error);
        Assert.Single((await ana.AsksAsync("query($id: ID!) { patient(id: $id) { consents { id } } }", new { id = ana.Id })).Patient.GetProperty("consents").EnumerateArray());

        string Grant(string purposes) => $"mutation {{ grantConsent(input: {{ commandId: \"{Guid.NewGuid()}\", patient: \"{ana.Id}\", grantee: {{ practitioner: \"{drLee.Id}\" }}, "
            + $"purposes: {purposes} }}) {{ consent {{ rule {{ purposes }} }} errors {{ code }} }} }}";
    }

    [Fact]
    public async Task ConsentGivenInFields_IsShownAsAFhirConsent_AndTakenByAnotherPatient()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.TREAT] });

        var resource = (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { consents { resource } } }", new { id = ana.Id })).Patient.GetProperty("consents")[0].GetProperty("resource");

        Assert.Equal($"Patient/{ana.Id}", resource.GetProperty("patient").GetProperty("reference").GetString());
        Assert.Equal("permit", resource.GetProperty("provision").GetProperty("type").GetString());
        Assert.Equal("Consent.patient", (await GivesAsync(drLee, await hrms.PatientAsync(), resource)).Place);
    }

    [Fact, Trait("Feature", "25")]
    public async Task FhirConsent_ByAStranger_IsRefusedAsOfNoPatient()
    {
        var (ana, ghost, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());

        var (hidden, absent) = (await GivesAsync(drNo, ana, Consent(ana.Id, drNo.Id)), await GivesAsync(drNo, ghost, Consent(ghost.Id, drNo.Id)));

        Assert.Equal("NOT_FOUND", hidden.Refusal);
        Assert.Equal(absent.Payload.ToString(), hidden.Payload.ToString());
    }

    private static Task<Reply> GivesAsync(Party party, Patient patient, JsonElement consent, bool impactAcknowledged = true) => party.SendsAsync(
        "grantConsentResource", new { commandId = Guid.NewGuid(), patient = patient.Id, consent, impactAcknowledged }, "consent { id }");

    internal static JsonElement Consent(Guid patient, Guid psychiatrist)
    {
        object Coding(string system, string code) => new { system = $"http://terminology.hl7.org/CodeSystem/{system}", code };
        return JsonSerializer.SerializeToElement(new
        {
            resourceType = "Consent",
            status = "active",
            scope = new { coding = new[] { Coding("consentscope", "patient-privacy") } },
            category = new[] { new { coding = new[] { new { system = "http://loinc.org", code = "59284-0" } } } },
            patient = new { reference = $"Patient/{patient}" },
            dateTime = "2026-06-13",
            policy = new[] { new { uri = "http://example.org/policies/base" } },
            provision = new
            {
                type = "permit",
                purpose = new[] { Coding("v3-ActReason", "TREAT") },
                securityLabel = new[] { Coding("v3-Confidentiality", "N") },
                provision = new[]
                {
                    new
                    {
                        type = "permit",
                        securityLabel = new[] { Coding("v3-ActCode", "PSY") },
                        actor = new[] { new { role = new { coding = new[] { Coding("v3-ParticipationType", "IRCP") } }, reference = new { reference = $"Practitioner/{psychiatrist}" } } },
                    },
                },
            },
        });
    }
}

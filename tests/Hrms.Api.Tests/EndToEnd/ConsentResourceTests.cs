using System.Text.Json;
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

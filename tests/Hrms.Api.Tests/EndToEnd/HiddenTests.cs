using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Paired worlds: what is hidden answers with the same bytes as what never existed.</summary>
public sealed class HiddenTests(HrmsFixture hrms)
{
    // Everything a stranger can ask about one record and its patient.
    private const string Questions = """
        query($patient: ID!, $record: ID!, $reference: String!) { patient(id: $patient) {
          records(first: 10) { totalCount edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } }
          labs: records(first: 10, where: { classes: [LABORATORY], code: "4548-4" }) { totalCount nodes { id content } pageInfo { hasNextPage endCursor } }
          record(id: $record) { id content } old: record(id: $record, version: 1) { id } recordVersions(id: $record) { id } reference(reference: $reference) { id }
          labelled: records(first: 10, where: { label: "HIV" }) { totalCount nodes { id } } labelHistory(record: $record) { label }
          policy { optedOut } delegations { id } brokenGlasses { id } notices { at }
          consents { id resource } consentArtefact(consent: $record) consentRequests { id } whoCanSee(record: $record) { purposes } consentFindings { kind } consentTemplates { code }
          explain(input: { who: { anyone: true }, purpose: TREAT, record: $record }) { permitted } previewConsent(input: { consent: $record }) { allAccesses }
          devices { id } overview { recordCount } accessHistory { nodes { at } } historyCheck { eventsChecked }
          anchor(streamVersion: 2) { batch } proof(streamVersion: 2)
          samples(kind: HEART_RATE, from: "2025-01-01T00:00:00Z", until: "2025-01-02T00:00:00Z") { points { mean } hasNextPage }
        } }
        """;

    private static Task<Answer> AsksAllAsync(Party asker, Guid patient, Guid record) =>
        asker.AsksAsync(Questions, new { patient, record, reference = $"Observation/{record}" });

    [Fact, Trait("Feature", "25")]
    public async Task APatientsId_GivenForAProvidersOrAnother_TellsNotThatItIsOne()
    {
        var (ana, drNo, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        await ana.AddsAsync(Clinic.LabResult());
        foreach (var id in new[] { ana.Id, Guid.NewGuid() })
        {
            var answer = await drNo.AsksAsync("query($id: ID!) { provider(id: $id) { name } }", new { id });
            Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.Data.GetProperty("provider").ValueKind);
            Assert.Null((await hospital.SendsAsync("changeMembership", new { organization = hospital.Id, practitioner = id, member = true }, "provider { id }")).Refusal);
            Assert.Equal("NOT_FOUND", (await hospital.SendsAsync("changeMembership", new { organization = id, practitioner = drNo.Id, member = true }, "provider { id }")).Refusal);
        }
    }

    [Fact, Trait("Feature", "25")]
    public async Task PatientWhoSharesNothing_LooksLikeNoPatient()
    {
        var (ana, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var hidden = await AsksAllAsync(drNo, ana.Id, lab);
        var absent = await AsksAllAsync(drNo, Guid.NewGuid(), lab);

        Assert.Equal(absent.Status, hidden.Status);
        Assert.Equal(absent.Bytes, hidden.Bytes);
        Assert.Equal(0, hidden.Patient.GetProperty("records").GetProperty("totalCount").GetInt32());
    }

    [Fact, Trait("Feature", "25"), Trait("Feature", "62")]
    public async Task ErasedPatient_LooksLikeNoPatient_EvenToWhoHadAccess()
    {
        var (ana, ghost, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        await ana.ErasesAsync();

        for (var time = 0; time < 2; time++)
        {
            var erased = await AsksAllAsync(drLee, ana.Id, lab);
            var absent = await AsksAllAsync(drLee, ghost.Id, lab);
            Assert.Equal(absent.Status, erased.Status);
            Assert.Equal(absent.Bytes, erased.Bytes);
            foreach (var command in new Func<Patient, Task<Reply>>[]
                { patient => drLee.AddsToAsync(patient, Clinic.LabResult()), patient => drLee.AmendsAsync(patient, lab, 1, Clinic.LabResult()), patient => drLee.TriesToEraseAsync(patient) })
                Assert.Equal((await command(ghost)).Payload.ToString(), (await command(ana)).Payload.ToString());
            // Then the same of an activation that has only the tombstone.
            await hrms.ForgetAsync();
        }
    }

    [Fact, Trait("Feature", "25")]
    public async Task HiddenRecord_OfASharingPatient_LooksLikeNoRecord()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var hidden = await ana.AddsAsync(Clinic.LabResult());
        await ana.BlocksAsync(hidden);
        await ana.GrantsAsync(drLee, new Terms());
        await ben.GrantsAsync(drLee, new Terms());

        var world = await AsksAllAsync(drLee, ana.Id, hidden);
        var twin = await AsksAllAsync(drLee, ben.Id, hidden);

        Assert.Equal(twin.Status, world.Status);
        Assert.Equal(twin.Bytes, world.Bytes);
    }

    [Fact, Trait("Feature", "25")]
    public async Task Amending_AHiddenRecord_IsRefusedAsOfNoRecord()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var hidden = await ana.AddsAsync(Clinic.LabResult());
        await ana.BlocksAsync(hidden);
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var replies = await Task.WhenAll(drLee.AmendsAsync(ana, hidden, 1, Clinic.LabResult()), drLee.AmendsAsync(ana, Guid.NewGuid(), 1, Clinic.LabResult()));

        Assert.Equal(replies[1].Payload.ToString(), replies[0].Payload.ToString());
    }

    [Fact, Trait("Feature", "25")]
    public async Task Commands_OnAPatientWhoSharesNothing_AreRefusedAsOnNoPatient()
    {
        var (ana, ghost, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var given = await ana.GrantsAsync(await hrms.PractitionerAsync(), new Terms());
        var request = await drNo.RequestsAsync(ana, new Terms());
        var stranger = await hrms.PatientAsync();
        var delegation = await ana.AppointsAsync(stranger, DelegateLevel.View);
        var glass = await (await hrms.PractitionerAsync()).BreaksGlassAsync(ana);
        Func<Patient, Task<Reply>>[] commands =
        [
            patient => drNo.AddsToAsync(patient, Clinic.LabResult()),
            patient => drNo.ImportsToAsync(patient, Clinic.Bundle(Clinic.LabResult())),
            patient => drNo.AmendsAsync(patient, lab, 1, Clinic.LabResult()),
            patient => drNo.AmendsAsync(patient, lab, 7, Clinic.LabResult()),
            patient => drNo.AmendsAsync(patient, lab, 1, Clinic.Prescription()),
            patient => drNo.SendsAsync("grantConsent", new Terms().To(drNo, patient.Id, Guid.NewGuid()), "consent { id }"),
            patient => drNo.SendsAsync("grantConsent", new Terms { Purposes = [], ValidUntil = DateTimeOffset.UnixEpoch }.To(drNo, patient.Id, Guid.NewGuid()), "consent { id }"),
            patient => drNo.SendsAsync("grantConsentResource", new { commandId = Guid.NewGuid(), patient = patient.Id, consent = ConsentResourceTests.Consent(patient.Id, drNo.Id) }, "consent { id }"),
            patient => drNo.SendsAsync("revokeConsent", new { commandId = Guid.NewGuid(), patient = patient.Id, consent = given.Id }, "consent { id }"),
            patient => drNo.SendsAsync("blockRecord", new { commandId = Guid.NewGuid(), patient = patient.Id, record = lab }, "consent { id }"),
            patient => drNo.SendsAsync("addLabel", new { commandId = Guid.NewGuid(), patient = patient.Id, record = lab, label = "PSY" }, "record { id }"),
            patient => drNo.SendsAsync("addLabel", new { commandId = Guid.NewGuid(), patient = patient.Id, record = lab, label = "" }, "record { id }"),
            patient => drNo.SendsAsync("lowerLabel", new { commandId = Guid.NewGuid(), patient = patient.Id, record = lab, label = "PSY", why = "" }, "record { id }"),
            patient => drNo.SendsAsync("grantFromTemplate", new { commandId = Guid.NewGuid(), patient = patient.Id, template = "my-gp", grantee = new { practitioner = drNo.Id } }, "consent { id }"),
            patient => drNo.SendsAsync("saveConsentTemplate", new { commandId = Guid.NewGuid(), patient = patient.Id, consent = given.Id, name = "Mine" }, "template { code }"),
            patient => drNo.ApprovesAsync(patient.Id, request),
            patient => drNo.RefusesAsync(patient.Id, request),
            patient => drNo.SendsAsync("registerDevice", new { commandId = Guid.NewGuid(), patient = patient.Id, name = "Watch" }, "device { id }"),
            patient => drNo.TriesToChooseAsync(patient, DefaultPolicy.Permit),
            patient => drNo.TriesToOptOutAsync(patient),
            patient => drNo.TriesToAppointAsync(patient, stranger, DelegateLevel.Full),
            patient => drNo.TriesToEndAsync(patient, delegation),
            patient => drNo.FindsAsync(patient, glass),
            patient => drNo.ClosesReviewAsync(patient, glass),
            patient => drNo.TriesToEraseAsync(patient),
        ];

        foreach (var command in commands)
        {
            var (hidden, absent) = (await command(ana), await command(ghost));
            Assert.Equal("NOT_FOUND", hidden.Refusal);
            Assert.Equal(absent.Payload.ToString(), hidden.Payload.ToString());
        }
    }
}

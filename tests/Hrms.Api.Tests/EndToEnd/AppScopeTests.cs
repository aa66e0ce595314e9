using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An app sees and does what it was allowed, of what the person behind it may see and do. What is left out looks as if it were not there.</summary>
[Trait("Feature", "70"), Collection(nameof(TimeTravel))]
public sealed class AppScopeTests(HrmsFixture hrms)
{
    [Fact]
    public async Task AppWithObservationRs_CannotReadAPrescription()
    {
        var ana = await hrms.PatientAsync();
        var (lab, pills) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription()));
        var app = await hrms.AppOfAsync(ana, "patient/Observation.rs");

        Assert.Equal([lab], await app.SeesAsync(ana));
        Assert.Equal(1, (await app.ListsAsync(ana)).GetProperty("totalCount").GetInt32());
        Assert.NotNull(await app.ReadsAsync(ana, lab));
        Assert.Null(await app.ReadsAsync(ana, pills));
        var refused = (await ana.HistoryAsync())[1];
        Assert.Equal((false, "OUT_OF_SCOPE", "diary", "patient/Observation.rs"), (refused.Permitted, refused.Reason, refused.App, refused.Scope));
    }

    [Fact, Trait("Feature", "66")]
    public async Task WhatTheScopeLeavesOut_AnswersAsIfItWereNotThere_ToTheByte()
    {
        var ana = await hrms.PatientAsync();
        await ana.AddsAsync(Clinic.LabResult());
        var app = await hrms.AppOfAsync(ana, "patient/Observation.rs");
        var world = Guid.NewGuid();
        var without = await AllAsync(app, ana, world);
        await ana.AddsAsync(Clinic.LabResult("2024-01-01T00:00:00Z"));
        var pills = await ana.AddsAsync(Clinic.Prescription("2024-06-01T00:00:00Z"));

        var (hidden, absent) = (await AllAsync(app, ana, pills), await AllAsync(app, ana, world));
        Assert.Equal(absent.Bytes, hidden.Bytes);
        Assert.NotEqual(without.Bytes, absent.Bytes);
        Assert.DoesNotContain("MedicationRequest", absent.Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Categories_NarrowFurther_AndWhatHasNoneIsLeftOut()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.AddsAsync(Clinic.Diagnosis());
        const string System = "http://terminology.hl7.org/CodeSystem/observation-category";

        Assert.Equal([lab], await (await hrms.AppOfAsync(ana, $"patient/Observation.rs?category={System}|laboratory")).SeesAsync(ana));
        Assert.Equal([lab], await (await hrms.AppOfAsync(ana, "patient/Observation.rs?category=laboratory patient/Condition.rs?category=problem-list-item")).SeesAsync(ana));
        Assert.Empty(await (await hrms.AppOfAsync(ana, $"patient/Observation.rs?category={System}|vital-signs")).SeesAsync(ana));
    }

    [Fact]
    public async Task ReadingOne_AndFindingMany_AreTwoThings()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var (reader, searcher) = (await hrms.AppOfAsync(ana, "patient/*.r"), await hrms.AppOfAsync(ana, "patient/*.s"));

        Assert.NotNull(await reader.ReadsAsync(ana, lab));
        Assert.Empty(await reader.SeesAsync(ana));
        Assert.Null(await searcher.ReadsAsync(ana, lab));
        Assert.Equal([lab], await searcher.SeesAsync(ana));
    }

    [Fact]
    public async Task Writing_NeedsItsOwnLetters_OfEachThingThatIsWritten()
    {
        var ana = await hrms.PatientAsync();
        var pills = await ana.AddsAsync(Clinic.Prescription());
        var (reader, writer) = (await hrms.AppOfAsync(ana, "patient/*.rs"), await hrms.AppOfAsync(ana, "patient/Observation.c"));

        Assert.Equal("NOT_FOUND", (await reader.AddsToAsync(ana, Clinic.LabResult())).Refusal);
        Assert.Equal("NOT_FOUND", (await writer.AddsToAsync(ana, Clinic.Prescription())).Refusal);
        Assert.Equal("NOT_FOUND", (await writer.ImportsToAsync(ana, Clinic.Bundle(Clinic.LabResult(), Clinic.Prescription()))).Refusal);
        var added = (await writer.AddsToAsync(ana, Clinic.LabResult())).Done().Payload.GetProperty("records")[0];
        Assert.Equal(JsonValueKind.Null, added.GetProperty("streamVersion").ValueKind);
        Assert.Null(await writer.ReadsAsync(ana, added.GetProperty("id").GetGuid()));

        Assert.Equal("NOT_FOUND", (await writer.AmendsAsync(ana, added.GetProperty("id").GetGuid(), 1, Clinic.LabResult(percent: 6))).Refusal);
        var changer = await hrms.AppOfAsync(ana, "patient/Observation.u");
        Assert.Equal("NOT_FOUND", (await changer.AmendsAsync(ana, pills, 1, Clinic.Prescription())).Refusal);
        (await changer.AmendsAsync(ana, added.GetProperty("id").GetGuid(), 1, Clinic.LabResult(percent: 6))).Done();
    }

    [Fact]
    public async Task AnAmendment_CannotCarryARecordOutOfTheScope()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var changer = await hrms.AppOfAsync(ana, "patient/Observation.u?category=laboratory");
        var moved = JsonElement.Parse(Clinic.LabResult().GetRawText().Replace("laboratory", "vital-signs", StringComparison.Ordinal));
        Assert.Equal("NOT_FOUND", (await changer.AmendsAsync(ana, lab, 1, moved)).Refusal);
        (await changer.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6))).Done();
    }

    [Fact]
    public async Task APractitionersApp_SeesWhatBothThePatientAndTheScopeAllow()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (lab, pills) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription()));
        await ana.GrantsAsync(drLee, DataClass.Medications);
        var app = await hrms.AppOfAsync(drLee, "user/Observation.rs");

        Assert.Equal([pills], await drLee.SeesAsync(ana));
        Assert.Empty(await app.SeesAsync(ana));
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        Assert.Equal([lab], await app.SeesAsync(ana));
        Assert.Empty(await (await hrms.AppOfAsync(drLee, "patient/*.rs")).SeesAsync(ana));
    }

    [Fact]
    public async Task ScopesOfOnePatient_AreNothingAtAnother()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        await ben.AddsAsync(Clinic.LabResult());
        await ben.AppointsAsync(ana, DelegateLevel.Full);

        Assert.Empty(await (await hrms.AppOfAsync(ana, "patient/*.rs")).SeesAsync(ben));
        Assert.Single(await (await hrms.AppOfAsync(ana, "patient/*.rs", onBehalfOf: ben.Id)).SeesAsync(ben));
        Assert.Single(await (await hrms.AppOfAsync(ana, "user/Observation.rs", onBehalfOf: ben.Id)).SeesAsync(ben));
        Assert.Empty(await (await hrms.AppOfAsync(ana, "user/Condition.rs", onBehalfOf: ben.Id)).SeesAsync(ben));
    }

    [Theory]
    [InlineData("")]
    [InlineData("openid offline_access launch/patient fhirUser")]
    [InlineData("patient/Observation.read patient/*.* everything")]
    [InlineData("system/Observation.rx")]
    public async Task TokenWithoutAScopeOfRecords_ReadsNothing(string scope)
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var app = await hrms.AppOfAsync(ana, scope);

        Assert.Empty(await app.SeesAsync(ana));
        Assert.Null(await app.ReadsAsync(ana, lab));
        Assert.Equal("NOT_FOUND", (await app.AddsToAsync(ana, Clinic.LabResult())).Refusal);
    }

    [Fact]
    public async Task WhatIsNoRecord_IsOutOfReach_HoweverWideTheScope()
    {
        var ana = await hrms.PatientAsync();
        await ana.AddsAsync(Clinic.LabResult());
        var app = await hrms.AppOfAsync(ana, "patient/*.cruds user/*.cruds system/*.cruds");

        var asked = await app.AsksAsync(
            """
            query($id: ID!) { patient(id: $id) { overview { recordCount } consents { id } accessHistory { nodes { at } } devices { id } delegations { id } policy { optedOut }
              notices { at } brokenGlasses { id } holdings { since } consentTemplates { code } historyCheck { eventsChecked } proof(streamVersion: 1) } }
            """, new { id = ana.Id });
        Assert.All(asked.Patient.EnumerateObject(), field => Assert.Equal(JsonValueKind.Null, field.Value.ValueKind));
        var (granting, erasing) = (
            await app.AsksAsync("mutation($id: ID!) { revokeConsent(input: { commandId: $id, patient: $id, consent: $id }) { errors { code } } }", new { id = ana.Id }),
            await app.AsksAsync("mutation($id: ID!) { eraseRecord(input: { commandId: $id, patient: $id, impactAcknowledged: true }) { errors { code } } }", new { id = ana.Id }));
        Assert.Equal(("INSUFFICIENT_SCOPE", "INSUFFICIENT_SCOPE"), (granting.Error, erasing.Error));
        Assert.Single(await ana.SeesAsync(ana));
    }

    [Fact]
    public async Task Subscription_IsSentWhatTheScopeReaches()
    {
        var ana = await hrms.PatientAsync();
        var app = await hrms.AppOfAsync(ana, "patient/Observation.rs");
        await using var live = await LiveStream.OpenAsync(hrms.Http, app, "subscription($id: ID!) { recordAdded(patient: $id) { id streamVersion } }", new { id = ana.Id });
        await ana.AddsAsync(Clinic.Prescription());
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var sent = (await live.NextAsync()).GetProperty("recordAdded");
        Assert.Equal((lab, JsonValueKind.Null), (sent.GetProperty("id").GetGuid(), sent.GetProperty("streamVersion").ValueKind));
    }

    [Fact]
    public async Task ADevicesSamples_AreFoundOnlyWithAScopeToFind()
    {
        var ana = await hrms.PatientAsync();
        const string Beat = """{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""";
        Assert.Equal(200, (await (await ana.EnrolsDeviceAsync()).UploadsAsync(Beat, "batch-1")).Status);

        const string Samples = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-01T03:00:00Z\") { points { mean } } } }";
        foreach (var (scope, found) in new[] { ("patient/Observation.s", 1), ("patient/Observation.s?category=vital-signs", 0), ("patient/Observation.r", 0), ("patient/Condition.rs", 0) })
        {
            var points = (await (await hrms.AppOfAsync(ana, scope)).AsksAsync(Samples, new { id = ana.Id })).Patient.GetProperty("samples").GetProperty("points");
            Assert.Equal(found, points.GetArrayLength());
        }
    }

    [Fact]
    public async Task AnOperatorsApp_HasNoneOfTheOperatorsPowers()
    {
        var host = await hrms.HostAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, "metrics"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await hrms.TokenAsync(isOperator: true, scope: "user/*.cruds"));
        using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<Answer> AllAsync(Party app, Patient patient, Guid record) => app.AsksAsync(
        """
        query($patient: ID!, $record: ID!, $reference: String!) { patient(id: $patient) {
          records(first: 1) { totalCount edges { cursor } nodes { id resourceType } pageInfo { hasNextPage endCursor } }
          medicines: records(where: { classes: [MEDICATIONS] }) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
          record(id: $record) { id content } recordVersions(id: $record) { id } reference(reference: $reference) { id } whoCanSee(record: $record) { purposes }
        } }
        """, new { patient = patient.Id, record, reference = $"MedicationRequest/{record}" });
}

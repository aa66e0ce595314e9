using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>A record to take away: what is in it, and how it is asked for.</summary>
public sealed class ExportTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "59"), Trait("Feature", "53")]
    public async Task ADoctor_TakesAwayWhatTheConsentIsAbout_WithLabelsAndOrigin_AndNothingOfThePatientsOwn()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (lab, _) = (await ana.AddsAsync(Clinic.LabResult(label: "PSY")), await ana.AddsAsync(Clinic.Prescription()));
        await ana.LabelsAsync(lab, "R");
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var page = await drLee.AsksForExportAsync(ana);

        Assert.Equal((200, "application/fhir+json; charset=utf-8", (string?)null), (page.Status, page.Type, page.Next));
        Assert.Equal(["Observation", "Provenance"], page.Resources.Select(Exports.TypeOf));
        Assert.Equal(["match", "include"], page.Entries.Select(entry => entry.GetProperty("search").GetProperty("mode").GetString()));
        Assert.Equal([lab], page.Records);
        Assert.EndsWith($"/fhir/Observation/{lab}", page.Entries[0].GetProperty("fullUrl").GetString());
        var meta = page.Resources[0].GetProperty("meta");
        Assert.Equal("1", meta.GetProperty("versionId").GetString());
        Assert.Equal(
            [("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY"), ("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R")],
            meta.GetProperty("security").EnumerateArray().Select(label => (label.GetProperty("system").GetString()!, label.GetProperty("code").GetString()!)));
        var origin = page.Resources[1];
        Assert.Equal($"Observation/{lab}/_history/1", origin.GetProperty("target")[0].GetProperty("reference").GetString());
        Assert.Equal($"Patient/{ana.Id}", origin.GetProperty("agent")[0].GetProperty("who").GetProperty("reference").GetString());
        Assert.Equal("PATIENT", origin.GetProperty("agent")[0].GetProperty("role")[0].GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Fact, Trait("Feature", "59")]
    public async Task WhatLeaves_IsWhatASingleReadShows_ButForMeta()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult(percent: 6.10, label: "HIV"));
        (await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6.2))).Done();
        await ana.GrantsAsync(drLee, new Terms());

        var exported = (await drLee.ExportsAsync(ana))[0];

        var read = (await drLee.ReadsAsync(ana, lab))!.Value.GetProperty("content");
        Assert.Equal(Without(read, "meta"), Without(exported, "meta"));
        Assert.Equal("2", exported.GetProperty("meta").GetProperty("versionId").GetString());
        // The version before came with it: the label holds for all.
        Assert.Equal("HIV", exported.GetProperty("meta").GetProperty("security")[0].GetProperty("code").GetString());
    }

    [Fact, Trait("Feature", "6")]
    public async Task ALabelThatWasLowered_DoesNotLeave_ThoughTheResourceCameWithIt()
    {
        var (ana, hospital, officer) = (await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync());
        await hospital.HasOfficerAsync(officer);
        var lab = await ana.AddsAsync(Clinic.LabResult(label: "PSY"));
        await ana.GrantsAsync(officer, new Terms());
        (await officer.LowersLabelAsync(ana, lab, "PSY")).Done();

        Assert.False((await officer.ExportsAsync(ana))[0].GetProperty("meta").TryGetProperty("security", out _));
    }

    [Fact, Trait("Feature", "3")]
    public async Task ThePurpose_IsTheOneThatIsAskedFor_UnlessTheTokenPinsOne()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Purposes = [PurposeOfUse.HRESCH] });
        var pinned = new Provider(hrms, drLee.Id, ProviderKind.Practitioner, await hrms.TokenAsync(practitioner: drLee.Id, purpose: PurposeOfUse.TREAT));

        Assert.Empty(await drLee.ExportsRecordsAsync(ana));
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana, PurposeOfUse.HRESCH));
        Assert.Empty(await pinned.ExportsRecordsAsync(ana, PurposeOfUse.HRESCH));
    }

    [Fact, Trait("Feature", "59")]
    public async Task Pages_HoldNoMoreThanIsAskedFor_AndTogetherEverythingOnce_InTheOrderOfTheList()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.ImportsToAsync(ana, Clinic.Bundle([.. Enumerable.Range(0, 23).Select(day => day % 5 == 4 ? Clinic.Diagnosis() : Clinic.LabResult($"2025-03-{day / 2 + 1:00}T08:00:00Z"))]));
        await ana.GrantsAsync(drLee, DataClass.Laboratory);

        var pages = await drLee.TurnsPagesAsync(ana, "?_count=5");

        Assert.Equal([5, 5, 5, 4], pages.Select(page => page.Records.Count));
        Assert.Equal(await drLee.SeesAsync(ana), pages.SelectMany(page => page.Records));
    }

    [Fact]
    public async Task Filters_AreThoseOfTheOperation()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (old, lab, stay) = (await ana.AddsAsync(Clinic.LabResult("2024-12-31T23:59:59Z")), await ana.AddsAsync(Clinic.LabResult("2025-01-31T12:00:00Z")), await ana.AddsAsync(Clinic.Stay("2025-02-01T00:00:00Z")));
        await ana.GrantsAsync(drLee, new Terms());
        var since = (await drLee.ExportsAsync(ana)).Single(resource => resource.IdOf() == lab).GetProperty("meta").GetProperty("lastUpdated").GetString()!;

        Assert.Equal([lab, old], await drLee.ExportsRecordsAsync(ana, query: "?_type=Observation"));
        Assert.Equal([stay, lab, old], await drLee.ExportsRecordsAsync(ana, query: "?_type=Observation,Encounter"));
        Assert.Equal([stay, lab, old], await drLee.ExportsRecordsAsync(ana, query: "?_type=Observation&_type=Encounter"));
        Assert.Equal([stay, lab], await drLee.ExportsRecordsAsync(ana, query: "?start=2025"));
        Assert.Equal([lab, old], await drLee.ExportsRecordsAsync(ana, query: "?end=2025-01"));
        Assert.Equal([lab], await drLee.ExportsRecordsAsync(ana, query: "?start=2025-01-31&end=2025-01-31"));
        Assert.Equal([stay, lab], await drLee.ExportsRecordsAsync(ana, query: $"?_since={Uri.EscapeDataString(since)}"));
        Assert.All(await drLee.ExportsAsync(ana, "?_type=Observation"), resource => Assert.Equal("Observation", resource.TypeOf()));
    }

    [Theory]
    [InlineData("?_summary=true", "http._summary"), InlineData("?_elements=id", "http._elements"), InlineData("?_type=Obs", "http._type"), InlineData("?_type=", "http._type")]
    [InlineData("?_count=0", "http._count"), InlineData("?_count=-1", "http._count"), InlineData("?_count=x", "http._count"), InlineData("?_count=1&_count=2", "http._count")]
    [InlineData("?_since=2025-01-01", "http._since"), InlineData("?_since=yesterday", "http._since"), InlineData("?start=2025-02-30", "http.start"), InlineData("?end=12:00", "http.end")]
    [InlineData("?purposeOfUse=TREET", "http.purposeOfUse"), InlineData("?after=x", "http.after"), InlineData("?after=r:1:2", "http.after"), InlineData("?after=a:-1", "http.after")]
    public async Task WhatCantBeMeant_IsRefusedWithItsPlace_AlikeForEverybody(string query, string place)
    {
        var (ana, ghost, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());

        var (refused, absent) = (await drLee.AsksForExportAsync(ana, query), await drLee.AsksForExportAsync(ghost, query));

        Assert.Equal((422, ("invalid", place)), (refused.Status, refused.Issue));
        Assert.Equal(absent.Bytes, refused.Bytes);
    }

    [Fact]
    public async Task WithoutAToken_OrForAnotherFormat_OrElsewhere_TheAnswerIsAnOperationOutcome()
    {
        var ana = await hrms.PatientAsync();

        using var nobody = await hrms.Http.GetAsync(new Uri($"fhir/Patient/{ana.Id}/$everything", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((401, ("login", (string?)null)), ((int)nobody.StatusCode, (await FhirPage.OfAsync(nobody)).Issue));
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Equal(406, (await ana.GetsAsync($"fhir/Patient/{ana.Id}/$everything", "application/fhir+xml")).Status);
        Assert.Equal(406, (await ana.GetsAsync($"fhir/Patient/{ana.Id}/$everything?_format=xml")).Status);
        Assert.Equal(200, (await ana.GetsAsync($"fhir/Patient/{ana.Id}/$everything?_format=json", "application/fhir+xml")).Status);
        Assert.Equal(200, (await ana.GetsAsync($"fhir/Patient/{ana.Id}/$everything", "application/xml, application/fhir+json;q=0.5")).Status);
        foreach (var elsewhere in new[] { "fhir", "fhir/Patient/1/$everything", $"fhir/Patient/{ana.Id}", "fhir/Observation" })
            Assert.Equal((404, "not-supported"), ((await ana.GetsAsync(elsewhere)).Status, (await ana.GetsAsync(elsewhere)).Issue.Code));
    }

    [Fact]
    public async Task APage_IsNoLargerThanItsLimit_ButHoldsAtLeastOneRecord()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var large = Enumerable.Range(0, 5).Select(i => Noted($"2025-03-0{5 - i}T08:00:00Z", i == 0 ? Limits.ExportPageBytesMax + 1 : Limits.ExportPageBytesMax / 2 - 10_000)).ToArray();
        foreach (var note in large)
            await ana.AddsAsync(note);
        await ana.GrantsAsync(drLee, new Terms());

        Assert.Equal([1, 2, 2], (await drLee.TurnsPagesAsync(ana)).Select(page => page.Records.Count));
    }

    private static JsonElement Noted(string at, int bytes)
    {
        var lab = System.Text.Json.Nodes.JsonNode.Parse(Clinic.LabResult(at).GetRawText())!.AsObject();
        lab["note"] = new System.Text.Json.Nodes.JsonArray();
        // A string of FHIR has a megabyte at most.
        for (; bytes > 0; bytes -= 500_000)
            lab["note"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["text"] = new string('x', Math.Min(bytes, 500_000)) });
        return JsonSerializer.SerializeToElement(lab);
    }

    private static string Without(JsonElement resource, string property)
    {
        var json = System.Text.Json.Nodes.JsonObject.Create(resource)!;
        json.Remove(property);
        return json.ToJsonString();
    }
}

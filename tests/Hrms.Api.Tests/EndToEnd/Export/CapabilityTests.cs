using System.Text.Json.Nodes;
using Hrms.Api.Tests.Fhir.Profiles;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>What the FHIR edge says of itself is so, and what it sends is FHIR by others' judgement.</summary>
public sealed class CapabilityTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "56")]
    public async Task TheStatement_IsForAnybody_IsFhir_AndEachOperationInItAnswers()
    {
        var ana = await hrms.PatientAsync();

        using var response = await hrms.Http.GetAsync(new Uri("fhir/metadata", UriKind.Relative), TestContext.Current.CancellationToken);

        var page = await FhirPage.OfAsync(response);
        var statement = JsonNode.Parse(page.Bytes)!;
        Assert.Equal((200, "application/fhir+json; charset=utf-8"), (page.Status, page.Type));
        Assert.Empty(ProfileValidator.Problems(statement));
        Assert.Equal(new Uri(hrms.Http.BaseAddress!, "fhir").AbsoluteUri, (string?)statement["implementation"]!["url"]);
        var operations = statement["rest"]![0]!["resource"]!.AsArray().SelectMany(resource => resource!["operation"]!.AsArray().Select(operation => ((string?)resource["type"], (string?)operation!["name"]))).ToList();
        Assert.Equal([("Patient", "everything")], operations);
        Assert.Equal(200, (await ana.GetsAsync($"fhir/Patient/{ana.Id}/$everything")).Status);
    }

    [Fact, Trait("Feature", "46"), Trait("Feature", "56"), Trait("Feature", "57")]
    public async Task WhatAPatientTakesHome_IsFhirByHl7sAndIhesProfiles()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult(label: "HIV"));
        await ana.GrantsAsync(drLee, new Terms { Purposes = [Contracts.PurposeOfUse.TREAT] });
        await ana.BlocksAsync(lab);
        await drLee.SeesAsync(ana);
        await drNo.TriesToReadAsync(ana, lab);
        await drLee.ExportsAsync(ana);

        var exported = await ana.ExportsAsync(ana);

        Assert.Equal(["AuditEvent", "Consent", "Observation", "Provenance"], exported.Select(Exports.TypeOf).Distinct().Order(StringComparer.Ordinal));
        Assert.All(exported, resource => Assert.Empty(ProfileValidator.Problems(JsonNode.Parse(resource.GetRawText())!)));
    }
}

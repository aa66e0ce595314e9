using System.Text.Json;
using Hrms.Contracts;
using static Hrms.Api.Tests.EndToEnd.Wishes;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What is sensitive, who says so, and who then sees it.</summary>
[Collection(nameof(TimeTravel))]
public sealed class LabelTests(HrmsFixture hrms)
{
    private static readonly object NothingRestricted = new { confidentialities = new[] { Confidentiality.N } };
    private const string RecordAdded = "subscription($id: ID!) { recordAdded(patient: $id) { id } }";

    [Fact, Trait("Feature", "6")]
    public async Task ConsentToNormalDataOnly_HidesWhatIsRestrictedEverywhere()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.PermitsAsync(Only(drLee), NothingRestricted);
        await using var his = await LiveStream.OpenAsync(hrms.Http, drLee, RecordAdded, new { id = ana.Id });
        var hiv = await ana.AddsAsync(Clinic.Finding("http://snomed.info/sct", "86406008", "HIV infection"));
        var restricted = await ana.AddsAsync(Clinic.LabResult(label: "R"));
        var tagged = await ana.AddsAsync(Clinic.LabResult(label: "HIV"));
        var normal = await ana.AddsAsync(Clinic.LabResult());

        Assert.Equal([normal], await drLee.SeesAsync(ana));
        Assert.Equal(1, (await drLee.ListsAsync(ana)).GetProperty("totalCount").GetInt32());
        Assert.Equal(normal, (await his.NextAsync()).GetProperty("recordAdded").GetProperty("id").GetGuid());
        foreach (var hidden in new[] { hiv, restricted, tagged })
        {
            Assert.Null(await drLee.ReadsAsync(ana, hidden));
            Assert.Null(await drLee.ReadsAsync(ana, hidden, version: 1));
            var aside = (await drLee.AsksAsync(
                "query($patient: ID!, $record: ID!, $reference: String!, $condition: String!) { patient(id: $patient) { recordVersions(id: $record) { id } a: reference(reference: $reference) { id } b: reference(reference: $condition) { id } } }",
                new { patient = ana.Id, record = hidden, reference = $"Observation/{hidden}", condition = $"Condition/{hidden}" })).Patient;
            Assert.All(aside.EnumerateObject(), part => Assert.Equal(JsonValueKind.Null, part.Value.ValueKind));
        }
        foreach (var label in new[] { "HIV", "R", "PSY" })
            Assert.Equal(0, (await drLee.ListsAsync(ana, where: new { label })).GetProperty("totalCount").GetInt32());
        Assert.Equal([hiv, tagged], await ana.SeesAsync(ana, where: new { label = "HIV" }));
    }

    [Fact, Trait("Feature", "6")]
    public async Task Diagnosis_OfAlcoholDependence_IsLabelledAtIntake_AndStaysSoWhenAmended()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var diagnosis = await ana.AddsAsync(Clinic.Finding("http://hl7.org/fhir/sid/icd-10-cm", "F10.20", "Alcohol dependence"));
        await ana.PermitsAsync(Only(drLee), null, Except(ProvisionType.Deny, null, new { labels = new[] { "ETH" } }));

        (await ana.AmendsAsync(ana, diagnosis, 1, Clinic.Diagnosis("A harmless text"))).Done();

        Assert.Equal("ETH", (await ana.ReadsAsync(ana, diagnosis))!.Value.GetProperty("labels")[0].GetString());
        Assert.Null(await drLee.ReadsAsync(ana, diagnosis));
        Assert.Null(await drLee.ReadsAsync(ana, diagnosis, version: 2));
    }

    [Fact, Trait("Feature", "6")]
    public async Task LabelThatThePatientAdds_HidesEveryVersion_UntilThePatientLowersIt()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        (await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 5.6))).Done();
        await ana.PermitsAsync(Only(drLee), NothingRestricted);
        Assert.NotNull(await drLee.ReadsAsync(ana, lab, version: 1));

        (await ana.LabelsAsync(lab, "SEX", "Nobody's business.")).Done();
        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Null(await drLee.ReadsAsync(ana, lab, version: 1));
        await hrms.ForgetAsync();
        Assert.Empty(await drLee.SeesAsync(ana));

        (await ana.LowersLabelAsync(ana, lab, "SEX", "It may be known.")).Done();
        Assert.Equal([lab], await drLee.SeesAsync(ana));
        var history = (await ana.AsksAsync(
            "query($patient: ID!, $record: ID!) { patient(id: $patient) { labelHistory(record: $record) { label step why by { id } } } }",
            new { patient = ana.Id, record = lab })).Patient.GetProperty("labelHistory").EnumerateArray().ToList();
        Assert.Equal(["ADDED", "LOWERED"], history.Select(change => change.GetProperty("step").GetString()));
        Assert.Equal("It may be known.", history[1].GetProperty("why").GetString());
        Assert.All(history, change => Assert.Equal(ana.Id, change.GetProperty("by").GetProperty("id").GetGuid()));
    }

    [Fact, Trait("Feature", "6")]
    public async Task LabelOfAnIntake_IsLoweredByAPrivacyOfficerWhoSeesTheRecord_AndByNobodyElse()
    {
        var (ana, officer, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult(label: "HIV"));
        await hospital.HasMemberAsync(hospital.Id, drLee);
        Assert.Equal("FORBIDDEN", (await ana.LowersLabelAsync(ana, lab, "HIV")).Refusal);
        await ana.PermitsAsync(new { organization = hospital.Id });
        Assert.Equal("NOT_FOUND", (await drLee.LowersLabelAsync(ana, lab, "HIV")).Refusal);
        Assert.Equal("NOT_FOUND", (await officer.LowersLabelAsync(ana, lab, "HIV")).Refusal);

        await hospital.HasMemberAsync(hospital.Id, officer, Limits.PrivacyOfficerRole);
        Assert.Equal(0, (await officer.LowersLabelAsync(ana, lab, "HIV", "The sample was another person's.")).Done().Payload.GetProperty("record").GetProperty("labels").GetArrayLength());

        (await ana.LabelsAsync(lab, "R")).Done();
        Assert.Equal("FORBIDDEN", (await officer.LowersLabelAsync(ana, lab, "R")).Refusal);
    }

    [Fact, Trait("Feature", "6"), Trait("Feature", "25")]
    public async Task PrivacyOfficer_WhoMayNotSeeTheRecord_LearnsNothingOfItsLabels()
    {
        var (ana, officer, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        await hospital.HasMemberAsync(hospital.Id, officer, Limits.PrivacyOfficerRole);
        var lab = await ana.AddsAsync(Clinic.LabResult(label: "HIV"));
        await ana.PermitsAsync(Only(officer), NothingRestricted);

        var replies = await Task.WhenAll(
            officer.LowersLabelAsync(ana, lab, "HIV"), officer.LowersLabelAsync(ana, lab, "PSY"), officer.LowersLabelAsync(ana, Guid.NewGuid(), "HIV"));

        Assert.Equal("NOT_FOUND", replies[0].Refusal);
        Assert.All(replies, reply => Assert.Equal(replies[0].Payload.ToString(), reply.Payload.ToString()));
    }
}

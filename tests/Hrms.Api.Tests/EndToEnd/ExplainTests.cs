using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Who can see this, and why; what a change would do; what was said before.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ExplainTests(HrmsFixture hrms)
{
    private const int Changes = 40;
    private const string Explanation = "permitted reason text consent consentVersion exception membershipsAssumed";

    [Fact, Trait("Feature", "26")]
    public async Task Explanation_IsTheDecisionThatWasTaken_NowAndForEveryPastLook()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var (ana, drLee, hospital) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        await hospital.HasMemberAsync(drLee);
        Guid[] records = [await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription())];
        List<Given> given = [];
        for (var i = 0; i < Changes; i++)
        {
            if (given.Count > 0 && random.Next(3) == 0)
            {
                await ana.RevokesAsync(given[0]);
                given.RemoveAt(0);
            }
            else
            {
                var (type, to) = (random.Next(3) == 0 ? ProvisionType.Deny : ProvisionType.Permit, random.Next(2) == 0 ? drLee : hospital);
                var terms = new Terms { Classes = random.Next(2) == 0 ? [DataClass.Laboratory] : [], Purposes = random.Next(2) == 0 ? [PurposeOfUse.TREAT] : [], Type = type };
                var input = terms.To(to, ana.Id, Guid.NewGuid());
                given.Add(Given.Of((await ana.SendsAsync("grantConsent", input, "consent { id version status streamVersion validUntil }")).Done()));
            }
            // The clock goes on between a change and a look.
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await drLee.ReadsAsync(ana, records[i % 2], purpose: i % 3 == 0 ? PurposeOfUse.HRESCH : PurposeOfUse.TREAT);
            hrms.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        var lines = (await ana.HistoryOfAsync(drLee)).Where(line => line.Operation == "record").ToList();

        Assert.Equal(Changes, lines.Count);
        Assert.Contains(lines, line => line.Permitted);
        Assert.Contains(lines, line => !line.Permitted);
        foreach (var line in lines)
        {
            var explained = await ExplainsAsync(ana, drLee, line.Purpose, line.Records[0].Id, line.At);
            Assert.True(
                (line.Permitted, line.Reason, Text(line.Json, "consent"), Text(line.Json, "consentVersion"))
                    == (explained.GetProperty("permitted").GetBoolean(), explained.GetProperty("reason").GetString(), Text(explained, "consent"), Text(explained, "consentVersion")),
                $"seed {seed}: {line.Json} is explained as {explained}");
        }
        var (now, latest) = (await ExplainsAsync(ana, drLee, lines[0].Purpose, lines[0].Records[0].Id, null), lines[0]);
        Assert.Equal((latest.Permitted, latest.Reason), (now.GetProperty("permitted").GetBoolean(), now.GetProperty("reason").GetString()));
    }

    [Fact, Trait("Feature", "26")]
    public async Task WhoCanSee_NamesWhomTheConsentsName_ToThePatientAlone()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms { Purposes = [PurposeOfUse.TREAT] });
        const string Question = "query($id: ID!, $record: ID!) { patient(id: $id) { whoCanSee(record: $record) { grantee { kind id } purposes explanation { permitted reason text } } } }";

        var viewers = (await ana.AsksAsync(Question, new { id = ana.Id, record = lab })).Patient.GetProperty("whoCanSee").EnumerateArray().ToList();

        var treats = Assert.Single(viewers, viewer => viewer.GetProperty("explanation").GetProperty("permitted").GetBoolean());
        Assert.Equal(drLee.Id, treats.GetProperty("grantee").GetProperty("id").GetGuid());
        Assert.Equal(["TREAT"], treats.GetProperty("purposes").EnumerateArray().Select(purpose => purpose.GetString()!));
        Assert.Contains("permits the practitioner", treats.GetProperty("explanation").GetProperty("text").GetString()!, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await drNo.AsksAsync(Question, new { id = ana.Id, record = lab })).Patient.GetProperty("whoCanSee").ValueKind);
    }

    [Fact, Trait("Feature", "26")]
    public async Task Preview_OfARevocation_TellsWhoLosesWhat_AndChangesNothing()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await drLee.ReadsAsync(ana, lab);

        var preview = (await ana.AsksAsync(
            """
            query($id: ID!, $input: PreviewConsentInput!) { patient(id: $id) { previewConsent(input: $input) {
              visibility { grantee { id } gains recordCount classes text } accesses { actor { id } gains accessCount text } allAccesses findings { kind } } } }
            """,
            new { id = ana.Id, input = new { consent = consent.Id } })).Patient.GetProperty("previewConsent");

        var loses = Assert.Single(preview.GetProperty("visibility").EnumerateArray());
        Assert.Equal((drLee.Id, false, 1), (loses.GetProperty("grantee").GetProperty("id").GetGuid(), loses.GetProperty("gains").GetBoolean(), loses.GetProperty("recordCount").GetInt32()));
        var access = Assert.Single(preview.GetProperty("accesses").EnumerateArray());
        Assert.Equal((false, 1), (access.GetProperty("gains").GetBoolean(), access.GetProperty("accessCount").GetInt32()));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "26")]
    public async Task Preview_LooksAtTheAccessesOfTheLastNinetyDays()
    {
        const string Preview = "query($id: ID!, $consent: ID!) { patient(id: $id) { previewConsent(input: { consent: $consent }) { visibility { gains } accesses { accessCount } } } }";
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));

        hrms.Clock.Advance(TimeSpan.FromDays(89));
        var within = (await ana.AsksAsync(Preview, new { id = ana.Id, consent = consent.Id })).Patient.GetProperty("previewConsent");
        hrms.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        var beyond = (await ana.AsksAsync(Preview, new { id = ana.Id, consent = consent.Id })).Patient.GetProperty("previewConsent");

        Assert.Equal(1, Assert.Single(within.GetProperty("accesses").EnumerateArray()).GetProperty("accessCount").GetInt32());
        Assert.Empty(beyond.GetProperty("accesses").EnumerateArray());
        Assert.Single(beyond.GetProperty("visibility").EnumerateArray());
    }

    [Fact, Trait("Feature", "21")]
    public async Task EveryVersion_IsReadableWithWhoWhenAndWhatChanged()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var began = hrms.Clock.GetUtcNow();
        var consent = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var amended = await ana.SendsAsync(
            "amendConsent",
            new
            {
                commandId = Guid.NewGuid(), patient = ana.Id, consent = consent.Id, expectedVersion = 1, grantee = new { practitioner = drLee.Id },
                purposes = new[] { "TREAT" }, data = new { classes = new[] { "LABORATORY" } },
            },
            "consent { version }");
        amended.Done();
        await ana.RevokesAsync(consent);
        const string Question = "query($id: ID!, $consent: ID!) { patient(id: $id) { consentVersions(consent: $consent) { version status at by { kind id } changes { place before after } rule { purposes } } } }";

        var versions = (await ana.AsksAsync(Question, new { id = ana.Id, consent = consent.Id })).Patient.GetProperty("consentVersions").EnumerateArray().ToList();

        Assert.Equal([1, 2, 3], versions.Select(version => version.GetProperty("version").GetInt32()));
        Assert.Equal(["ACTIVE", "ACTIVE", "REVOKED"], versions.Select(version => version.GetProperty("status").GetString()!));
        Assert.All(versions, version => Assert.Equal(ana.Id, version.GetProperty("by").GetProperty("id").GetGuid()));
        Assert.All(versions, version => Assert.InRange(version.GetProperty("at").GetDateTimeOffset(), began, hrms.Clock.GetUtcNow()));
        var change = Assert.Single(versions[1].GetProperty("changes").EnumerateArray());
        Assert.Equal(("terms.rule.purposes", "TREAT"), (change.GetProperty("place").GetString(), change.GetProperty("after").GetString()));
        Assert.Empty(versions[0].GetProperty("rule").GetProperty("purposes").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, (await drNo.AsksAsync(Question, new { id = ana.Id, consent = consent.Id })).Patient.GetProperty("consentVersions").ValueKind);
    }

    private static async Task<JsonElement> ExplainsAsync(Patient patient, Provider who, string purpose, Guid record, DateTimeOffset? at) => (await patient.AsksAsync(
        $"query($id: ID!, $input: ExplainInput!) {{ patient(id: $id) {{ explain(input: $input) {{ {Explanation} }} }} }}",
        new { id = patient.Id, input = new { who = new { practitioner = who.Id }, purpose, record, at } })).Patient.GetProperty("explain");

    private static string Text(JsonElement json, string property) => json.GetProperty(property).ToString();
}

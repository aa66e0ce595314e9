using Hrms.Contracts;
using static Hrms.Api.Tests.EndToEnd.Wishes;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Who withholds something from those who treat them is warned first; that they knew is kept.</summary>
[Trait("Feature", "24")]
public sealed class ImpactTests(HrmsFixture hrms)
{
    private const string Versions = "query($id: ID!, $consent: ID!) { patient(id: $id) { consentVersions(consent: $consent) { version impactAcknowledged } } }";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARestriction_NeedsTheAcknowledgement_WhichIsKeptWithItsVersion(bool anException)
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        var unwarned = await TriesAsync(false);
        Assert.Equal(("IMPACT_NOT_ACKNOWLEDGED", "impactAcknowledged"), (unwarned.Refusal, unwarned.Place));
        Assert.Empty((await ana.AsksAsync("query($id: ID!) { patient(id: $id) { consents { id } } }", new { id = ana.Id })).Patient.GetProperty("consents").EnumerateArray());

        var consent = Given.Of((await TriesAsync(true)).Done());
        await hrms.ForgetAsync();
        Assert.Equal([(1, true)], await VersionsAsync(ana, consent.Id));

        Task<Reply> TriesAsync(bool impactAcknowledged) => ana.SendsAsync(
            "grantConsent",
            new
            {
                commandId = Guid.NewGuid(), patient = ana.Id, grantee = Only(drLee), type = anException ? ProvisionType.Permit : ProvisionType.Deny,
                exceptions = anException ? new[] { Except(ProvisionType.Deny, null, new { labels = new[] { "PSY" } }) } : [], impactAcknowledged,
            },
            "consent { id version status streamVersion }");
    }

    [Fact]
    public async Task AnAmendmentThatRestricts_NeedsItToo_AndARevocationNever()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var consent = await ana.GrantsAsync(drLee, new Terms());

        Assert.Equal("IMPACT_NOT_ACKNOWLEDGED", (await AmendsAsync(null)).Refusal);
        (await AmendsAsync(true)).Done();
        Assert.Equal([(1, false), (2, true)], (await VersionsAsync(ana, consent.Id)).Order());
        Assert.Equal("REVOKED", (await ana.RevokesAsync(consent)).Status);

        Task<Reply> AmendsAsync(bool? impactAcknowledged) => ana.SendsAsync(
            "amendConsent",
            new { commandId = Guid.NewGuid(), patient = ana.Id, consent = consent.Id, expectedVersion = 1, type = ProvisionType.Deny, grantee = Only(drLee), impactAcknowledged },
            "consent { id }");
    }

    [Fact, Trait("Feature", "16")]
    public async Task ApprovingARequest_ButForSomeData_NeedsItToo()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var request = await drLee.RequestsAsync(ana, new Terms());
        var butForHiv = new { grantee = Only(drLee), exceptions = new[] { Except(ProvisionType.Deny, null, new { labels = new[] { "HIV" } }) } };

        var unwarned = await ana.ApprovesAsync(ana.Id, request, butForHiv);
        Assert.Equal(("IMPACT_NOT_ACKNOWLEDGED", "impactAcknowledged"), (unwarned.Refusal, unwarned.Place));
        Assert.Equal("REQUESTED", (await drLee.OwnRequestsAsync()).StatusOf(request));

        var consent = (await ana.ApprovesAsync(ana.Id, request, butForHiv, impactAcknowledged: true)).Done().Payload.GetProperty("consent").GetProperty("id").GetGuid();
        Assert.Equal([(1, true)], await VersionsAsync(ana, consent));
    }

    [Fact]
    public async Task BlockingARecord_NeedsIt()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var unwarned = await ana.SendsAsync("blockRecord", new { commandId = Guid.NewGuid(), patient = ana.Id, record = lab }, "consent { id }");

        Assert.Equal(("IMPACT_NOT_ACKNOWLEDGED", "impactAcknowledged"), (unwarned.Refusal, unwarned.Place));
    }

    private static async Task<IEnumerable<(int Version, bool Acknowledged)>> VersionsAsync(Patient patient, Guid consent) =>
        (await patient.AsksAsync(Versions, new { id = patient.Id, consent })).Patient.GetProperty("consentVersions").EnumerateArray()
            .Select(version => (version.GetProperty("version").GetInt32(), version.GetProperty("impactAcknowledged").GetBoolean()));
}

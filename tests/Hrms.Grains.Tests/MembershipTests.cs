using Hrms.Contracts;

namespace Hrms.Grains.Tests;

/// <summary>An organisation's members come and go; the patient need do nothing.</summary>
public sealed class MembershipTests(SiloFixture silo)
{
    [Fact, Trait("Feature", "2")]
    public async Task GrantToAnOrganization_FollowsItsMembers()
    {
        var (ana, self) = await silo.PatientAsync();
        var @operator = new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT);
        var (hospital, drLee) = (Guid.NewGuid(), new ProviderId(Guid.NewGuid()));
        var organization = silo.Grains.GetGrain<IProviderGrain>(hospital);
        await organization.RegisterAsync(new RegisterProvider(@operator, new ProviderDraft(new ProviderId(hospital), ProviderKind.Organization, "General", "urn:test", hospital.ToString())));
        var terms = new ConsentTerms(new Provision(ProvisionType.Permit, new Actor(ActorKind.Organization, hospital), [], [], DataFilter.All), [], Period.Always);
        Assert.True((await ana.GrantAsync(new GrantConsent(SiloFixture.Command(), self, terms))).Succeeded);

        Assert.False(await MayLookAsync(ana, drLee));
        await organization.ChangeMembershipAsync(new ChangeMembership(@operator, drLee, true));
        Assert.True(await MayLookAsync(ana, drLee));
        await organization.ChangeMembershipAsync(new ChangeMembership(@operator, drLee, false));
        Assert.False(await MayLookAsync(ana, drLee));
    }

    /// <summary>What the access history says of a look: the list itself is empty either way.</summary>
    private static async Task<bool> MayLookAsync(IPatientGrain patient, ProviderId practitioner)
    {
        await patient.SearchAsync(new RecordSearch(new Asker(Actor.Practitioner(practitioner), PurposeOfUse.TREAT), [], null, null, null, null, 10, null, false));
        var self = new Asker(new Actor(ActorKind.Patient, patient.GetPrimaryKey()), PurposeOfUse.PATRQT);
        var history = await patient.AccessHistoryAsync(new AccessHistoryQuery(self, practitioner.Value, null, null, null, null, 1, null));
        return Assert.Single(history.Value!.Lines).Decision.Permitted;
    }
}

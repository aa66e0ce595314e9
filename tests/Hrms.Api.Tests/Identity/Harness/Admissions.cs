using Hrms.Contracts;

namespace Hrms.Api.Tests.Identity;

/// <summary>The consortium lets an organisation in, told to its grain: for tests that are about something else.</summary>
internal static class Admissions
{
    public static async Task<InvitationView> AdmitAsync(this IGrainFactory grains, Guid organization, string name = "St. Mary's")
    {
        var (first, second) = (new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT), new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT));
        var (grain, id) = (grains.Grain<IProviderGrain>(organization), new ProviderId(organization));
        await grain.RegisterAsync(new RegisterProvider(first, new ProviderDraft(id, ProviderKind.Organization, name, "urn:test:registry", $"{organization:N}")));
        await grain.ProposeAdmissionAsync(new ProposeAdmission(first, MailDigest.Of(id, "admin@example.org")));
        return (await grain.AdmitAsync(new AdmitOrganization(new CommandId(Guid.NewGuid()), second, MailDigest.Of(id, "admin@example.org")))).Value!;
    }
}

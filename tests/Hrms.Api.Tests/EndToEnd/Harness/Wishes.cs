using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Consents in full: whoever they name, whatever they except.</summary>
public static class Wishes
{
    private const string ConsentFields = "consent { id version status streamVersion }";

    public static object Only(Provider practitioner) => new { practitioner = practitioner.Id };

    public static object Team(Guid careTeam) => new { careTeam };

    public static object RoleIn(Provider organization, string role) => new { role = new { organization = organization.Id, role } };

    public static object Everyone => new { anyone = true };

    public static object Except(ProvisionType type, object? grantee, object data) => new { type, grantee, data };

    public static async Task<Given> PermitsAsync(this Patient patient, object grantee, object? data = null, params object[] exceptions) =>
        Given.Of((await patient.TriesToAsync(ProvisionType.Permit, grantee, data, exceptions)).Done());

    public static async Task<Given> DeniesAsync(this Patient patient, object grantee, object data) =>
        Given.Of((await patient.TriesToAsync(ProvisionType.Deny, grantee, data)).Done());

    private static Task<Reply> TriesToAsync(this Patient patient, ProvisionType type, object grantee, object? data, params object[] exceptions) => patient.SendsAsync(
        "grantConsent", new { commandId = Guid.NewGuid(), patient = patient.Id, type, grantee, data, exceptions, impactAcknowledged = true }, ConsentFields);

    public static Task<Reply> LabelsAsync(this Patient patient, Guid record, string label, string? why = null, Guid? command = null) => patient.SendsAsync(
        "addLabel", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, record, label, why }, "record { labels version }");

    public static Task<Reply> LowersLabelAsync(this Party party, Patient patient, Guid record, string label, string why = "Marked by mistake.") => party.SendsAsync(
        "lowerLabel", new { commandId = Guid.NewGuid(), patient = patient.Id, record, label, why }, "record { labels version }");

    /// <summary>Takes a practitioner in with a role, or lets one go.</summary>
    public static async Task HasMemberAsync(this Provider organization, Guid group, Provider practitioner, string? role = null, bool member = true) => (await organization
        .SendsAsync("changeMembership", new { organization = group, practitioner = practitioner.Id, member, role }, "provider { members }")).Done();

    public static async Task<Guid> RegistersTeamAsync(this Provider organization, string name) => (await organization.SendsAsync(
            "registerProvider", new { kind = ProviderKind.CareTeam, name, identifierSystem = "urn:test:teams", identifierValue = $"{Guid.NewGuid():N}" }, "provider { id }"))
        .Done().Payload.GetProperty("provider").GetProperty("id").GetGuid();
}

using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What patients choose for their whole record, and who acts for them.</summary>
public static class Family
{
    private const string DelegationFields = "delegation { id delegate role level status until endedAt }";

    /// <summary>A child whom an operator registers with a guardian until it comes of age.</summary>
    public static async Task<(Patient Child, Guid Guardianship)> ChildAsync(this HrmsFixture hrms, Patient guardian, DateTimeOffset ofAge)
    {
        var clerk = await hrms.OperatorAsync();
        var registered = await clerk.SendsAsync(
            "registerPatient", new { commandId = Guid.NewGuid(), guardian = new { @delegate = guardian.Id, until = ofAge } }, "patient { id } guardianship");
        return (
            await hrms.PatientAsync(registered.Done().Payload.GetProperty("patient").GetProperty("id").GetGuid()),
            registered.Payload.GetProperty("guardianship").GetGuid());
    }

    /// <summary>The same person with a token that says on whose behalf they act.</summary>
    public static async Task<Patient> ActingForAsync(this HrmsFixture hrms, Patient person, Patient ward) =>
        new(hrms, person.Id, await hrms.TokenAsync(patient: person.Id, onBehalfOf: ward.Id));

    public static async Task<Guid> AppointsAsync(this Patient patient, Patient person, DelegateLevel level, DateTimeOffset? until = null) =>
        (await patient.TriesToAppointAsync(patient, person, level, until)).Done().Payload.GetProperty("delegation").GetProperty("id").GetGuid();

    public static Task<Reply> TriesToAppointAsync(this Party asker, Patient patient, Patient person, DelegateLevel level, DateTimeOffset? until = null) => asker.SendsAsync(
        "appointDelegate",
        new { commandId = Guid.NewGuid(), patient = patient.Id, @delegate = person.Id, role = DelegateRole.Representative, level, until }, DelegationFields);

    public static Task<Reply> TriesToEndAsync(this Party asker, Patient patient, Guid delegation) =>
        asker.SendsAsync("endDelegation", new { commandId = Guid.NewGuid(), patient = patient.Id, delegation }, DelegationFields);

    public static async Task<IReadOnlyList<JsonElement>> DelegationsAsync(this Party asker, Patient patient) => [.. (await asker.AsksAsync(
        "query($id: ID!) { patient(id: $id) { delegations { id delegate level status by { kind id } endedBy { id } } } }", new { id = patient.Id })).Patient
        .GetProperty("delegations").EnumerateArray()];

    /// <summary>Whom this person acts for, with the delegation, newest first.</summary>
    public static async Task<IReadOnlyList<(Guid Patient, Guid Delegation)>> WardsAsync(this Party person, Guid? after = null, int first = 25) => [.. (await person.AsksAsync(
        "query($after: ID, $first: Int!) { viewer { wards(after: $after, first: $first) { patient delegation role level from until } } }", new { after, first })).Data
        .GetProperty("viewer").GetProperty("wards").EnumerateArray().Select(ward => (ward.GetProperty("patient").GetGuid(), ward.GetProperty("delegation").GetGuid()))];

    public static Task<Reply> TriesToChooseAsync(this Party asker, Patient patient, DefaultPolicy policy, Guid? command = null) =>
        asker.SendsAsync("chooseDefaultPolicy", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, policy }, "policy { default }");

    public static Task<Reply> TriesToOptOutAsync(this Party asker, Patient patient, bool optedOut = true, bool? impactAcknowledged = true) =>
        asker.SendsAsync("changeOptOut", new { commandId = Guid.NewGuid(), patient = patient.Id, optedOut, impactAcknowledged }, "policy { optedOut }");
}

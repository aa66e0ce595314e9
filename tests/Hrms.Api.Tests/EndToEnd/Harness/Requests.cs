using System.Text.Json;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Asking for consents and answering.</summary>
public static class Requests
{
    private const string Fields = "id status message closedAt expiresAt consent by { kind id } rule { purposes classes }";

    public static Task<Reply> TriesToRequestAsync(
        this Party asker, Guid patient, Terms terms, Provider? to = null, Guid? command = null, DateTimeOffset? expiresAt = null) =>
        asker.SendsAsync("requestConsent", With(terms.To(to ?? (Provider)asker, patient, command ?? Guid.NewGuid()), new { message = "We plan your operation.", expiresAt }), $"request {{ {Fields} }}");

    public static async Task<Guid> RequestsAsync(this Provider asker, Patient patient, Terms terms) =>
        (await asker.TriesToRequestAsync(patient.Id, terms)).Done().Payload.GetProperty("request").GetProperty("id").GetGuid();

    public static Task<Reply> WithdrawsAsync(this Party asker, Guid request) =>
        asker.SendsAsync("withdrawConsentRequest", new { commandId = Guid.NewGuid(), request }, $"request {{ {Fields} }}");

    /// <param name="terms">What is given of it; null: all.</param>
    public static Task<Reply> ApprovesAsync(this Party patient, Guid of, Guid request, object? terms = null, bool? impactAcknowledged = null) => patient.SendsAsync(
        "approveConsentRequest", new { commandId = Guid.NewGuid(), patient = of, request, terms, impactAcknowledged }, "consent { id version status streamVersion rule { purposes classes } }");

    public static Task<Reply> RefusesAsync(this Party patient, Guid of, Guid request) =>
        patient.SendsAsync("refuseConsentRequest", new { commandId = Guid.NewGuid(), patient = of, request }, $"request {{ {Fields} }}");

    /// <summary>What a patient is asked for, newest first; null for who may not know.</summary>
    public static async Task<IReadOnlyList<JsonElement>?> SeesRequestsOfAsync(this Party party, Guid patient) =>
        (await party.AsksAsync($"query($id: ID!) {{ patient(id: $id) {{ consentRequests {{ {Fields} }} }} }}", new { id = patient }))
            .Patient.GetProperty("consentRequests") is { ValueKind: JsonValueKind.Array } requests ? [.. requests.EnumerateArray()] : null;

    /// <summary>What the asker has asked for, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> OwnRequestsAsync(this Party party) =>
        [.. (await party.AsksAsync($"{{ viewer {{ consentRequests {{ {Fields} }} }} }}")).Data.GetProperty("viewer").GetProperty("consentRequests").EnumerateArray()];

    public static string StatusOf(this IEnumerable<JsonElement> requests, Guid request) =>
        requests.Single(item => item.GetProperty("id").GetGuid() == request).GetProperty("status").GetString()!;

    private static Dictionary<string, object?> With(params IEnumerable<object> parts) => parts
        .SelectMany(part => JsonSerializer.SerializeToElement(part, Answer.Json).EnumerateObject())
        .Where(property => property.Name != "impactAcknowledged")
        .ToDictionary(property => property.Name, property => (object?)property.Value);
}

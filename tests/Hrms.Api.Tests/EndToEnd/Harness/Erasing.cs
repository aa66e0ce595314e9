using System.Text.Json;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Erasing a record, and what is left of it: a certificate.</summary>
public static class Erasing
{
    public static Task<Reply> TriesToEraseAsync(this Party asker, Patient patient, bool? impactAcknowledged = true, Guid? command = null) => asker.SendsAsync(
        "eraseRecord", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, impactAcknowledged }, "certificate { id erasedAt member }");

    public static async Task<JsonElement> ErasesAsync(this Patient patient) => (await patient.TriesToEraseAsync(patient)).Done().Payload.GetProperty("certificate");

    /// <summary>The certificate's bundle, once the ledger has it.</summary>
    public static async Task<string> ProvesErasureAsync(this Party asker, Guid certificate) => await Deadline.UntilAsync("a proof of the certificate", async () =>
    {
        var answer = await asker.AsksAsync("query($id: ID!) { erasureCertificate(id: $id) { id proof } }", new { id = certificate });
        return answer.Error == "WRONG_STATE" ? null : answer.Data.GetProperty("erasureCertificate").GetProperty("proof").GetString();
    });
}

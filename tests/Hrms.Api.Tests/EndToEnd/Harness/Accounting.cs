using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>One disclosure as the patient reads it.</summary>
public sealed record DisclosedTo(JsonElement Json)
{
    public DateTimeOffset At => Json.GetProperty("at").GetDateTimeOffset();

    public Guid Recipient => Json.GetProperty("recipient").GetProperty("actor").GetProperty("id").GetGuid();

    public string? Name => Json.GetProperty("recipient").GetProperty("name").GetString();

    public string? Address => Json.GetProperty("recipient").GetProperty("address").GetString();

    public IReadOnlyList<string> Organizations => [.. Json.GetProperty("recipient").GetProperty("organizations").EnumerateArray().Select(name => name.GetString()!)];

    public string Purpose => Json.GetProperty("purpose").GetString()!;

    public string Description => Json.GetProperty("description").GetString()!;

    public bool Exempt => Json.GetProperty("exempt").GetBoolean();

    public IReadOnlyList<Guid> Records => [.. Json.GetProperty("data").EnumerateArray().SelectMany(data => data.GetProperty("records").EnumerateArray()).Select(id => id.GetGuid())];
}

/// <summary>The accounting of disclosures, and official bodies that have it suspended.</summary>
public static class Accounting
{
    private const string Fields = "streamVersion at recipient { actor { kind id } name identifierValue address organizations } onBehalfOf { id } app purpose description exempt data { class resourceType records }";

    private const string Statement = "id body { id } form official statement statedAt at until by { kind }";

    /// <summary>The accounting of a period that begins with an event on the ledger, oldest first; waits until the ledger has the newest.</summary>
    public static async Task<IReadOnlyList<DisclosedTo>> AccountingAsync(this Patient patient, DateTimeOffset? from = null, DateTimeOffset? until = null) =>
        [.. (await patient.ExportsAllAsync(from, until)).GetProperty("disclosures").EnumerateArray().Select(disclosure => new DisclosedTo(disclosure))];

    /// <summary>Lines, disclosures, statements that are over, and the proof; when the ledger has all that there was.</summary>
    public static async Task<JsonElement> ExportsAllAsync(this Patient patient, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        await patient.WhenAnchoredAsync((await patient.HistoryAsync())[0].StreamVersion);
        return (await patient.AsksAsync(
            $"query($id: ID!, $from: DateTimeOffset, $until: DateTimeOffset) {{ patient(id: $id) {{ accessHistoryExport(from: $from, until: $until) {{ lines {{ {History.LineFields} }} "
            + $"disclosures {{ {Fields} }} suspensions {{ {Statement} }} firstVersion lastVersion proof }} }} }}",
            new { id = patient.Id, from, until })).Patient.GetProperty("accessHistoryExport");
    }

    public static Task<Reply> SuspendsAsync(
        this Party party, Patient patient, Provider body, DateTimeOffset statedAt, DateTimeOffset until, StatementForm form = StatementForm.Written, Guid? command = null) => party.SendsAsync(
        "suspendDisclosures",
        new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, body = body.Id, form, official = "Inspector Roe, County Police", statement = "File 7/2026", statedAt, until }, $"suspension {{ {Statement} }}");
}

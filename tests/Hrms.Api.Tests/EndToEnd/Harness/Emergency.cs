using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Breaking the glass, and what follows from it.</summary>
public static class Emergency
{
    private const string GlassFields = "id patient by { id } reason at until organizations review { status escalated finding note foundBy { id } closedBy { id } }";

    public static async Task<Guid> BreaksGlassAsync(this Party practitioner, Patient patient, int minutes = 30, DataClass[]? classes = null) =>
        (await practitioner.TriesToBreakGlassAsync(patient, minutes: minutes, classes: classes)).Done().Payload.GetProperty("glass").GetProperty("id").GetGuid();

    public static Task<Reply> TriesToBreakGlassAsync(
        this Party asker, Patient patient, string reason = "Unconscious, no relatives", int minutes = 30, DataClass[]? classes = null) => asker.SendsAsync(
        "breakGlass", new { commandId = Guid.NewGuid(), patient = patient.Id, reason, minutes, scope = classes is null ? null : new { classes } }, "glass { id at until }");

    public static Task<Reply> FindsAsync(this Party reviewer, Patient patient, Guid glass, GlassFinding finding = GlassFinding.Justified) => reviewer.SendsAsync(
        "recordGlassFinding", new { commandId = Guid.NewGuid(), patient = patient.Id, glass, finding, note = "Seen the notes" }, $"glass {{ {GlassFields} }}");

    public static Task<Reply> ClosesReviewAsync(this Party reviewer, Patient patient, Guid glass) =>
        reviewer.SendsAsync("closeGlassReview", new { commandId = Guid.NewGuid(), patient = patient.Id, glass }, $"glass {{ {GlassFields} }}");

    /// <summary>The queue as this party sees it: an organisation's, or without one the operators'.</summary>
    public static async Task<IReadOnlyList<JsonElement>> QueueAsync(this Party reviewer, Provider? organization = null, int first = 200) => [.. (await reviewer.AsksAsync(
        $"query($organization: ID) {{ glassReviews(organization: $organization, first: {first}) {{ {GlassFields} }} }}", new { organization = organization?.Id })).Data
        .GetProperty("glassReviews").EnumerateArray()];

    public static async Task<IReadOnlyList<JsonElement>> BrokenGlassesAsync(this Patient patient) => [.. (await patient.AsksAsync(
        $"query($id: ID!) {{ patient(id: $id) {{ brokenGlasses {{ {GlassFields} }} }} }}", new { id = patient.Id })).Patient.GetProperty("brokenGlasses").EnumerateArray()];

    /// <summary>What the patient is told, newest first.</summary>
    public static async Task<IReadOnlyList<string>> NoticesAsync(this Patient patient) => [.. (await patient.AsksAsync(
        "query($id: ID!) { patient(id: $id) { notices { kind } } }", new { id = patient.Id })).Patient.GetProperty("notices").EnumerateArray()
        .Select(notice => notice.GetProperty("kind").GetString()!)];

    public static Task HasOfficerAsync(this Provider organization, Provider officer) => organization.HasMemberAsync(organization.Id, officer, Limits.PrivacyOfficerRole);
}

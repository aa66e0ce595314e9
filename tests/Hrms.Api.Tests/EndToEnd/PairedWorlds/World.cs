using System.Text.RegularExpressions;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.PairedWorlds;

/// <summary>A product of its own with one doctor of one hospital in it, who has the same ids in every world.</summary>
public sealed partial class World : IAsyncDisposable
{
    private readonly HrmsFixture _hrms = new();

    private readonly Dictionary<PurposeOfUse, Provider> _doctors = [];

    public Provider Hospital { get; private set; } = null!;

    public async Task BeginAsync()
    {
        var clerk = await _hrms.OperatorAsync();
        var (doctor, hospital) = (await clerk.RegistersAsync(ProviderKind.Practitioner, "Dr Lee", "1"), await clerk.RegistersAsync(ProviderKind.Organization, "St. Mary's", "2"));
        foreach (var purpose in new[] { PurposeOfUse.TREAT, PurposeOfUse.HRESCH })
            _doctors[purpose] = new Provider(_hrms, doctor, ProviderKind.Practitioner, await _hrms.TokenAsync(practitioner: doctor, purpose: purpose));
        Hospital = new Provider(_hrms, hospital, ProviderKind.Organization, await _hrms.TokenAsync(organization: hospital));
        await Hospital.HasMemberAsync(Doctor(PurposeOfUse.TREAT));
    }

    /// <summary>The doctor, signed in for one purpose.</summary>
    public Provider Doctor(PurposeOfUse purpose) => _doctors[purpose];

    /// <summary>Everything up to the moment when the doctor asks.</summary>
    /// <param name="has">Which of the records there ever were.</param>
    public async Task<Patient> LivesAsync(Life life, Func<Guid, bool> has)
    {
        var clerk = await _hrms.OperatorAsync();
        var registered = await clerk.SendsAsync("registerPatient", new { commandId = life.Registration }, "patient { id }");
        var patient = await _hrms.PatientAsync(registered.Done().Payload.GetProperty("patient").GetProperty("id").GetGuid());
        foreach (var (command, resource) in life.Records.Where(record => has(record.Command)))
            (await patient.AddsToAsync(patient, resource, command)).Done();
        foreach (var (command, input) in life.Grants)
            (await patient.SendsAsync("grantConsent", input(command, patient.Id, Doctor(life.Purpose).Id, Hospital.Id), "consent { id }")).Done();
        foreach (var (command, _) in life.Blocked.Select(index => life.Records[index]).Where(record => has(record.Command)))
            await patient.BlocksAsync(IdOf(command));
        return patient;
    }

    public async Task<LiveStream> ListensAsync(Patient patient, PurposeOfUse purpose) => await LiveStream.OpenAsync(
        _hrms.Http, Doctor(purpose), "subscription($id: ID!, $purpose: PurposeOfUse) { recordAdded(patient: $id, purpose: $purpose) { id version class date labels recordedAt streamVersion } }",
        new { id = patient.Id, purpose });

    /// <summary>The id of the one record that a command adds.</summary>
    public static Guid IdOf(Guid command) => RecordId.From(new CommandId(command), 0).Value;

    /// <summary>An answer without its clocks: what is left must be equal.</summary>
    public static string Told(Answer answer) => $"{answer.Status} {Clocks().Replace(System.Text.Encoding.UTF8.GetString(answer.Bytes), "\"recordedAt\":0")}";

    public static string Told(JsonElement told) => Clocks().Replace(told.GetRawText(), "\"recordedAt\":0");

    /// <summary>A page of an export without its clocks and without the port that its world happens to listen at.</summary>
    public static string Told(FhirPage page) => $"{page.Status} {page.Type} {FhirClocks().Replace(Port().Replace(System.Text.Encoding.UTF8.GetString(page.Bytes), "http://world"), "\"$1\":0")}";

    public ValueTask DisposeAsync() => _hrms.DisposeAsync();

    [GeneratedRegex("\"recordedAt\":\"[^\"]*\"")]
    private static partial Regex Clocks();

    [GeneratedRegex("\"(lastUpdated|recorded)\":\"[^\"]*\"")]
    private static partial Regex FhirClocks();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Port();
}

using System.Globalization;
using System.Text;
using GraphQL.Types;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Access;

/// <summary>
/// However a question is nested, who may see a part of one patient sees nothing of the rest and nothing of a second one: no word, no id. And with the ids of what there is exchanged for ids of what
/// never was the answer has the same bytes. <c>HRMS_FUZZ_CASES</c> sets how many questions are drawn, <c>HRMS_SEED</c> which.
/// </summary>
[Trait("Feature", "65"), Trait("Feature", "66")]
public sealed class NestedQueryTests(HrmsFixture hrms, ITestOutputHelper output)
{
    /// <summary>In every text that the doctor must not see.</summary>
    private const string Mark = "zq7withheld", MarkOfBlocked = "zq7blocked", Shown = "zq7shown";

    /// <summary>Each caller asks so many, then another of the kind comes: none asks for more than a person's budget.</summary>
    private const int CasesOfOneCaller = 20;

    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("HRMS_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : 400;

    private Patient _ana = null!, _ben = null!;
    private Guid _blocked;
    private readonly List<Guid> _hidden = [], _open = [];

    [Fact]
    public async Task NoNestedQuestion_ShowsASecondPatient_OrAnythingWithheld()
    {
        await MakeAsync();
        var (random, schema) = (Seed.Random(output), (await hrms.HostAsync()).Services.GetRequiredService<ISchema>());
        var (answers, withData, withErrors) = (0, 0, 0);
        for (var i = 0; i < Cases; i += CasesOfOneCaller)
        {
            foreach (var isDoctor in new[] { true, false })
            {
                Party caller = isDoctor ? await DoctorAsync() : await hrms.AppOfAsync(await hrms.PatientAsync(_ana.Id), "patient/Observation.rs");
                // Her app for results sees those that she blocked for others.
                var (hidden, marks) = isDoctor ? (_hidden, new[] { Mark, MarkOfBlocked }) : ([.. _hidden.Where(id => id != _blocked)], new[] { Mark });
                var twins = hidden.ToDictionary(id => id, _ => Guid.NewGuid());
                Guid[] known = [_ana.Id, caller.Id, .. _open];
                var queries = new RandomQueries(schema, random, [.. hidden, .. known, .. _open, .. _open, .. _open], Words(hidden));
                for (var n = 0; n < CasesOfOneCaller / 2; n++)
                {
                    var query = queries.Next(_ana.Id);
                    var answer = await AskAsync(caller, query);
                    var twin = await AskAsync(caller, Exchanged(query, twins));
                    Assert.True(answer.Error is null or "INVALID" or "NOT_FOUND" or "FORBIDDEN" or "INSUFFICIENT_SCOPE" or "WRONG_STATE", $"{answer.Error} {answer.Message}\n{query}");
                    var told = Encoding.UTF8.GetString(answer.Bytes);
                    Assert.True(!marks.Any(mark => told.Contains(mark, StringComparison.OrdinalIgnoreCase)), $"What is withheld is shown.\n{query}\n{told}");
                    foreach (var id in hidden.Where(id => !query.Contains($"{id:D}", StringComparison.Ordinal)))
                        Assert.True(!told.Contains($"{id:D}", StringComparison.OrdinalIgnoreCase), $"The id of what is withheld is shown.\n{query}\n{told}");
                    Assert.True(
                        Exchanged(told, twins) == Encoding.UTF8.GetString(twin.Bytes), $"What is there and what is not answer differently.\n{query}\n{told}\n{Encoding.UTF8.GetString(twin.Bytes)}");
                    (answers, withData, withErrors) = (answers + 2, withData + (told.Contains(Shown, StringComparison.Ordinal) ? 1 : 0), withErrors + (answer.Error is null ? 0 : 1));
                }
            }
        }
        output.WriteLine($"{answers} answers, {withData} of {answers / 2} questions showed something, {withErrors} had errors");
        Assert.True(withData > answers / 2 / 20, "The seed made dull questions: hardly one showed what may be seen.");
    }

    /// <summary>One patient of whom the doctor may see a result, with something of everything else; and another of whom they may see nothing.</summary>
    private async Task MakeAsync()
    {
        (_ana, _ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        _open.Add(await _ana.AddsAsync(Marked(Clinic.LabResult("2025-03-01T08:00:00Z"), Shown)));
        _open.Add(await _ana.AddsAsync(Marked(Clinic.LabResult("2025-05-01T08:00:00Z"), Shown)));
        var pills = await _ana.AddsAsync(Marked(Clinic.Prescription("2025-03-02T08:00:00Z"), Mark));
        _blocked = await _ana.AddsAsync(Marked(Clinic.LabResult("2025-04-01T08:00:00Z", 9.9), MarkOfBlocked));
        var illness = await _ana.AddsAsync(Marked(Clinic.Finding("http://snomed.info/sct", "86406008", "Human immunodeficiency virus infection"), Mark));
        var (clinic, guardian) = (await hrms.OrganizationAsync(), await hrms.PatientAsync());
        _hidden.AddRange([pills, _blocked, illness, (await _ana.BlocksAsync(_blocked)).Id, (await _ana.EnrolsDeviceAsync(Mark)).Id, await _ana.AppointsAsync(guardian, DelegateLevel.View)]);
        _hidden.Add((await _ana.GrantsAsync(clinic, DataClass.Conditions)).Id);
        _hidden.Add(await clinic.RequestsAsync(_ana, new Terms { Classes = [DataClass.Imaging] }));
        await _ana.LabelsAsync(illness, "PSY", Mark);
        _hidden.Add(await _ben.AddsAsync(Marked(Clinic.LabResult("2025-03-03T08:00:00Z"), Mark)));
        _hidden.Add((await _ben.GrantsAsync(clinic, DataClass.Laboratory)).Id);
        _hidden.Add(_ben.Id);
    }

    private async Task<Provider> DoctorAsync()
    {
        var doctor = await hrms.PractitionerAsync();
        await _ana.GrantsAsync(doctor, new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.TREAT] });
        return doctor;
    }

    /// <summary>Texts by which something withheld could be found, and harmless ones.</summary>
    private string[] Words(IReadOnlyList<Guid> hidden) =>
    [
        "metformin", "860975", "4548-4", "86406008", "immunodeficiency", "HIV", "PSY", "R", "Encounter", "Observation", "MedicationRequest", "Condition", "Hemoglobin", "urn:test:registry", "",
        .. hidden.SelectMany(id => new[]
        {
            $"Observation/{id:D}", $"MedicationRequest/{id:D}", $"Condition/{id:D}", $"urn:uuid:{id:D}", $"{new DateTimeOffset(2025, 3, 2, 8, 0, 0, TimeSpan.Zero).Ticks}:{id:N}",
        }),
        .. _open.Select(id => $"Observation/{id:D}"),
    ];

    private static System.Text.Json.JsonElement Marked(System.Text.Json.JsonElement resource, string mark) =>
        System.Text.Json.JsonElement.Parse(resource.GetRawText().Replace("\"display\":\"", $"\"display\":\"{mark} ", StringComparison.Ordinal).Replace("\"text\":\"", $"\"text\":\"{mark} ", StringComparison.Ordinal));

    private static async Task<Answer> AskAsync(Party caller, string query) => await caller.AsksAsync(query);

    private static string Exchanged(string text, Dictionary<Guid, Guid> twins) => twins.Aggregate(
        text, (all, twin) => all.Replace($"{twin.Key:D}", $"{twin.Value:D}", StringComparison.Ordinal).Replace($"{twin.Key:N}", $"{twin.Value:N}", StringComparison.Ordinal));
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Hrms.TestKit;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.Privacy;

/// <summary>
/// One person's whole way through the product, from signing up to being erased, with everything that it can log and trace: nothing of the person and no token stands in logs, traces, metrics or errors,
/// nor anywhere on the disk but in the mails that were sent. Compliance P16, P36, P41.
/// </summary>
[Trait("Feature", "55"), Trait("Feature", "85")]
public sealed class CanaryJourneyTests(ITestOutputHelper output)
{
    private const string Family = "Quillfeather", Given = "Marigold", Street = "17 Bramblewick Row", Illness = "Planted diagnosis of the journey", Words = "planted-words-of-the-journey";
    private const double Weight = 71.8391746;
    /// <summary>What a stranger was answered: whatever they ask, nothing of the person is in it.</summary>
    private readonly List<string> _answers = [];

    [Fact]
    public async Task AWholeLife_LeavesNoWordAndNoToken_InLogsTracesMetricsErrorsOrOnDisk()
    {
        using var folder = new TemporaryFolder();
        using var telemetry = new Telemetry(folder["telemetry.log"]);
        await using var hrms = new HrmsFixture { Finest = LogLevel.Trace };
        using var person = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var code = await app.IsAllowedAsync(person);
        var tokens = await app.ExchangesAsync(code);
        var renewed = await app.RefreshesAsync(tokens.Refresh);
        var patient = await hrms.PatientAsync((await new Bearer(hrms, renewed.Access).ViewerAsync())!.Value, renewed.Access);

        var others = await LiveAsync(hrms, patient);
        await patient.ErasesAsync();

        string[] secrets = [code, tokens.Access, tokens.Refresh, renewed.Access, renewed.Refresh, tokens.Body.GetProperty("id_token").GetString()!, .. others, Person.Password];
        var canaries = Canaries.Of([], [.. Texts, person.Email, .. secrets]);
        await hrms.StopServersAsync();
        telemetry.Dispose();
        var spoken = await File.ReadAllLinesAsync(folder["telemetry.log"], TestContext.Current.CancellationToken);

        List<(string Place, byte[] Bytes)> places =
        [
            .. spoken.Select(text => (text.Split(':')[0], Encoding.UTF8.GetBytes(text))), .. _answers.Select(answer => ("a stranger's answer", Encoding.UTF8.GetBytes(answer))),
            .. Encoding.UTF8.GetString(await ReadAsync(hrms.LogFile)).Split('\n').Select(line => ($"the log: {line[..Math.Min(line.Length, 160)]}", Encoding.UTF8.GetBytes(line))),
            .. await Task.WhenAll(Files(hrms).Select(async file => (Path.GetRelativePath(hrms.DataFolder, file), await ReadAsync(file)))),
        ];
        output.WriteLine($"{canaries.Count} texts; {spoken.Length} texts of traces and metrics, {_answers.Count} answers to a stranger, {places.Count(place => place.Place.StartsWith("the log", StringComparison.Ordinal))} lines of log, {places.Count} places, {places.Sum(place => place.Bytes.LongLength) >> 20} MiB");
        Assert.True(spoken.Length > 100 && _answers.Count > 3 && places.Exists(place => place.Place.Contains("pg_wal", StringComparison.Ordinal)), "There is hardly anything to search.");
        // The search finds what is there: the mails are.
        Assert.Contains(Directory.EnumerateFiles(hrms.Outbox), mail => canaries.In(File.ReadAllBytes(mail)).Contains(person.Email));
        Assert.Contains(places, place => place.Place.StartsWith("the log: Trace", StringComparison.Ordinal));
        List<string> found = [.. places.SelectMany(place => canaries.In(place.Bytes).Select(text => $"'{text}' in {place.Place}")).Distinct().Take(20)];
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static string[] Texts =>
        [Family, Given, $"{Given} {Family}", Street, "Nethermoor", "QF-1931-77-204", "555-0192-8841", "1931-07-23", "23.07.1931", "07/23/1931", Illness, Words, Weight.ToString(CultureInfo.InvariantCulture)];

    /// <summary>All that a person's record goes through; and requests that are refused with the person's data in them.</summary>
    /// <returns>The tokens of those who took part.</returns>
    private async Task<IReadOnlyList<string>> LiveAsync(HrmsFixture hrms, Patient patient)
    {
        (await patient.ImportsToAsync(patient, Bundle)).Done();
        var (doctor, stranger, clinic) = (await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.OrganizationAsync());
        var consent = await patient.GrantsAsync(doctor, DataClass.Conditions);
        await patient.WhenAnchoredAsync(consent.StreamVersion);
        var seen = await doctor.SeesAsync(patient, where: new { text = Illness });
        await doctor.TriesToReadAsync(patient, Assert.Single(seen));
        Note(await stranger.AsksAsync("query($id: ID!) { patient(id: $id) { records(where: {code: \"44054006\"}) { totalCount nodes { content codes { display } } } overview { recordCount } devices { name } brokenGlasses { reason } consentRequests { message } } }", new { id = patient.Id }));
        Note(await stranger.AsksAsync($"{{ patient(id: \"{patient.Id}\") {{ record(id: \"{seen[0]}\") {{ content }} labelHistory(record: \"{seen[0]}\") {{ why }} accessHistory {{ nodes {{ operation }} }} }} }}"));
        Note((await stranger.AmendsAsync(patient, seen[0], 1, Clinic.LabResult())).Payload);
        Note((await stranger.AsksForExportAsync(patient)).Body);
        // As an address, which proxies and traces keep.
        using var onPurpose = Traffic.AddressesOnPurpose();
        await doctor.GetsAsync($"graphql?query={Uri.EscapeDataString($"{{patient(id:\"{patient.Id}\"){{records(where:{{text:\"{Illness}\"}}){{totalCount}}}}}}")}");
        await patient.AsksForExportAsync(patient, $"?name={Uri.EscapeDataString(Family)}");
        await patient.GetsAsync($"fhir/Patient?family={Family}&birthdate=1931-07-23");
        var watch = await patient.EnrolsDeviceAsync(Words);
        await watch.UploadsAsync($$"""{"samples":[{"kind":"body-mass","time":"2026-01-01T00:00:00Z","value":{{Weight.ToString(CultureInfo.InvariantCulture)}},"unit":"kg"},{"kind":"{{Words}}","time":"{{Words}}","value":1,"unit":"{{Words}}"}]}""", "journey");
        await watch.UploadsAsync($$"""{"samples":[{"note":"{{Words}}","value":"{{Words}}" """, "broken");
        await clinic.TriesToRequestAsync(patient.Id, new Terms { Classes = [DataClass.Imaging] });
        await stranger.TriesToBreakGlassAsync(patient, reason: Words);
        await patient.LabelsAsync(seen[0], "PSY", Words);
        await patient.ExportsAsync(patient);
        await patient.ProofAsync(consent.StreamVersion);
        await patient.ExportsHistoryAsync(null, null);
        // What somebody got wrong they are told; the log is not.
        foreach (var (right, wrong) in new[] { ("\"1931-07-23\"", $"\"{Given} {Family}, 1931-07-23\""), ("\"resourceType\":\"Condition\"", $"\"resourceType\":\"{Words}\""), ("\"telecom\"", $"\"{Family}\"") })
            await patient.ImportsToAsync(patient, JsonElement.Parse(Bundle.GetRawText().Replace(right, wrong, StringComparison.Ordinal)));
        await patient.AsksAsync($"{{ patient(id: \"{patient.Id}\") {{ {Family} }} }}");
        await patient.AsksAsync("query($id: ID!) { patient(id: $id) { id } }", new { id = $"{Given} {Family}" });
        await patient.RevokesAsync(consent);
        return [doctor.Token, stranger.Token, clinic.Token, watch.Token];
    }

    private void Note(Answer answer) => Note(answer.Body);

    private void Note(JsonElement answer) => _answers.Add(answer.GetRawText());

    private static IEnumerable<string> Files(HrmsFixture hrms) =>
        Directory.EnumerateFiles(hrms.DataFolder, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(hrms.Outbox, StringComparison.Ordinal) && new FileInfo(file).Length > 0);

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private static JsonElement Bundle => JsonSerializer.SerializeToElement(new
    {
        resourceType = "Bundle",
        type = "collection",
        entry = new object[]
        {
            new
            {
                resource = new
                {
                    resourceType = "Patient", name = new[] { new { family = Family, given = new[] { Given } } }, identifier = new[] { new { system = "urn:test:registry", value = "QF-1931-77-204" } },
                    telecom = new[] { new { system = "phone", value = "555-0192-8841" } }, address = new[] { new { line = new[] { Street }, city = "Nethermoor" } }, birthDate = "1931-07-23",
                },
            },
            new
            {
                resource = new
                {
                    resourceType = "Condition", code = new { coding = new[] { new { system = "http://snomed.info/sct", code = "44054006", display = Illness } } },
                    subject = new { display = $"{Given} {Family}" }, note = new[] { new { text = Words } },
                },
            },
        },
    });
}

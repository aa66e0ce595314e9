using System.Globalization;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Practitioners read single records, content included, that the patients' grants let them read: each step is a decision, an access line made durable, and
/// one record opened.
/// </summary>
internal sealed class RecordReads(RunningSystem system, int copies, int patientCount) : IScenario
{
    private const string Import =
        "mutation($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){records{id class} count errors{code message place}}}";

    private const string Grant =
        "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},purposes:[TREAT],data:{classes:[LABORATORY]}}){consent{id} errors{code message}}}";

    private const string Read = "query Read($p:ID!,$r:ID!){patient(id:$p){record(id:$r){id content}}}";
    private const int RecordsEach = 10;
    private const int PractitionerCount = 16;

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.Url))];
    private readonly int[] _steps = new int[copies];
    private Readable[] _readable = [];
    private IReadOnlyList<Party> _patients = [];
    private long _linesBefore;

    public string Name => "reads";

    public string Unit => "reads";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {patientCount} patients with {RecordsEach} records each and {PractitionerCount} practitioners whom they let read");
        var practitioners = await Population.PractitionersAsync(system, PractitionerCount, stop);
        _patients = await Population.PatientsAsync(system, patientCount, stop);
        var readable = new List<Readable>();
        await Population.ForEachAsync(system, [.. _patients.Select((patient, i) => (patient, practitioner: practitioners[i % practitioners.Count], seed: i))], async (client, one) =>
        {
            var patient = one.patient.Id.ToString("D");
            using var import = await client.AskAsync(
                one.patient.Token, Import, stop, ("c", Population.NewId()), ("p", patient), ("b", Observations(one.seed)));
            using var grant = await client.AskAsync(
                one.patient.Token, Grant, stop, ("c", Population.NewId()), ("p", patient), ("d", one.practitioner.Id.ToString("D")));
            var records = import.RootElement.GetProperty("data").GetProperty("importBundle").GetProperty("records").EnumerateArray()
                .Select(record => new Readable(patient, record.GetProperty("id").GetString()!, one.practitioner.Token)).ToList();
            lock (readable)
                readable.AddRange(records);
        }, stop);
        _readable = [.. readable];
        _linesBefore = await AccessLinesAsync(stop);
    }

    public async Task StepAsync(int copy, CancellationToken stop)
    {
        // A stride that is coprime with the count visits every record, and copies are never on the same patient for long.
        var target = _readable[(int)((copy * 7919L + Interlocked.Increment(ref _steps[copy]) * 104_729L) % _readable.Length)];
        using var answer = await _clients[copy].AskAsync(target.Token, Read, stop, ("p", target.Patient), ("r", target.Record));
        var record = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("record");
        if (record.ValueKind != JsonValueKind.Object || record.GetProperty("id").GetString() != target.Record || record.GetProperty("content").ValueKind == JsonValueKind.Null)
            throw new RequestFailedException($"Record {target.Record} was granted and did not come.");
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var (lines, reads) = (await AccessLinesAsync(stop) - _linesBefore, _steps.Sum(steps => (long)steps));
        var noted = new Threshold("every read has its access line", lines >= reads, $"{lines} lines, {reads} reads");
        return [noted, .. await LedgerCheck.RunAsync(system, _patients, progress, stop)];
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private async Task<long> AccessLinesAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(system.Database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("select count(*) from journal where kind = 2", connection);
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Blood glucose of some days: a plausible laboratory result of about 700 bytes.</summary>
    private static JsonElement Observations(int seed) => JsonSerializer.SerializeToElement(new
    {
        resourceType = "Bundle",
        type = "collection",
        entry = Enumerable.Range(0, RecordsEach).Select(i => new
        {
            fullUrl = $"urn:uuid:{Guid.NewGuid():D}",
            resource = new
            {
                resourceType = "Observation",
                status = "final",
                category = new[] { new { coding = new[] { new { system = "http://terminology.hl7.org/CodeSystem/observation-category", code = "laboratory", display = "Laboratory" } } } },
                code = new { coding = new[] { new { system = "http://loinc.org", code = "2339-0", display = "Glucose [Mass/volume] in Blood" } }, text = "Glucose" },
                effectiveDateTime = new DateTime(2024, 1 + (i % 12), 1 + (seed % 28), 8, 0, 0, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                valueQuantity = new { value = 80 + ((seed * 31 + i * 17) % 60), unit = "mg/dL", system = "http://unitsofmeasure.org", code = "mg/dL" },
            },
        }),
    });

    private sealed record Readable(string Patient, string Record, string Token);
}

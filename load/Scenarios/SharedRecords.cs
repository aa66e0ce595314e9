using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Scenarios;

/// <summary>A patient with records, and the practitioner whom they let read them.</summary>
internal sealed record SharedRecord(Party Patient, string Record, Party Practitioner);

/// <summary>Patients with records each, shared with a practitioner: what scenarios that read begin with.</summary>
internal static class SharedRecords
{
    public const int RecordsEach = 10;
    private const int PractitionerCount = 16;

    private const string Import =
        "mutation($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){records{id class} count errors{code message place}}}";

    private const string Grant =
        "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},purposes:[TREAT],data:{classes:[LABORATORY]}}){consent{id} errors{code message}}}";

    public static async Task<(IReadOnlyList<Party> Patients, IReadOnlyList<SharedRecord> Records)> PrepareAsync(
        RunningSystem system, int patientCount, Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {patientCount} patients with {RecordsEach} records each and {PractitionerCount} practitioners whom they let read");
        var practitioners = await Population.PractitionersAsync(system, PractitionerCount, stop);
        var patients = await Population.PatientsAsync(system, patientCount, stop);
        var shared = new SharedRecord[patientCount][];
        await Population.ForEachAsync(system, [.. Enumerable.Range(0, patientCount)],
            async (client, i) => shared[i] = await ShareAsync(client, patients[i], practitioners[i % practitioners.Count], RecordsEach, new Random(i), stop), stop);
        return (patients, [.. shared.SelectMany(some => some)]);
    }

    /// <summary>A patient brings records and lets a practitioner read them.</summary>
    public static async Task<SharedRecord[]> ShareAsync(GraphQLClient client, Party patient, Party practitioner, int count, Random random, CancellationToken stop)
    {
        var id = patient.Id.ToString("D");
        var bundle = PlausibleRecords.Bundle(Enumerable.Range(0, count).Select(_ => PlausibleRecords.LaboratoryResult(random)));
        using var import = await client.AskAsync(patient.Token, Import, stop, ("c", Population.NewId()), ("p", id), ("b", bundle));
        using var grant = await client.AskAsync(patient.Token, Grant, stop, ("c", Population.NewId()), ("p", id), ("d", practitioner.Id.ToString("D")));
        return [.. import.RootElement.GetProperty("data").GetProperty("importBundle").GetProperty("records").EnumerateArray()
            .Select(record => new SharedRecord(patient, record.GetProperty("id").GetString()!, practitioner))];
    }

    /// <summary>Access lines of all patients, counted in the database.</summary>
    public static async Task<long> AccessLinesAsync(RunningSystem system, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(system.Database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("select count(*) from journal where kind = 2", connection);
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }
}
